/**
 * The tokens in the answers of the first two steps.
 *
 * @module
 */

import { err, ok, type Result } from "cert-parser-core";
import { unexpectedBody } from "./http-body.ts";
import type { HttpFault, HttpFaultReason } from "./http-fault.ts";

/** The access token of an OAuth token response. RFC 6749 section 5.1. */
export function readAccessToken(body: Uint8Array): Result<string, HttpFault> {
  const unexpected = unexpectedBody(body);
  if (unexpected !== null && unexpected.reason !== "JSON_BODY") return err(unexpected);

  const answer = parseJson(new TextDecoder().decode(body));
  if (answer === undefined) return err(fault("NOT_JSON", "answered with something other than JSON"));
  const token =
    answer !== null && typeof answer === "object" && "access_token" in answer ? answer.access_token : "";
  return toToken(typeof token === "string" ? token : "", "no access_token");
}

/** The SFC token: the text of the answer, or a JSON string. */
export function readSfcToken(body: Uint8Array): Result<string, HttpFault> {
  const unexpected = unexpectedBody(body);
  if (unexpected !== null && unexpected.reason !== "EMPTY_BODY") return err(unexpected);

  const text = new TextDecoder().decode(body).trim();
  const quoted = text.startsWith('"') ? parseJson(text) : text;
  return toToken(typeof quoted === "string" ? quoted : text, "no token");
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
