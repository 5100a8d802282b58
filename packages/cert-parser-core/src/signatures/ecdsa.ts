/**
 * ECDSA, SEC 1 section 4.1.4, on the curves of travel documents.
 *
 * @module
 */

import { type EllipticCurve, ellipticCurves } from "../x509/ec-curves.ts";
import { describeKeyParameters } from "../x509/key-parameters.ts";
import type { PublicKey } from "../x509/public-key.ts";
import { isOnCurve, isPointForm } from "./curve-point.ts";
import type { EcKey, SignatureDigest, SignatureEngine } from "./signature-engine.ts";
import { readSignatureValue } from "./signature-value.ts";
import { accepted, invalid, isRefusal, type Refusal, unsupported, type Verdict } from "./verdict.ts";

/** Reads a key on a curve that is known by name or by all its parameters. */
export function readEcKey(publicKey: PublicKey): EcKey | Refusal {
  const name = publicKey.curve;
  if (name === undefined) return unsupported(unrecognisedReason(publicKey));
  const curve = curves.get(name);
  if (curve === undefined) return unsupported(`signatures on ${name} are not verified here`);
  const point = publicKey.key.bytes;
  return isPointForm(point, curve) ? { curve, point } : invalid(`the key is not a point on ${name}`);
}

/** Verifies a signature over `data`. */
export function verifyEcdsa(
  engine: SignatureEngine,
  key: EcKey,
  hash: SignatureDigest,
  data: Uint8Array,
  signature: Uint8Array,
): Verdict {
  const { curve, point } = key;
  const value = readSignatureValue(signature, BigInt(`0x${curve.n}`));
  if (isRefusal(value)) return value;
  if (engine.ecdsa(key, hash, data, value)) return accepted();
  // Engines refuse points that are not on the curve; to say so, it is enough to look when they have refused.
  return isOnCurve(point, curve)
    ? invalid("the signature is not that of this key over this data")
    : invalid(`the key is not a point on ${curve.name}`);
}

/** What is wrong with the curve: the parameter that was altered, or the one that is not known. */
function unrecognisedReason({ algorithm }: PublicKey): string {
  const { deviations } = describeKeyParameters(algorithm);
  const unrecognised = deviations.find(({ code }) => code === "EC_PARAMETERS_UNRECOGNISED");
  return unrecognised?.message ?? "the curve of the key is not known here";
}

const curves: ReadonlyMap<string, EllipticCurve> = new Map(
  ellipticCurves.map((curve) => [curve.name, curve]),
);
