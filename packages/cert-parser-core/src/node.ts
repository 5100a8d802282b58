/**
 * What Node does faster than plain JavaScript; Deno and Bun have the same module.
 *
 * @module
 */

import { hash } from "node:crypto";
import type { Sha256 } from "./bytes/digest.ts";

/** SHA-256 by `node:crypto`, for every option called `sha256`. */
export const sha256: Sha256 = (bytes) => hash("sha256", bytes, "hex");
