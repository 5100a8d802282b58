/**
 * One certificate or CRL of a file, by its SHA-256 or its position.
 *
 * @module
 */

import type { Bundle, Rejection } from "cert-parser-core";
import { formatQuantity } from "../log/figures.ts";
import { partNames } from "../log/part-names.ts";
import { failure, misuse } from "./failure.ts";

/** What was asked for. */
export interface Selected<T> {
  /** Undefined where that is a rejection and nothing else. */
  readonly part: T | undefined;
  /** All positions of it: the same certificate may stand in a file more than once. */
  readonly positions: readonly number[];
  /** What was rejected at that position, counted as rejections count, or has that SHA-256. */
  readonly rejections: readonly Rejection[];
}

/** Finds a part among `parts`. Throws a failure where there is none, a misuse where several are meant. */
export function selectPart<T extends { readonly sha256: string }>(
  which: string,
  parts: readonly T[],
  { bundle, file, kind }: SelectionContext,
): Selected<T> {
  const rejected = bundle.objects
    .flatMap(({ rejections }) => rejections)
    .filter((rejection) => rejection.kind === kind);
  const position = positionOf(which);
  if (position === undefined) {
    const digits = digestOf(which, kind);
    return selectByDigest(digits, parts, rejected) ?? notFound(`of SHA-256 ${digits}`, parts, kind, file);
  }
  const rejections = rejected.filter(({ index }) => index === position);
  const part = parts[position];
  if (part !== undefined) return { part, positions: [position], rejections };
  if (rejections.length > 0) return { part, positions: [], rejections };
  return notFound(`at position ${position}`, parts, kind, file);
}

/** Where parts are looked for. */
export interface SelectionContext {
  readonly bundle: Bundle;
  /** What the user called it. */
  readonly file: string;
  readonly kind: "certificate" | "crl";
}

/** Digits alone, and fewer than a digest is asked for in. */
function positionOf(which: string): number | undefined {
  return /^\d{1,7}$/.test(which) ? Number(which) : undefined;
}

/** As OpenSSL prints it too: `sha256 Fingerprint=3F:29:...`. */
function digestOf(which: string, kind: SelectionContext["kind"]): string {
  const digits = which.replace(/^.*=/, "").replace(/[:\s]/g, "").toLowerCase();
  if (/^[0-9a-f]{8,64}$/.test(digits)) return digits;
  throw misuse(
    `--${kind} wants a position, from 0, or a SHA-256 of 64 hex digits, of which the first 8 are enough; ` +
      `inspect FILE --ndjson --all shows both`,
  );
}

function selectByDigest<T extends { readonly sha256: string }>(
  digits: string,
  parts: readonly T[],
  rejected: readonly Rejection[],
): Selected<T> | undefined {
  const positions: number[] = [];
  const digests = new Set<string>();
  for (const [position, { sha256 }] of parts.entries()) {
    if (!sha256.startsWith(digits)) continue;
    positions.push(position);
    digests.add(sha256);
  }
  const rejections = rejected.filter(({ sha256 }) => sha256.startsWith(digits));
  for (const { sha256 } of rejections) digests.add(sha256);
  if (digests.size > 1) {
    const shown = [...digests].slice(0, 3).join(", ");
    throw misuse(`${digests.size} have a SHA-256 that begins with ${digits}, give more of it: ${shown}`);
  }
  const part = parts[positions[0] ?? -1];
  return digests.size === 0 ? undefined : { part, positions, rejections };
}

function notFound(
  which: string,
  parts: readonly unknown[],
  kind: SelectionContext["kind"],
  file: string,
): never {
  const name = partNames[kind];
  const last = parts.length === 0 ? "" : `, positions 0 to ${parts.length - 1}`;
  throw failure(
    {
      code: "INSPECT_ERROR",
      reason: kind === "crl" ? "CRL_NOT_FOUND" : "CERTIFICATE_NOT_FOUND",
      message: `no ${name} ${which} among ${formatQuantity(parts.length, name)}${last}: see --ndjson --all`,
    },
    file,
  );
}
