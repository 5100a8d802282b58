/**
 * The three-step service: access token, SFC token, list.
 *
 * @module
 */

import {
  type AuthenticatedSource,
  err,
  ok,
  type PortError,
  type PortResult,
  type Result,
  type SyncErrorCode,
} from "cert-parser-core";
import type { ServiceSettings } from "../config/configuration.ts";
import { publicUrl } from "../config/public-url.ts";
import { unexpectedBody } from "./http-body.ts";
import { exchange, type HttpRequest } from "./http-exchange.ts";
import type { HttpFault, HttpFaultReason } from "./http-fault.ts";
import { defaultRetryOptions, type RetryEvent, type RetryOptions, retrying } from "./retries.ts";
import { readAccessToken, readSfcToken } from "./token.ts";

/** Options of {@link createServiceSource}. */
export interface ServiceSourceOptions {
  /** How often and how late to try again, for each step by itself. */
  readonly retry?: Partial<RetryOptions>;
  /** Told of each attempt that failed and is repeated. */
  readonly onRetry?: (event: ServiceRetryEvent) => void;
}

/** The stages of a run that talk to the service. */
export type ServiceStep = "authenticate" | "login" | "download";

/** A failed attempt that another one will follow. */
export interface ServiceRetryEvent extends RetryEvent {
  readonly step: ServiceStep;
}

/**
 * A source that logs in with the password grant, logs in at the service with the token, and downloads with both.
 *
 * Each method answers a result and never throws. No token and no password is in any message or cause.
 */
export function createServiceSource(
  settings: ServiceSettings,
  options: ServiceSourceOptions = {},
): AuthenticatedSource {
  const retry = { ...defaultRetryOptions, ...options.retry };
  const { timeoutMs, maxBytes } = settings;

  async function run<T>(
    step: Step,
    request: Omit<HttpRequest, "timeoutMs">,
    read: (body: Uint8Array) => Result<T, HttpFault>,
    signal: AbortSignal,
  ): PortResult<T> {
    const attempt = () => exchange({ ...request, timeoutMs }, signal);
    const body = await retrying(attempt, retry, signal, (event) =>
      options.onRetry?.({ ...event, step: step.name }),
    );
    if (!body.ok) return err(portError(step, request.url, body.error.fault, body.error.attempts));
    const value = read(body.value);
    return value.ok ? value : err(portError(step, request.url, value.error, 1));
  }

  return {
    accessTokens: {
      acquire: (signal) => run(authenticate, accessTokenRequest(settings), readAccessToken, signal),
    },
    sfcTokens: {
      acquire: (accessToken, signal) =>
        run(login, sfcTokenRequest(settings, accessToken), readSfcToken, signal),
    },
    downloader: {
      download: ({ accessToken, sfcToken }, signal, progress) => {
        const headers = {
          accept: "application/octet-stream, */*",
          authorization: `Bearer ${accessToken}`,
          "x-sfc-authorization": `Bearer ${sfcToken}`,
        };
        const request = { method: "GET", url: settings.downloadUrl, headers, maxBytes, progress } as const;
        return run(download, request, readList, signal);
      },
    },
  };
}

function accessTokenRequest(settings: ServiceSettings): Omit<HttpRequest, "timeoutMs"> {
  const form = new URLSearchParams({
    grant_type: "password",
    client_id: settings.clientId,
    client_secret: settings.clientSecret,
    username: settings.username,
    password: settings.password,
  });
  return {
    method: "POST",
    url: settings.authUrl,
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: form.toString(),
    maxBytes: maxTokenBytes,
  };
}

function sfcTokenRequest(settings: ServiceSettings, accessToken: string): Omit<HttpRequest, "timeoutMs"> {
  const { borderPostId, boxId, passengerControlType } = settings;
  return {
    method: "POST",
    url: settings.loginUrl,
    headers: {
      accept: "text/plain, application/json, */*",
      authorization: `Bearer ${accessToken}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ borderPostId, boxId, passengerControlType }),
    maxBytes: maxTokenBytes,
  };
}

function readList(bytes: Uint8Array): Result<Uint8Array, HttpFault> {
  const fault = unexpectedBody(bytes);
  return fault === null ? ok(bytes) : err(fault);
}

/** A fault of an exchange as an error of its port: which step, which URL, what to look at. */
function portError(step: Step, url: string, fault: HttpFault, attempts: number): PortError {
  const code = errorCode(step, fault);
  const tried = attempts > 1 ? ` after ${attempts} attempts` : "";
  const advice = code === "CANCELLED" ? "" : `: ${adviceOn(step, fault)}`;
  return {
    code,
    reason: fault.reason,
    message: `${step.title}: ${publicUrl(url)} ${fault.message}${tried}${advice}`,
    ...(fault.cause === undefined ? {} : { cause: fault.cause }),
  };
}

function errorCode(step: Step, { reason, oauthError }: HttpFault): SyncErrorCode {
  if (reason === "ABORTED") return "CANCELLED";
  if (reason === "INVALID_URL") return "CONFIGURATION_ERROR";
  // RFC 6749 section 5.2 answers a wrong password with 400.
  const refused = step.refusals.includes(reason) || (reason === "HTTP_400" && refusals.has(oauthError));
  return refused ? "AUTHENTICATION_ERROR" : "EXTERNAL_SERVICE_ERROR";
}

function adviceOn(step: Step, fault: HttpFault): string {
  if (/^HTTP_40[013]$/.test(fault.reason)) return step.whenRefused;
  if (/^HTTP_(3|404|405|410)/.test(fault.reason)) return `check ${step.setting}`;
  return advice[fault.reason]?.(step.setting) ?? "try again later, or ask who runs the service";
}

interface Step {
  readonly name: ServiceStep;
  readonly title: string;
  readonly setting: string;
  readonly refusals: readonly string[];
  readonly whenRefused: string;
}

const authenticate: Step = {
  name: "authenticate",
  title: "access token",
  setting: "AUTH_URL",
  refusals: ["HTTP_401", "HTTP_403"],
  whenRefused: "check AUTH_CLIENT_ID, AUTH_CLIENT_SECRET, AUTH_USERNAME and AUTH_PASSWORD",
};

const login: Step = {
  name: "login",
  title: "SFC login",
  setting: "LOGIN_URL",
  refusals: ["HTTP_401", "HTTP_403"],
  whenRefused:
    "check LOGIN_BORDER_POST_ID, LOGIN_BOX_ID, LOGIN_PASSENGER_CONTROL_TYPE and the rights of the user",
};

const download: Step = {
  name: "download",
  title: "download",
  setting: "DOWNLOAD_URL",
  refusals: [],
  whenRefused: "the tokens of both logins were not accepted; check DOWNLOAD_URL and the rights of the user",
};

const refusals: ReadonlySet<string | undefined> = new Set([
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
]);

const advice: Readonly<Partial<Record<HttpFaultReason, (setting: string) => string>>> = {
  CONNECTION_REFUSED: (setting) => `is the service up, and is ${setting} right?`,
  EMPTY_BODY: (setting) => `check ${setting}`,
  HTML_BODY: (setting) => `check ${setting}, and whether a proxy asks for a login`,
  INVALID_URL: (setting) => `check ${setting}`,
  JSON_BODY: (setting) => `check ${setting}`,
  NAME_NOT_FOUND: (setting) => `check ${setting}, the name server, and HTTPS_PROXY`,
  NOT_JSON: (setting) => `check ${setting}`,
  PORT_BLOCKED: (setting) => `check ${setting}`,
  REDIRECT_LIMIT: (setting) => `check ${setting}`,
  REDIRECT_ORIGIN: (setting) => `if that is the right place, set ${setting} to it`,
  TIMEOUT: () => "if the service is only slow, raise HTTP_TIMEOUT_SECONDS",
  TLS_ERROR: () => "name the file of your certificate authority in NODE_EXTRA_CA_CERTS",
  TOKEN_MALFORMED: (setting) => `check ${setting}`,
  TOKEN_MISSING: (setting) => `check ${setting}`,
  TOO_LARGE: (setting) => `check ${setting}, or raise MAX_DOWNLOAD_BYTES`,
  XML_BODY: (setting) => `check ${setting}`,
};

// Tokens travel in a header, where servers stop at 8 to 64 KiB.
const maxTokenBytes = 262_144;
