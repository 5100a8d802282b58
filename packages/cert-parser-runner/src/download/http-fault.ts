/**
 * Why an HTTP exchange failed, in words of our own that hold on every runtime.
 *
 * @module
 */

import { publicUrl } from "../config/public-url.ts";

/** What went wrong, stable across versions and runtimes. `HTTP_401` and the like name the status of the answer. */
export type HttpFaultReason =
  | `HTTP_${number}`
  /** The caller's signal was aborted. */
  | "ABORTED"
  /** The other side closed the connection before it answered. */
  | "CONNECTION_CLOSED"
  /** Nothing listens there. */
  | "CONNECTION_REFUSED"
  /** No body in an answer that should have one. */
  | "EMPTY_BODY"
  /** A web page in place of what was asked for. */
  | "HTML_BODY"
  /** The body began, and then no byte came for too long. */
  | "IDLE_TIMEOUT"
  /** The URL is none, or carries a user name. */
  | "INVALID_URL"
  /** A JSON document in place of what was asked for. */
  | "JSON_BODY"
  /** The host name is not known. */
  | "NAME_NOT_FOUND"
  /** Any other failure of the network. */
  | "NETWORK_ERROR"
  /** Something else in place of a JSON document. */
  | "NOT_JSON"
  /** The time for the whole run was over. */
  | "OVERALL_TIMEOUT"
  /** A port of another protocol, where fetch never sends HTTP ("bad port" of the Fetch standard). */
  | "PORT_BLOCKED"
  /** Too many redirects in a row. */
  | "REDIRECT_LIMIT"
  /** A redirect to another scheme, host or port, where our credentials do not belong. */
  | "REDIRECT_ORIGIN"
  /** No complete answer in time. */
  | "TIMEOUT"
  /** The server's certificate is not trusted, or TLS failed otherwise. */
  | "TLS_ERROR"
  /** The token holds characters that no HTTP header may carry. */
  | "TOKEN_MALFORMED"
  /** The answer holds no token. */
  | "TOKEN_MISSING"
  /** More bytes than the limit. */
  | "TOO_LARGE"
  /** The body ended before it was complete. */
  | "TRUNCATED_BODY"
  /** An XML document in place of what was asked for. */
  | "XML_BODY";

/** One failed exchange. It holds no secret. */
export interface HttpFault {
  readonly reason: HttpFaultReason;
  /** What happened, as the end of a sentence that begins with the URL: "answered 503". */
  readonly message: string;
  /** True when another attempt may end better. */
  readonly retry: boolean;
  /** How long the server asks to wait before that. */
  readonly retryAfterMs?: number;
  /** The error code of RFC 6749 section 5.2, when the answer holds one. */
  readonly oauthError?: string;
  /** The error underneath, cleared of queries and credentials. */
  readonly cause?: Error;
}

/** The fault of an exchange that was cancelled. */
export const aborted: HttpFault = Object.freeze({
  reason: "ABORTED",
  message: "was cancelled",
  retry: false,
});

/** Turns what fetch threw into a fault. Runtimes agree neither on codes nor on texts, so both are looked at. */
export function networkFault(error: unknown): HttpFault {
  const chain = causes(error);
  // Without URLs: a path such as /certificates is no sign of a TLS fault.
  const text = chain.map(({ code, message }) => `${code ?? ""} ${message.replace(urls, "")}`).join("\n");
  const [, reason, what, retry] = kinds.find(([pattern]) => pattern.test(text)) ?? anyOther;
  const cause = publicCause(chain);
  const message = cause.code === undefined ? what : `${what} (${cause.code})`;
  return { reason, message, retry, cause };
}

/** The fault of a body that broke off. */
export function truncatedBody(message: string, error?: unknown): HttpFault {
  const cause = error === undefined ? {} : { cause: publicCause(causes(error)) };
  return { reason: "TRUNCATED_BODY", message, retry: true, ...cause };
}

interface Cause {
  readonly code: string | undefined;
  readonly message: string;
}

function causes(error: unknown): readonly Cause[] {
  const chain: Cause[] = [];
  // Undici nests three deep; the bound is for an error that is its own cause.
  for (let next = error; next instanceof Error && chain.length < 8; next = causeOf(next)) {
    const { code } = next as NodeJS.ErrnoException;
    chain.push({ code: typeof code === "string" ? code : undefined, message: next.message });
  }
  return chain;
}

function causeOf(error: Error): unknown {
  // Both address families were tried: the first says as much as the second.
  return error instanceof AggregateError ? (error.cause ?? error.errors[0]) : error.cause;
}

/** The innermost cause as an error of our own: those of ky, Deno and Bun carry the request or its whole URL. */
function publicCause(chain: readonly Cause[]): Error & { readonly code?: string } {
  const { code, message } = chain.findLast((cause) => cause.code !== undefined) ?? chain.at(-1) ?? unknown;
  const publicMessage = message.replace(urls, (url) => publicUrl(url));
  return Object.assign(new Error(publicMessage), code === undefined ? {} : { code });
}

type Kind = readonly [pattern: RegExp, reason: HttpFaultReason, message: string, retry: boolean];

const kinds: readonly Kind[] = [
  [
    /ECONNREFUSED|ConnectionRefused|connection refused/i,
    "CONNECTION_REFUSED",
    "refuses the connection",
    true,
  ],
  [
    /ENOTFOUND|EAI_AGAIN|dns error|failed to lookup|DNSResolve/i,
    "NAME_NOT_FOUND",
    "is on a host whose name is not known",
    true,
  ],
  // A certificate does not become valid within seconds.
  [
    /CERT_|_CERT|CERTIFICATE|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL/i,
    "TLS_ERROR",
    "failed in TLS, or shows a certificate that is not trusted",
    false,
  ],
  [/bad port/i, "PORT_BLOCKED", "is on a port of another protocol, where HTTP is never sent", false],
  [/ETIMEDOUT|TIMEOUT|timed out/i, "TIMEOUT", "gave no answer in time", true],
  [
    /ECONNRESET|EPIPE|UND_ERR_SOCKET|ConnectionClosed|connection (closed|reset)|other side closed|socket/i,
    "CONNECTION_CLOSED",
    "closed the connection without an answer",
    true,
  ],
  // The last resort of Bun, which tells no reason.
  [/FailedToOpenSocket|Unable to connect/i, "CONNECTION_REFUSED", "cannot be connected to", true],
];

const urls = /https?:\/\/[^\s()"']+/g;
const anyOther: Kind = [/./, "NETWORK_ERROR", "could not be reached", true];
const unknown: Cause = { code: undefined, message: "unknown error" };
