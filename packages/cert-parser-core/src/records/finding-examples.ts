/**
 * One finding of each code, with the place where it was made.
 *
 * @module
 */

import type { Finding, FindingCode, Origin } from "../findings.ts";
import type { Bundle } from "../icao/bundle.ts";

/** By code. */
export type FindingExamples = Readonly<Partial<Record<FindingCode, FindingExample>>>;

/** The first finding of its code. */
export interface FindingExample extends Finding {
  /** What it was made on: the file, a list in it, a certificate or a CRL. */
  readonly part: "file" | "list" | "certificate" | "crl";
  /**
   * Position of the certificate or the CRL among its kind, from 0: those of the lists in the order of the file, then those of the
   * envelopes. Null for the others.
   */
  readonly position: number | null;
  /** Of the certificate or the CRL; null for the others. */
  readonly sha256: string | null;
  /** The part of the file that `offset` counts in; null where that is the file. */
  readonly origin: Origin | null;
}

/** Finds the first finding of each code: on certificates, CRLs, lists and the file, in this order. */
export function findingExamples(bundle: Bundle): FindingExamples {
  const { objects } = bundle;
  const examples: Partial<Record<FindingCode, FindingExample>> = {};
  const noteEach = (part: "certificate" | "crl", parts: readonly Examined[]) => {
    for (const [position, each] of parts.entries()) {
      // Most have none, and are not to be hashed for it.
      for (const finding of each.findings) {
        const { sha256, origin = null } = each;
        examples[finding.code] ??= { ...finding, part, position, sha256, origin };
      }
    }
  };
  noteEach("certificate", [
    ...objects.flatMap(({ certificates }) => certificates),
    ...objects.flatMap(({ envelopeCertificates }) => envelopeCertificates),
  ]);
  noteEach(
    "crl",
    objects.flatMap(({ crls }) => crls),
  );
  for (const { findings, origin = null } of objects) {
    for (const finding of findings) {
      examples[finding.code] ??= { ...finding, part: "list", position: null, sha256: null, origin };
    }
  }
  for (const finding of bundle.findings) {
    examples[finding.code] ??= { ...finding, part: "file", position: null, sha256: null, origin: null };
  }
  return examples;
}

interface Examined {
  readonly findings: readonly Finding[];
  readonly sha256: string;
  readonly origin: Origin | undefined;
}
