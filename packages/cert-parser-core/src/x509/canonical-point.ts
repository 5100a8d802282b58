/**
 * A point of an elliptic curve by both its coordinates, SEC 1 section 2.3.4.
 *
 * @module
 */

import { fromHex, toHex } from "../bytes/hex.ts";
import type { EllipticCurve } from "./ec-curves.ts";
import { squareRoot } from "./modular-root.ts";

/**
 * The point as 04, x and y: the same bytes where it is so already; undefined where it is in no form of a point, or
 * compressed and not on the curve.
 *
 * Whether both coordinates are those of a point of the curve is not asked: they are the numbers, and whoever verifies asks.
 */
export function uncompressedPoint(point: Uint8Array, curve: EllipticCurve): Uint8Array | undefined {
  const length = curve.p.length / 2;
  const form = point[0];
  if (form === 0x04) return point.length === 1 + 2 * length ? point : undefined;
  if (form === 0x06 || form === 0x07) return fromHybrid(point, length);
  if (form === 0x02 || form === 0x03)
    return point.length === 1 + length ? decompress(point, curve) : undefined;
  return undefined;
}

/** The hybrid form of X9.62, with both coordinates and the sign of y once more: nothing is verified with it here, by OpenSSL it is. */
function fromHybrid(point: Uint8Array, length: number): Uint8Array | undefined {
  if (point.length !== 1 + 2 * length) return undefined;
  const isOdd = (point[2 * length] as number) % 2 === 1;
  return isOdd === (point[0] === 0x07) ? point.with(0, 0x04) : undefined;
}

/** y is a square root of x^3 + ax + b, the odd one after 03: SEC 1, 2.3.4. Costs some 0.1 ms to 1 ms, see `signatureCost`. */
function decompress(point: Uint8Array, curve: EllipticCurve): Uint8Array | undefined {
  const [p, a, b] = [BigInt(`0x${curve.p}`), BigInt(`0x${curve.a}`), BigInt(`0x${curve.b}`)];
  const hex = toHex(point.subarray(1));
  const x = BigInt(`0x${hex}`);
  const root = x < p ? squareRoot((((x * x + a) % p) * x + b) % p, p) : undefined;
  if (root === undefined) return undefined;
  const isOdd = root % 2n === 1n;
  const y = isOdd === (point[0] === 0x03) ? root : p - root;
  return fromHex(`04${hex}${y.toString(16).padStart(curve.p.length, "0")}`);
}
