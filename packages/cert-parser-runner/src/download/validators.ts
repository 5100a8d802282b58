/**
 * Asks for a list only if it is another one than before. RFC 9110 sections 8.8 and 13.1.
 *
 * @module
 */

import type { Validators } from "cert-parser-core";

/** The headers that make a request conditional; none where nothing is known. */
export function conditionalHeaders({ etag, lastModified }: Validators): Readonly<Record<string, string>> {
  return {
    ...(isSendable(etag) ? { "if-none-match": etag } : {}),
    ...(isSendable(lastModified) ? { "if-modified-since": lastModified } : {}),
  };
}

/** Whether a request has such headers: to others, 304 is no answer. */
export function isConditional(headers: Readonly<Record<string, string>>): boolean {
  return "if-none-match" in headers || "if-modified-since" in headers;
}

/** What an answer says about its version, as it says it; what could not be sent back is left out. */
export function readValidators(headers: Headers): Validators {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    etag: isSendable(etag) ? etag : null,
    lastModified: isSendable(lastModified) ? lastModified : null,
  };
}

/** Fetch throws on other characters; and what is longer is no name of a version, but grows our requests. */
function isSendable(text: string | null): text is string {
  return text !== null && /^[\x21-\x7e](?:[\x20-\x7e]{0,510}[\x21-\x7e])?$/.test(text);
}
