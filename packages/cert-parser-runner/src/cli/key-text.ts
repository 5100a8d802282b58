/**
 * Public keys and signatures as OpenSSL prints them.
 *
 * @module
 */

import type { PublicKeyRecord, SignatureRecord } from "cert-parser-core";
import { hexLines } from "./hex-text.ts";
import { opensslAlgorithm, opensslCurve } from "./openssl-names.ts";

/** What stands under `Subject Public Key Info`. */
export function publicKeyLines(key: PublicKeyRecord): readonly string[] {
  const size = key.size === null ? [] : [`    Public-Key: (${key.size} bit)`];
  return [
    `Public Key Algorithm: ${opensslAlgorithm(key.algorithm)}`,
    ...size,
    ...materialLines(key).map((line) => `    ${line}`),
  ];
}

/** `Signature Algorithm`, with the parameters of PSS beneath. */
export function signatureAlgorithmLines({ algorithm, pss }: SignatureRecord): readonly string[] {
  const head = `Signature Algorithm: ${opensslAlgorithm(algorithm)}`;
  if (pss === null) return [head];
  const { hash, maskGenHash, saltLength, trailerField } = pss;
  return [
    head,
    `    Hash Algorithm: ${digestName(hash)}`,
    `    Mask Algorithm: mgf1 with ${digestName(maskGenHash)}`,
    `    Salt Length: 0x${saltLength.toString(16).padStart(2, "0").toUpperCase()}`,
    `    Trailer Field: 0x${trailerField.toString(16).padStart(2, "0").toUpperCase()}`,
  ];
}

function digestName(name: string | null): string {
  return name?.replace("-", "").toLowerCase() ?? "unknown";
}

function materialLines({ key, curve, parameters, exponent }: PublicKeyRecord): readonly string[] {
  const modulus = exponent === null ? undefined : modulusOf(key);
  if (exponent !== null && modulus !== undefined) {
    return ["Modulus:", ...block(modulus), `Exponent: ${exponent} (0x${BigInt(exponent).toString(16)})`];
  }
  return ["pub:", ...block(key), ...curveLines(curve, parameters)];
}

/** The first INTEGER of an RSAPublicKey, which the core has read already where there is an exponent. */
function modulusOf(key: string): string | undefined {
  const { contentStart } = frame(key, 0);
  const { contentStart: start, end } = frame(key, contentStart);
  return end > start ? key.slice(start, end) : undefined;
}

/** Tag and length at a place in hex digits. */
function frame(hex: string, at: number): { readonly contentStart: number; readonly end: number } {
  const first = Number.parseInt(hex.slice(at + 2, at + 4), 16);
  const lengthDigits = first < 0x80 ? 0 : (first & 0x7f) * 2;
  const contentStart = at + 4 + lengthDigits;
  const length = lengthDigits === 0 ? first : Number.parseInt(hex.slice(at + 4, contentStart), 16);
  return { contentStart, end: contentStart + length * 2 };
}

function curveLines(curve: string | null, parameters: PublicKeyRecord["parameters"]): readonly string[] {
  if (parameters === null) return [];
  if (curve === null) return ["Parameters: of no curve that is known here"];
  const names = [
    `ASN1 OID: ${opensslCurve(curve)}`,
    ...(curve.startsWith("P-") ? [`NIST CURVE: ${curve}`] : []),
  ];
  return parameters === "explicit"
    ? [...names, `Parameters: explicit, all of them those of ${opensslCurve(curve)}`]
    : names;
}

function block(hex: string): readonly string[] {
  return hexLines(hex, bytesPerLine).map((line) => `    ${line}`);
}

const bytesPerLine = 15;
