/**
 * The tokens in the answers of the first two steps.
 *
 * @module
 */

import { err, ok, type Result } from "cert-parser-core";
import { unexpectedBody } from "./http-body.ts";
import type { HttpFault, HttpFaultReason } from "./http-fault.ts";

/** An access token, and how long it holds. */
export interface AccessToken {
  readonly text: string;
  /** Null where the answer does not say. */
  readonly lifetimeMs: number | null;
}

/** The access token of an OAuth token response. RFC 6749 section 5.1. */
export function readAccessToken(body: Uint8Array): Result<AccessToken, HttpFault> {
  const unexpected = unexpectedBody(body);
  if (unexpected !== null && unexpected.reason !== "JSON_BODY") return err(unexpected);

  const answer = parseJson(new TextDecoder().decode(body));
  if (answer === undefined) return err(fault("NOT_JSON", "answered with something other than JSON"));
  const { access_token: text, expires_in: lifetime } = (answer ?? {}) as Readonly<Record<string, unknown>>;
  const token = toToken(typeof text === "string" ? text : "", "no access_token");
  return token.ok ? ok({ text: token.value, lifetimeMs: toLifetimeMs(lifetime) }) : token;
}

/** The SFC token: the text of the answer, or a JSON string. */
export function readSfcToken(body: Uint8Array): Result<string, HttpFault> {
  const unexpected = unexpectedBody(body);
  if (unexpected !== null && unexpected.reason !== "EMPTY_BODY") return err(unexpected);

  const text = new TextDecoder().decode(body).trim();
  const quoted = text.startsWith('"') ? parseJson(text) : text;
  return toToken(typeof quoted === "string" ? quoted : text, "no token");
}

/** Some providers write the number of seconds as text. */
function toLifetimeMs(seconds: unknown): number | null {
  const number = typeof seconds === "string" && /^\d{1,12}$/.test(seconds) ? Number(seconds) : seconds;
  return typeof number === "number" && number > 0 && Number.isFinite(number) ? number * 1000 : null;
}

function toToken(text: string, none: string): Result<string, HttpFault> {
  const token = text.trim();
  if (token === "") return err(fault("TOKEN_MISSING", `answered with ${none}`));
  // Fetch would throw on other characters, and its message shows the token.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    return err(fault("TOKEN_MALFORMED", "answered with a token that holds blanks or other characters"));
  }
  return ok(token);
}

/** Undefined for what is not JSON; the engine's error would quote the text, and the token with it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fault(reason: HttpFaultReason, message: string): HttpFault {
  return { reason, message, retry: false };
}
