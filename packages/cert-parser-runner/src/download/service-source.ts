/**
 * The three-step service: access token, SFC token, list.
 *
 * @module
 */

import {
  type AuthenticatedSource,
  type Credentials,
  type Download,
  type DownloadProgress,
  err,
  ok,
  type PortResult,
  type Result,
  type Validators,
} from "cert-parser-core";
import type { ServiceSettings } from "../config/configuration.ts";
import { unexpectedBody } from "./http-body.ts";
import { exchange, type HttpAnswer, type HttpRequest } from "./http-exchange.ts";
import type { HttpFault } from "./http-fault.ts";
import { defaultRetryOptions, type RetryEvent, type RetryOptions, retrying } from "./retries.ts";
import { authenticate, download, login, type ServiceStep, type Step, stepError } from "./service-step.ts";
import { createSession } from "./session.ts";
import { type Deadline, deadlineIn, defaultOverallTimeoutMs } from "./time-limits.ts";
import { readAccessToken, readSfcToken } from "./token.ts";
import { conditionalHeaders, readValidators } from "./validators.ts";

/** Options of {@link createServiceSource}. */
export interface ServiceSourceOptions {
  /** How often and how late to try again, for each step by itself. */
  readonly retry?: Partial<RetryOptions>;
  /**
   * Longest time of the three steps of a run together, attempts and delays included. Default: ten times `timeoutMs` of
   * the settings, but no more than 15 minutes where that is enough for one attempt.
   */
  readonly overallTimeoutMs?: number;
  /** Longest silence within a body. Default: 30,000 ms, or `timeoutMs` of the settings if that is less. */
  readonly idleTimeoutMs?: number;
  /** The time, for the expiry of tokens. Default: the system's clock. */
  readonly now?: () => Date;
  /** Told of each attempt that failed and is repeated. */
  readonly onRetry?: (event: ServiceRetryEvent) => void;
}

/** A failed attempt that another one will follow. */
export interface ServiceRetryEvent extends RetryEvent {
  readonly step: ServiceStep;
}

/**
 * A source that logs in with the password grant, logs in at the service with the token, and downloads with both.
 *
 * Tokens are kept from run to run until shortly before they expire. Where the login or the download answers 401, both
 * are dropped, and the step is repeated once in the run with new ones. A run begins with `accessTokens.acquire`, and
 * its steps share a signal.
 *
 * Each method answers a result and never throws. No token and no password is in any message or cause.
 */
export function createServiceSource(
  settings: ServiceSettings,
  options: ServiceSourceOptions = {},
): AuthenticatedSource {
  const { timeoutMs } = settings;
  const {
    overallTimeoutMs = defaultOverallTimeoutMs(timeoutMs),
    idleTimeoutMs = Math.min(timeoutMs, 30_000),
  } = options;
  const { now = () => new Date(), onRetry } = options;
  const retry = { ...defaultRetryOptions, ...options.retry };
  const session = createSession(now);
  const runs = new WeakMap<AbortSignal, Run>();

  function beginRun(signal: AbortSignal): Run {
    const run: Run = { deadline: deadlineIn(overallTimeoutMs), signal, newAccessToken: null };
    runs.set(signal, run);
    return run;
  }

  const runOf = (signal: AbortSignal) => runs.get(signal) ?? beginRun(signal);

  /** Ends the run where a step of it failed. */
  async function ending<T>(run: Run, work: (run: Run) => PortResult<T>): PortResult<T> {
    const result = await work(run);
    if (!result.ok) runs.delete(run.signal);
    return result;
  }

  async function ask<T>(
    step: Step,
    request: HttpRequest,
    read: (answer: HttpAnswer) => Result<T, HttpFault>,
    { deadline, signal }: Run,
  ): PortResult<T> {
    const limits = { attemptMs: timeoutMs, idleMs: idleTimeoutMs, run: deadline };
    const answer = await retrying(() => exchange(request, limits, signal), retry, {
      signal,
      until: deadline.at,
      onRetry: (event) => onRetry?.({ ...event, step: step.name }),
    });
    if (!answer.ok) return err(stepError(step, request.url, answer.error));
    const value = read(answer.value);
    if (value.ok) return value;
    return err(stepError(step, request.url, { fault: value.error, attempts: 1, outOfTime: false }));
  }

  async function acquireAccessToken(run: Run): PortResult<string> {
    const kept = session.accessToken();
    if (kept !== null) return ok(kept);
    const token = await ask(
      authenticate,
      accessTokenRequest(settings),
      ({ body }) => readAccessToken(body),
      run,
    );
    if (!token.ok) return token;
    session.keepAccessToken(token.value);
    return ok(token.value.text);
  }

  async function acquireSfcToken(accessToken: string, run: Run): PortResult<string> {
    const kept = session.sfcToken(accessToken);
    if (kept !== null) return ok(kept);
    const request = sfcTokenRequest(settings, accessToken);
    const token = await ask(login, request, ({ body }) => readSfcToken(body), run);
    if (token.ok) session.keepSfcToken(token.value, accessToken);
    return token;
  }

  /** Does a step again with a new login, once in a run, where the service does not accept its tokens. */
  async function renewing<T>(
    step: Step,
    run: Run,
    accessToken: string,
    work: (accessToken: string, renewed: boolean) => PortResult<T>,
  ): PortResult<T> {
    const attempt = async (token: string, renewed: boolean) => {
      const result = await work(token, renewed);
      if (!result.ok && tokenRefusals.has(result.error.reason)) session.drop(token);
      return result;
    };
    const first = await attempt(accessToken, false);
    if (first.ok || first.error.reason !== "HTTP_401" || run.newAccessToken !== null) return first;

    const told = { reason: first.error.reason, message: "answered 401: logging in anew" };
    onRetry?.({ step: step.name, attempt: 1, ...told, delayMs: 0 });
    const renewed = await acquireAccessToken(run);
    if (!renewed.ok) return renewed;
    run.newAccessToken = renewed.value;
    return attempt(renewed.value, true);
  }

  async function downloadList(
    credentials: Credentials,
    known: Validators,
    progress: DownloadProgress,
    run: Run,
  ): PortResult<Download> {
    // After a new login, the SFC token goes with an access token that the caller has not seen.
    const first = run.newAccessToken ?? credentials.accessToken;
    return renewing(download, run, first, async (accessToken, renewed) => {
      const sfc = renewed ? await acquireSfcToken(accessToken, run) : ok(credentials.sfcToken);
      if (!sfc.ok) return sfc;
      const request = listRequest(settings, { accessToken, sfcToken: sfc.value }, known);
      return ask(download, { ...request, progress }, readList, run);
    });
  }

  return {
    accessTokens: { acquire: (signal) => ending(beginRun(signal), acquireAccessToken) },
    sfcTokens: {
      acquire: (accessToken, signal) =>
        ending(runOf(signal), (run) =>
          renewing(login, run, accessToken, (token) => acquireSfcToken(token, run)),
        ),
    },
    downloader: {
      download: async (credentials, signal, progress, known) => {
        const downloaded = await downloadList(credentials, known, progress, runOf(signal));
        runs.delete(signal);
        return downloaded;
      },
    },
  };
}

/** One pass through the three steps. */
interface Run {
  readonly deadline: Deadline;
  readonly signal: AbortSignal;
  /** The access token of a second login; null where one was enough. */
  newAccessToken: string | null;
}

function accessTokenRequest(settings: ServiceSettings): HttpRequest {
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

function sfcTokenRequest(settings: ServiceSettings, accessToken: string): HttpRequest {
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

function listRequest(
  settings: ServiceSettings,
  { accessToken, sfcToken }: Credentials,
  known: Validators,
): HttpRequest {
  return {
    method: "GET",
    url: settings.downloadUrl,
    headers: {
      accept: "application/octet-stream, */*",
      authorization: `Bearer ${accessToken}`,
      "x-sfc-authorization": `Bearer ${sfcToken}`,
      ...conditionalHeaders(known),
    },
    maxBytes: settings.maxBytes,
  };
}

function readList({ status, headers, body }: HttpAnswer): Result<Download, HttpFault> {
  if (status === 304) return ok({ modified: false });
  const fault = unexpectedBody(body);
  return fault === null
    ? ok({ modified: true, bytes: body, validators: readValidators(headers) })
    : err(fault);
}

// 403 too may come of a token that was given before a right was taken away or granted: the next run logs in anew.
const tokenRefusals: ReadonlySet<string> = new Set(["HTTP_401", "HTTP_403"]);

// Tokens travel in a header, where servers stop at 8 to 64 KiB.
const maxTokenBytes = 262_144;
