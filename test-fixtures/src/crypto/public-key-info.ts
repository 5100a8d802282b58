/**
 * SubjectPublicKeyInfo as Doc 9303-12 wants it, and as countries write it.
 *
 * @module
 */

import { ECParameters, type SpecifiedECDomain } from "@peculiar/asn1-ecc";
import { AsnConvert } from "@peculiar/asn1-schema";
import { bitString, concat, nullValue, objectIdentifier, sequence } from "../asn1/der-writer.ts";
import { idEcPublicKey, idRsassaPss, rsaEncryption } from "../asn1/oids.ts";
import { type CurveName, curves, specifiedDomain } from "./curve.ts";
import type { EcKeyPair, KeyPair } from "./key-pair.ts";

/** How a public key is written down; each field has the form that Doc 9303-12, 4.1.6 asks for as its default. */
export interface PublicKeyEncoding {
  /** EC: parameters in full (default), or the OID of the curve (RFC 5480). */
  readonly curve?: "explicit" | "named";
  /** EC, explicit: whether Curve holds the seed; only the NIST curves have one. Default false. */
  readonly seed?: boolean;
  /** EC, explicit: whether the cofactor is written. Default true. */
  readonly cofactor?: boolean;
  /** EC: form of the public point. Default `uncompressed`. */
  readonly point?: "uncompressed" | "compressed";
  /** EC, explicit: a last change of the parameters, to forge them. */
  readonly changeDomain?: (domain: SpecifiedECDomain) => SpecifiedECDomain;
  /** RSA: whether the algorithm's parameters are NULL (default, RFC 3279, 2.3.1) or left out. */
  readonly rsaParameters?: "null" | "absent";
  /** RSA: the algorithm that is named; RSASSA-PSS has no parameters then (RFC 4055, 1.2). Default `rsaEncryption`. */
  readonly rsaAlgorithm?: "rsaEncryption" | "rsassaPss";
}

/** SubjectPublicKeyInfo of the key, in DER. */
export function encodePublicKey(key: KeyPair, encoding: PublicKeyEncoding = {}): Uint8Array {
  if (key.kind === "ec") return encodeEcKey(key, encoding);
  const { rsaAlgorithm = "rsaEncryption" } = encoding;
  const { rsaParameters = rsaAlgorithm === "rsaEncryption" ? "null" : "absent" } = encoding;
  const parameters = rsaParameters === "null" ? [nullValue()] : [];
  const algorithm = sequence(objectIdentifier(publicKeyOid(key, encoding)), ...parameters);
  return sequence(algorithm, bitString(key.publicBits));
}

/** Dotted OID of the key's algorithm. */
export function publicKeyOid(key: KeyPair, { rsaAlgorithm }: PublicKeyEncoding = {}): string {
  if (key.kind === "ec") return idEcPublicKey;
  return rsaAlgorithm === "rsassaPss" ? idRsassaPss : rsaEncryption;
}

function encodeEcKey(key: EcKeyPair, encoding: PublicKeyEncoding): Uint8Array {
  const { curve = "explicit", point = "uncompressed" } = encoding;
  const parameters =
    curve === "named" ? objectIdentifier(curves[key.curve].oid) : explicitParameters(key.curve, encoding);
  const octets = point === "uncompressed" ? key.publicBits : compressed(key.publicBits);
  return sequence(sequence(objectIdentifier(idEcPublicKey), parameters), bitString(octets));
}

function explicitParameters(curve: CurveName, encoding: PublicKeyEncoding): Uint8Array {
  const { seed = false, cofactor = true, changeDomain = (domain) => domain } = encoding;
  const domain = specifiedDomain(curve);
  if (seed && domain.curve.seed === undefined) throw new TypeError(`${curve} has no seed`);
  if (!seed) delete domain.curve.seed;
  if (!cofactor) delete domain.cofactor;
  const parameters = new ECParameters({ specifiedCurve: changeDomain(domain) });
  return new Uint8Array(AsnConvert.serialize(parameters));
}

/** SEC 1, 2.3.3: x, and in the first octet whether y is odd. */
function compressed(point: Uint8Array): Uint8Array {
  const y = point.at(-1) ?? 0;
  return concat(Uint8Array.of(2 + (y & 1)), point.subarray(1, 1 + (point.length - 1) / 2));
}
