/**
 * The six curves of Doc 9303-12, with the domain parameters that OpenSSL knows for them.
 *
 * @module
 */

import { createECDH, generateKeyPairSync } from "node:crypto";
import { ECParameters, type SpecifiedECDomain } from "@peculiar/asn1-ecc";
import { AsnConvert } from "@peculiar/asn1-schema";
import { SubjectPublicKeyInfo } from "@peculiar/asn1-x509";

/** Curves by the names of FIPS 186 and RFC 5639. */
export type CurveName =
  | "P-256"
  | "P-384"
  | "P-521"
  | "brainpoolP256r1"
  | "brainpoolP384r1"
  | "brainpoolP512r1";

interface CurveFacts {
  /** What OpenSSL calls it. */
  readonly nodeName: string;
  /** Length of a field element, in bits. */
  readonly bits: number;
  /** Dotted OID of the named curve. */
  readonly oid: string;
}

/** What encoding and signing need to know about each curve. */
export const curves: Readonly<Record<CurveName, CurveFacts>> = {
  "P-256": { nodeName: "prime256v1", bits: 256, oid: "1.2.840.10045.3.1.7" },
  "P-384": { nodeName: "secp384r1", bits: 384, oid: "1.3.132.0.34" },
  "P-521": { nodeName: "secp521r1", bits: 521, oid: "1.3.132.0.35" },
  brainpoolP256r1: { nodeName: "brainpoolP256r1", bits: 256, oid: "1.3.36.3.3.2.8.1.1.7" },
  brainpoolP384r1: { nodeName: "brainpoolP384r1", bits: 384, oid: "1.3.36.3.3.2.8.1.1.11" },
  brainpoolP512r1: { nodeName: "brainpoolP512r1", bits: 512, oid: "1.3.36.3.3.2.8.1.1.13" },
};

/** The curve that OpenSSL calls `nodeName`. Throws TypeError if it is none of the six. */
export function curveByNodeName(nodeName: string | undefined): CurveName {
  for (const [name, facts] of Object.entries(curves)) {
    if (facts.nodeName === nodeName) return name as CurveName;
  }
  throw new TypeError(`expected one of the six curves of Doc 9303-12, got ${nodeName}`);
}

/** A fresh copy of the curve's explicit parameters (SEC 1, C.2), with the seed where OpenSSL has one. */
export function specifiedDomain(curve: CurveName): SpecifiedECDomain {
  const domain = AsnConvert.parse(explicitParameters(curve), ECParameters).specifiedCurve;
  if (domain === undefined) throw new Error(`OpenSSL gave no explicit parameters of ${curve}`);
  return domain;
}

/** Order of the curve's base point. */
export function groupOrder(curve: CurveName): bigint {
  return BigInt(`0x${Buffer.from(specifiedDomain(curve).order).toString("hex")}`);
}

/** The uncompressed point kG, by OpenSSL: ECDH computes it as the public key of the private key k. */
export function multiplyBase(curve: CurveName, factor: bigint): Uint8Array {
  const ecdh = createECDH(curves[curve].nodeName);
  const digits = 2 * Math.ceil(curves[curve].bits / 8);
  ecdh.setPrivateKey(Buffer.from(factor.toString(16).padStart(digits, "0"), "hex"));
  return new Uint8Array(ecdh.getPublicKey());
}

/** The number whose product with `value` is 1 modulo a prime. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus];
  let [previousFactor, factor] = [0n, 1n];
  while (current !== 0n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [previousFactor, factor] = [factor, previousFactor - quotient * factor];
  }
  return ((previousFactor % modulus) + modulus) % modulus;
}

const known = new Map<CurveName, ArrayBuffer>();

/** ECParameters. OpenSSL writes them out itself, so that no table of ours can be wrong; any key of the curve will do. */
function explicitParameters(curve: CurveName): ArrayBuffer {
  const parameters = known.get(curve) ?? writtenOut(curve);
  known.set(curve, parameters);
  return parameters;
}

function writtenOut(curve: CurveName): ArrayBuffer {
  // Deno and Bun write no explicit parameters.
  const written = isOpenSslsOwn ? undefined : writtenParameters[curve];
  if (written !== undefined) return new Uint8Array(Buffer.from(written, "base64")).buffer;
  const { publicKey } = generateKeyPairSync("ec", {
    namedCurve: curves[curve].nodeName,
    paramEncoding: "explicit",
  });
  const { algorithm } = AsnConvert.parse(
    publicKey.export({ type: "spki", format: "der" }),
    SubjectPublicKeyInfo,
  );
  if (!algorithm.parameters) throw new Error(`OpenSSL gave no explicit parameters of ${curve}`);
  return algorithm.parameters;
}

const isOpenSslsOwn = !("Deno" in globalThis || "Bun" in globalThis);

/** What OpenSSL writes out for the curves that tests on other runtimes need, in base64. */
export const writtenParameters: Readonly<Partial<Record<CurveName, string>>> = {
  "P-256": [
    "MIH3AgEBMCwGByqGSM49AQECIQD/////AAAAAQAAAAAAAAAAAAAAAP///////////////zBbBCD/////AAAAAQAAAAAAAAAAAAAA",
    "AP///////////////AQgWsY12Ko6k+ez671VdpiGvGUdBrDMU7D2O848PifSYEsDFQDEnTYIhucEk2pmeOETnSa3gZ9+kARBBGsX",
    "0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKfA+eFivOM1drMV7Oy7ZAaDe/UfUCIQD/////AAAAAP//",
    "////////vOb6racXnoTzucrC/GMlUQIBAQ==",
  ].join(""),
  "P-384": [
    "MIIBVwIBATA8BgcqhkjOPQEBAjEA//////////////////////////////////////////7/////AAAAAAAAAAD/////MHsEMP//",
    "///////////////////////////////////////+/////wAAAAAAAAAA/////AQwszEvp+I+5+SYjgVr4/gtGRgdnG7+gUESAxQI",
    "j1ATh1rGVjmNii7RnSqFyO3T7CrvAxUAozWSaqMZonodAIlqZ3OkgnrNrHMEYQSqh8oivosFN46xxx7zIK10bh07Younm5hZ90Hg",
    "glQqOFUC8l2/VSlsOlReOHJ2Crc2F95KliYsb12emL+Sktwp+PQdvSiaFHzp2jETtfC4wApgsc4dfoGdekMdfJDqDl8CMQD/////",
    "///////////////////////////HY02B9Dct31gaDbJIsKd67OwZaszFKXMCAQE=",
  ].join(""),
  "P-521": [
    "MIIBwwIBATBNBgcqhkjOPQEBAkIB////////////////////////////////////////////////////////////////////////",
    "//////////////8wgZ8EQgH/////////////////////////////////////////////////////////////////////////////",
    "/////////ARCAFGVPrlhjhyaH5KaIaC2hUDuotpyW5mzFfO4tImRjvEJ4VYZOVHsfpN7FlLAvTuxvwc1c9+IPSw08e9FH9RrUD8A",
    "AxUA0J6IACkcuFOWzGcXOTKEqqDaZLoEgYUEAMaFjga3BATpzZ4+y2YjlbRCnGSBOQU/tSH4KK9ga009uqFLXnfv51ko/h3BJ6L/",
    "qN4zSLPBhWpCm/l+fjHC5b1mARg5KWp4mjvABFyKX7QsfRvZmPVESVebRGgXr70XJz5mLJfucple9CZAxVC5AT+tB2E1PHCGonLC",
    "QIi+lHaf0WZQAkIB///////////////////////////////////////////6UYaHg78vlmt/zAFI9wml0Du1ybiJnEeuu2+3HpE4",
    "ZAkCAQE=",
  ].join(""),
};
