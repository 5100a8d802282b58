/**
 * A TCP port on the command line.
 *
 * @module
 */

import { InvalidArgumentError } from "commander";

/** Reads a port; 0 stands for a free one. */
export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw new InvalidArgumentError("Expected a number from 0 to 65535.");
  return port;
}
