/**
 * What the parts of one file have in common while it is opened, and what opening a part gives.
 *
 * @module
 */

import type { Finding } from "../findings.ts";
import type { Bundle } from "./bundle.ts";
import type { PartReading } from "./parts.ts";

/** How a file, or a part of it, is opened. */
export interface Opening extends Omit<PartReading, "input" | "rejections"> {
  /** How many archives it is in. */
  readonly archives: number;
}

/** What a file, or a part of it, turned out to hold. */
export interface Contents extends Pick<Bundle, "kind" | "objects" | "directories"> {
  readonly findings: readonly Finding[];
}
