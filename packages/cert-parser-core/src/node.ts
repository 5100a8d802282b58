/**
 * What Node does faster than plain JavaScript; Deno and Bun have the same module.
 *
 * @module
 */

import { createHash, hash } from "node:crypto";
import type { Sha256, Sha256Stream } from "./bytes/digest.ts";

export { createNodeEngine, type NodeEngineOptions } from "./signatures/node-engine.ts";

/** SHA-256 by `node:crypto`, for every option called `sha256`. */
export const sha256: Sha256 = Object.assign((bytes: Uint8Array): string => hash("sha256", bytes, "hex"), {
  begin: beginSha256,
});

function beginSha256(): Sha256Stream {
  const digest = createHash("sha256");
  return {
    update: (bytes) => void digest.update(bytes),
    digest: () => digest.digest("hex"),
  };
}
