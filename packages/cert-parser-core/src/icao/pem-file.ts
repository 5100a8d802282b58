/**
 * Files of PEM blocks: certificates, CRLs, lists in CMS, in any number and mixture.
 *
 * @module
 */

import { type PemBlock, readPem } from "../containers/pem.ts";
import { rawBytes, readElement } from "../der/reader.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import { type Found, nothingFound } from "./found.ts";
import { countUnreadable, type PartReading } from "./parts.ts";
import { recogniseValue, type ValueKind } from "./recognise.ts";
import { readValueBesideOthers, type ValuePlace } from "./value.ts";

/** Reads every block of the text that is all of the input. */
export function readPemFile(reading: PartReading): readonly Found[] {
  const { blocks, findings } = readPem(reading.input, reading.limits);
  const found: Found[] = [{ ...nothingFound, findings }];
  let certificates = 0;
  let crls = 0;
  for (const block of blocks) {
    const each = readBlock(reading, block, { foundIn: "file", certificates, crls });
    found.push(each);
    certificates +=
      each.certificates.length + each.rejections.filter(({ kind }) => kind === "certificate").length;
    crls += each.crls.length + each.rejections.filter(({ kind }) => kind === "crl").length;
  }
  return found;
}

function readBlock(reading: PartReading, { label, offset, content }: PemBlock, place: ValuePlace): Found {
  const kind = recogniseValue(content) ?? labelKinds.get(label);
  if (kind === undefined) {
    countUnreadable(reading, offset);
    return { ...nothingFound, findings: [skipped(label, offset)] };
  }
  const name = reading.origin === undefined ? label : `${reading.origin.name}!/${label}`;
  return readValueBesideOthers(
    {
      ...reading,
      input: label === trustedCertificate ? firstElement(content) : content,
      origin: { name, offset },
      rejections: [],
    },
    kind,
    place,
  );
}

/** OpenSSL puts behind the certificate what it is to be trusted for, which is the word of nobody who signed it. */
function firstElement(content: Uint8Array): Uint8Array {
  try {
    return rawBytes(content, readElement(content));
  } catch (error) {
    if (error instanceof CertParserError) return content;
    throw error;
  }
}

function skipped(label: string, offset: number): Finding {
  const what = label.includes("PRIVATE KEY")
    ? "a private key, which does not belong beside certificates"
    : "of a kind that is not read here";
  return {
    code: "PEM_BLOCK_SKIPPED",
    message: `PEM block ${JSON.stringify(label)} is ${what}`,
    offset,
    clause: "RFC 7468, 2",
  };
}

const trustedCertificate = "TRUSTED CERTIFICATE";
// What a block claims to be, for one whose content looks like nothing: it is rejected with a reason then.
const labelKinds: ReadonlyMap<string, ValueKind> = new Map([
  ["CERTIFICATE", "certificate"],
  ["X509 CERTIFICATE", "certificate"],
  [trustedCertificate, "certificate"],
  ["X509 CRL", "crl"],
  ["CMS", "cms"],
  ["PKCS7", "cms"],
]);
