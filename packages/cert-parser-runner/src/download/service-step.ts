/**
 * The three steps of the service, and what a failure of each means to whoever runs the program.
 *
 * @module
 */

import type { PortError, SyncErrorCode } from "cert-parser-core";
import { publicUrl } from "../config/public-url.ts";
import type { HttpFault, HttpFaultReason } from "./http-fault.ts";
import type { RetriesExhausted } from "./retries.ts";

/** The stages of a run that talk to the service. */
export type ServiceStep = "authenticate" | "login" | "download";

/** What is particular about a step. */
export interface Step {
  readonly name: ServiceStep;
  /** As the beginning of a message. */
  readonly title: string;
  /** The setting that names its URL. */
  readonly setting: string;
  /** Reasons that speak of the credentials, not of the service. */
  readonly refusals: readonly string[];
  /** What to look at then. */
  readonly whenRefused: string;
}

/** A fault of an exchange as an error of its port: which step, which URL, what to look at. */
export function stepError(
  step: Step,
  url: string,
  { fault, attempts, outOfTime }: RetriesExhausted,
): PortError {
  const code = errorCode(step, fault);
  const tried = attempts > 1 ? ` after ${attempts} attempts` : "";
  const late = outOfTime ? ", with no time left for another attempt" : "";
  const advice = code === "CANCELLED" ? "" : `: ${adviceOn(step, fault)}`;
  return {
    code,
    reason: fault.reason,
    message: `${step.title}: ${publicUrl(url)} ${fault.message}${tried}${late}${advice}`,
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

/** First step: the access token of the identity provider. */
export const authenticate: Step = {
  name: "authenticate",
  title: "access token",
  setting: "AUTH_URL",
  refusals: ["HTTP_401", "HTTP_403"],
  whenRefused: "check AUTH_CLIENT_ID, AUTH_CLIENT_SECRET, AUTH_USERNAME and AUTH_PASSWORD",
};

/** Second step: the token of the service. */
export const login: Step = {
  name: "login",
  title: "SFC login",
  setting: "LOGIN_URL",
  refusals: ["HTTP_401", "HTTP_403"],
  whenRefused:
    "check LOGIN_BORDER_POST_ID, LOGIN_BOX_ID, LOGIN_PASSENGER_CONTROL_TYPE and the rights of the user",
};

/** Third step: the list. */
export const download: Step = {
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
  IDLE_TIMEOUT: () => "if the service is only slow, raise HTTP_TIMEOUT_SECONDS",
  INVALID_URL: (setting) => `check ${setting}`,
  JSON_BODY: (setting) => `check ${setting}`,
  NAME_NOT_FOUND: (setting) => `check ${setting}, the name server, and HTTPS_PROXY`,
  NOT_JSON: (setting) => `check ${setting}`,
  OVERALL_TIMEOUT: () => "if the service is only slow, raise HTTP_TIMEOUT_SECONDS",
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
