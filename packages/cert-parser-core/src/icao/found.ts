/**
 * What was found in one value, and how the values of a file come together as objects to be judged.
 *
 * @module
 */

import type { RevocationList } from "../crl/revocation-list.ts";
import type { CertParserError } from "../errors.ts";
import type { Finding, Rejection } from "../findings.ts";
import type { Certificate } from "../x509/certificate.ts";
import type { SignedObject } from "./bundle.ts";
import { duplicateCertificates, duplicateRevocationLists } from "./duplicates.ts";
import { addRejection, type PartReading } from "./parts.ts";
import type { ValueKind } from "./recognise.ts";

/** What one value held. */
export interface Found {
  /** Lists, each to be judged by itself. */
  readonly lists: readonly SignedObject[];
  /** Certificates that stand by themselves. */
  readonly certificates: readonly Certificate[];
  /** CRLs that stand by themselves. */
  readonly crls: readonly RevocationList[];
  readonly rejections: readonly Rejection[];
  readonly findings: readonly Finding[];
}

/** Nothing of anything, to be spread under what there is. */
export const nothingFound: Found = Object.freeze({
  lists: [],
  certificates: [],
  crls: [],
  rejections: [],
  findings: [],
});

/** A value that cannot be opened, beside others that can. */
export function rejectedValue(
  reading: PartReading,
  kind: ValueKind,
  place: Pick<Rejection, "foundIn" | "index">,
  error: CertParserError,
): Found {
  const whole = { tag: 0, start: 0, contentStart: 0, end: reading.input.length };
  const part = kind === "certificate" || kind === "crl" ? kind : "list";
  const rejections: Rejection[] = [];
  addRejection({ ...reading, rejections }, whole, { ...place, kind: part }, error);
  return { ...nothingFound, rejections };
}

/** What several values held, in their order. */
export function joinFound(found: readonly Found[]): Found {
  return {
    lists: found.flatMap((each) => each.lists),
    certificates: found.flatMap((each) => each.certificates),
    crls: found.flatMap((each) => each.crls),
    rejections: found.flatMap((each) => each.rejections),
    findings: found.flatMap((each) => each.findings),
  };
}

/** Puts together what the values of a file held: each list is an object, and all that stands by itself is one more. */
export function gatherObjects(
  found: readonly Found[],
  whole: Pick<SignedObject, "der" | "origin">,
): readonly SignedObject[] {
  const { lists, certificates, crls, rejections, findings } = joinFound(found);
  if (certificates.length + crls.length + rejections.length + findings.length === 0) return lists;
  const loose: SignedObject = {
    kind: looseKind(certificates.length, crls.length),
    offset: 0,
    ...whole,
    certificates,
    envelopeCertificates: [],
    crls,
    signers: [],
    rejections,
    findings: [...findings, ...duplicateCertificates(certificates), ...duplicateRevocationLists(crls)],
  };
  return [...lists, loose];
}

function looseKind(certificates: number, crls: number): "certificate" | "crl" | "certificates" {
  if (certificates === 1 && crls === 0) return "certificate";
  return certificates === 0 && crls === 1 ? "crl" : "certificates";
}
