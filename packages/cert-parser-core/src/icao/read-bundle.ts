/**
 * Opens any file of this field that this version reads, recognised by its content.
 *
 * @module
 */

import { portableSha256, type Sha256 } from "../bytes/digest.ts";
import { parseRevocationList } from "../crl/revocation-list.ts";
import { readElement } from "../der/reader.ts";
import { Tag } from "../der/tag.ts";
import { isTime } from "../der/time.ts";
import { CertParserError } from "../errors.ts";
import { type Limits, withDefaultLimits } from "../limits.ts";
import { type ParseOptions, parseCertificate } from "../x509/certificate.ts";
import type { Bundle, SignedObject } from "./bundle.ts";
import { parseMasterList } from "./master-list.ts";
import { describeUnknown } from "./unknown-input.ts";

/**
 * Opens a Master List (in CMS or bare), a certificate or a CRL, in DER.
 *
 * Rejects with `CertParserError`: `INPUT_UNRECOGNISED` says what the input looked like.
 */
export async function readBundle(
  input: Uint8Array | AsyncIterable<Uint8Array>,
  options: ParseOptions = {},
): Promise<Bundle> {
  const limits = withDefaultLimits(options.limits);
  const bytes = input instanceof Uint8Array ? input : await collect(input, limits);
  const object = readObject(bytes, options);
  const sha256: Sha256 = options.sha256 ?? portableSha256;
  return { kind: object.kind, bytes, sha256: sha256(bytes), objects: [object], findings: [] };
}

function readObject(bytes: Uint8Array, options: ParseOptions): SignedObject {
  if (bytes[0] !== Tag.SEQUENCE) {
    throw new CertParserError("INPUT_UNRECOGNISED", describeUnknown(bytes), { offset: 0 });
  }
  switch (recognise(bytes)) {
    case "certificate":
      return { ...unsigned("certificate", bytes), certificates: [parseCertificate(bytes, options)] };
    case "crl":
      return { ...unsigned("crl", bytes), crls: [parseRevocationList(bytes, options)] };
    default:
      return parseMasterList(bytes, options);
  }
}

/**
 * Tells certificates and CRLs from CMS by their first elements: both begin with a SEQUENCE in a SEQUENCE, and after
 * issuer comes the validity of the one and the thisUpdate of the other.
 */
function recognise(bytes: Uint8Array): "certificate" | "crl" | "other" {
  try {
    const outer = readElement(bytes, 0);
    const tbs = readElement(bytes, outer.contentStart, outer.end);
    if (tbs.tag !== Tag.SEQUENCE) return "other";
    let element = readElement(bytes, tbs.contentStart, tbs.end);
    while (element.tag === Tag.CONTEXT_0 || element.tag === Tag.INTEGER) {
      element = readElement(bytes, element.end, tbs.end);
    }
    const issuer = readElement(bytes, element.end, tbs.end);
    return isTime(readElement(bytes, issuer.end, tbs.end)) ? "crl" : "certificate";
  } catch (error) {
    if (error instanceof CertParserError) return "other";
    throw error;
  }
}

function unsigned<K extends SignedObject["kind"]>(
  kind: K,
  der: Uint8Array,
): SignedObject & { readonly kind: K } {
  return {
    kind,
    offset: 0,
    der,
    certificates: [],
    envelopeCertificates: [],
    crls: [],
    signers: [],
    rejections: [],
    findings: [],
  };
}

async function collect(chunks: AsyncIterable<Uint8Array>, limits: Limits): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limits.maxBytes) {
      throw new CertParserError("LIMIT_EXCEEDED", `input is over ${limits.maxBytes} bytes`, {
        offset: limits.maxBytes,
      });
    }
    parts.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
