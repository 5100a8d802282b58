/**
 * One HTTP exchange, from the request to the last byte of the body: the only door to ky.
 *
 * Ky's own timeouts, retries and redirects are off. Its timeout ends with the headers and its retries know nothing of a
 * body that breaks midway; fetch, following a redirect, would take headers of ours to any host.
 *
 * @module
 */

import { type DownloadProgress, err, ok, type Result } from "cert-parser-core";
import ky from "ky";
import { publicUrl } from "../config/public-url.ts";
import { type BodyOptions, discardBody, readBody } from "./http-body.ts";
import { aborted, type HttpFault, networkFault } from "./http-fault.ts";
import { type TimeLimits, type TimeWatch, watchTime } from "./time-limits.ts";
import { isConditional } from "./validators.ts";

/** What is asked for. */
export interface HttpRequest extends BodyOptions {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back. */
export interface HttpAnswer {
  /** 2xx, or 304 where the request was conditional. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/**
 * Sends a request and reads the body of its answer. Never throws.
 *
 * An answer other than 2xx is a fault, and so is 304 to a request that was not conditional.
 */
export async function exchange(
  request: HttpRequest,
  limits: TimeLimits,
  signal: AbortSignal,
): Promise<Result<HttpAnswer, HttpFault>> {
  if (signal.aborted) return err(aborted);
  const watch = watchTime(limits, signal);
  const result = await answer(request, watch).catch((error: unknown) => err(networkFault(error)));
  watch.clear();

  // Whatever broke after the signal fired broke because of it.
  const fault = watch.fault();
  return result.ok || fault === null ? result : err(fault);
}

async function answer(request: HttpRequest, watch: TimeWatch): Promise<Result<HttpAnswer, HttpFault>> {
  const first = usableUrl(request.url);
  if (first === null) return err({ reason: "INVALID_URL", message: "is no usable URL", retry: false });

  let url = first;
  for (let redirects = 0; ; redirects++) {
    const response = await send(request, url, watch.signal);
    const location = redirectLocation(request, response);
    if (location === null) return await received(request, response, watch);

    discardBody(response);
    const target = redirectTarget(url, location);
    if (!target.ok) return target;
    if (redirects === maxRedirects) {
      return err({ reason: "REDIRECT_LIMIT", message: `redirects over ${maxRedirects} times`, retry: false });
    }
    url = target.value;
  }
}

function send(request: HttpRequest, url: URL, signal: AbortSignal): Promise<Response> {
  const { method, headers, body } = request;
  return ky(url, {
    method,
    headers: {
      "user-agent": "cert-parser-runner",
      // Coded bytes could not be counted against Content-Length.
      "accept-encoding": "identity",
      ...headers,
    },
    ...(body === undefined ? {} : { body }),
    redirect: "manual",
    retry: 0,
    signal,
    throwHttpErrors: false,
    timeout: false,
  });
}

async function received(
  request: HttpRequest,
  response: Response,
  { alive }: TimeWatch,
): Promise<Result<HttpAnswer, HttpFault>> {
  const { status, headers } = response;
  if (status === 304 && isConditional(request.headers)) {
    discardBody(response);
    return ok({ status, headers, body: new Uint8Array() });
  }

  // A part of the list, which nobody asked for, is not the list.
  if (response.ok && status !== 206) {
    const progress: DownloadProgress = (...figures) => {
      alive();
      request.progress?.(...figures);
    };
    const body = await readBody(response, { maxBytes: request.maxBytes, progress });
    return body.ok ? ok({ status, headers, body: body.value }) : body;
  }

  const oauthError = await readOauthError(response);
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), Date.now());
  return err({
    reason: `HTTP_${status}`,
    message: `answered ${status}${oauthError === undefined ? "" : ` (${oauthError})`}`,
    retry: status === 408 || status === 429 || status >= 500,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(oauthError === undefined ? {} : { oauthError }),
  });
}

/** RFC 6749 section 5.2. Only registered codes are taken: the rest of the body may repeat what we sent. */
async function readOauthError(response: Response): Promise<string | undefined> {
  const body = await readBody(response, { maxBytes: 16_384 });
  if (!body.ok) return undefined;
  return oauthErrors.find((code) => new TextDecoder().decode(body.value).includes(`"${code}"`));
}

/** Retry-After of RFC 9110 section 10.2.3, seconds or a date, as milliseconds from `now`. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function redirectLocation({ method }: HttpRequest, { status, headers }: Response): string | null {
  // 303 turns a POST into a GET, which no step of the protocol can mean.
  const followed = method === "GET" ? [301, 302, 303, 307, 308] : [301, 302, 307, 308];
  return followed.includes(status) ? headers.get("location") : null;
}

function redirectTarget(from: URL, location: string): Result<URL, HttpFault> {
  const target = usableUrl(location, from);
  if (target?.origin === from.origin) return ok(target);
  const where = target === null ? "an address that cannot be used" : publicUrl(target);
  const message = `redirects to ${where}, another origin, where tokens and passwords are not sent`;
  return err({ reason: "REDIRECT_ORIGIN", message, retry: false });
}

/** Fetch throws on a URL with a user name. */
function usableUrl(text: string, base?: URL): URL | null {
  const url = URL.parse(text, base);
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === "" ? url : null;
}

// Enough for a trailing slash, a moved path and a sticky node behind a balancer.
const maxRedirects = 5;

const oauthErrors = [
  "invalid_client",
  "invalid_grant",
  "invalid_request",
  "invalid_scope",
  "invalid_token",
  "unauthorized_client",
  "unsupported_grant_type",
] as const;
