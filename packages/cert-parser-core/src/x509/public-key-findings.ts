/**
 * What is amiss with a public key: RFC 3279 section 2.3, RFC 5480 section 2.2, Doc 9303-12 section 4.1.6.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import type { Finding, FindingCode } from "../findings.ts";
import { isEllipticCurve, isRsa, type PublicKeyFrame } from "./public-key.ts";
import { noteDeviations } from "./relative-finding.ts";
import type { CertificateRole } from "./role.ts";
import { decodePublicExponent, isUsualExponent, rsaPublicKeyAt } from "./rsa-public-key.ts";

/** Notes what is not as it should be with the key of a certificate of this role. */
export function notePublicKey(
  input: Uint8Array,
  frame: PublicKeyFrame,
  role: CertificateRole,
  findings: Finding[],
): void {
  const { element, algorithm, bits } = frame;
  // The algorithm is the first in the SubjectPublicKeyInfo.
  noteDeviations(algorithm.key.deviations, element.contentStart, findings);
  if (input[bits.contentStart] !== 0) {
    const message = `subjectPublicKey leaves ${input[bits.contentStart]} bits of its last octet unused, expected 0`;
    note("BIT_STRING_UNUSED_BITS", message, bits.start, "RFC 5280, 4.1.2.7", findings);
  }
  if (isRsa(algorithm)) noteRsaKey(input, frame, role, findings);
  else if (isEllipticCurve(algorithm)) notePoint(input, frame, findings);
}

function noteRsaKey(
  input: Uint8Array,
  { bits }: PublicKeyFrame,
  role: CertificateRole,
  findings: Finding[],
): void {
  try {
    // One octet of the BIT STRING counts its unused bits.
    const { modulus, publicExponent, size } = rsaPublicKeyAt(input, bits.contentStart + 1, bits.end);
    if (!isUsualExponent(input, publicExponent)) {
      const exponent = decodePublicExponent(input, publicExponent) ?? "no positive number below 2^256";
      const message = `the public exponent is ${exponent}, expected 65537`;
      note("RSA_EXPONENT", message, publicExponent.start, "FIPS 186-4, B.3.1", findings);
    }
    if (size < authorityRsaBits) noteRsaSize(size, bits.start, role, findings);
    if ((input[modulus.contentStart] as number) >= 0x80) {
      note("PUBLIC_KEY_MALFORMED", "the modulus is negative", modulus.start, "RFC 8017, A.1.1", findings);
    }
  } catch (error) {
    if (!(error instanceof CertParserError)) throw error;
    const message = `the key is no RSAPublicKey: ${error.message}`;
    note("PUBLIC_KEY_MALFORMED", message, error.offset ?? bits.start, "RFC 8017, A.1.1", findings);
  }
}

/** Keys that certify others are to last longer, and to be longer. */
function noteRsaSize(size: number, offset: number, role: CertificateRole, findings: Finding[]): void {
  const least = role === "csca" || role === "link" ? authorityRsaBits : signerRsaBits;
  if (size < least) {
    const message = `the RSA key is of ${size} bits, expected at least ${least}`;
    note("KEY_SIZE", message, offset, "Doc 9303-12, 4.1.6", findings);
  }
}

/** `ECPoint ::= OCTET STRING`, without its tag and length: SEC 1, 2.3.3. */
function notePoint(input: Uint8Array, { algorithm, bits }: PublicKeyFrame, findings: Finding[]): void {
  const { size } = algorithm.key;
  const form = input[bits.contentStart + 1];
  const isCompressed = form === 0x02 || form === 0x03;
  if (isCompressed) {
    const message = "the public point is compressed, expected both coordinates";
    note("EC_POINT_COMPRESSED", message, bits.start, "Doc 9303-12, 4.1.6", findings);
  } else if (form !== 0x04) {
    const message = "the key is no point in the uncompressed or compressed form";
    note("PUBLIC_KEY_MALFORMED", message, bits.start, "RFC 5480, 2.2", findings);
  }
  if (size === undefined) return;
  const octets = bits.end - bits.contentStart - 1;
  const expected = 1 + Math.ceil(size / 8) * (isCompressed ? 1 : 2);
  if (octets !== expected && (isCompressed || form === 0x04)) {
    const message = `the public point is ${octets} octets long, expected ${expected} in a field of ${size} bits`;
    note("PUBLIC_KEY_MALFORMED", message, bits.start, "RFC 5480, 2.2", findings);
  }
  if (size < ellipticCurveBits) {
    const message = `the elliptic curve is over a field of ${size} bits, expected at least ${ellipticCurveBits}`;
    note("KEY_SIZE", message, bits.start, "Doc 9303-12, 4.1.6", findings);
  }
}

function note(code: FindingCode, message: string, offset: number, clause: string, findings: Finding[]): void {
  findings.push({ code, message, offset, clause });
}

const authorityRsaBits = 3072;
const signerRsaBits = 2048;
const ellipticCurveBits = 224;
