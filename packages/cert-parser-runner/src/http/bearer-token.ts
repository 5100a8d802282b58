/**
 * The one secret that a route asks for.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";

/** True when the header is `Bearer` with this token. The time it takes tells nothing of the token. */
export function bearsToken(authorization: string | undefined, token: string): boolean {
  const [, presented] = /^Bearer +(\S+) *$/i.exec(authorization ?? "") ?? [];
  if (presented === undefined) return false;
  // Digests are of one length, which timingSafeEqual asks for, and hide the token's own.
  return timingSafeEqual(digest(presented), digest(token));
}

function digest(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
