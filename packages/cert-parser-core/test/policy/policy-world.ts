/**
 * What a store knows, for tests of the trust policy.
 *
 * @module
 */

import { keySha256Of } from "../../src/chain/authority-index.ts";
import {
  type Known,
  type KnownPublisher,
  type KnownTrust,
  nothingTrusted,
} from "../../src/policy/judgment.ts";
import { engine, type Made } from "../chain/csca-world.ts";

/** What a store holds: nothing, but for what is given. */
export function known(trust: Partial<KnownTrust> = {}, fields: Partial<Known> = {}): Known {
  return {
    source: "default",
    listed: new Map(),
    bundleSha256: null,
    signingTime: null,
    validators: { etag: null, lastModified: null },
    trust: { ...nothingTrusted, ...trust },
    ...fields,
  };
}

/** SHA-256 of its key, lower-case hex. */
export function keyOf({ certificate }: Made): string {
  return keySha256Of(certificate.publicKey, engine);
}

/** A source with the pin of one publisher, and a signed list behind it. */
export function pinned(
  root: Made,
  fields: Partial<KnownPublisher> = {},
): Pick<KnownTrust, "publishers" | "wasSigned"> {
  const keySha256 = keyOf(root);
  const publisher = {
    keySha256,
    state: "approved",
    signingTime: null,
    contentSha256: null,
    ...fields,
  } as const;
  return { publishers: new Map([[keySha256, publisher]]), wasSigned: true };
}
