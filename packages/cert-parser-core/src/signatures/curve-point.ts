/**
 * Points of elliptic curves as octets, SEC 1 section 2.3.3.
 *
 * @module
 */

import type { EllipticCurve } from "../x509/ec-curves.ts";
import { modularPower } from "../x509/modular-power.ts";
import { os2ip } from "./data-conversion.ts";

/** Tells whether the octets have the form and length of a point; the point at infinity, of one octet, has not. */
export function isPointForm(point: Uint8Array, { bits }: EllipticCurve): boolean {
  const length = Math.ceil(bits / 8);
  if (point[0] === uncompressed) return point.length === 1 + 2 * length;
  return isCompressed(point) && point.length === 1 + length;
}

/** Tells whether only one coordinate is there, and the sign of the other. */
export function isCompressed(point: Uint8Array): boolean {
  return point[0] === 0x02 || point[0] === 0x03;
}

/** Tells whether the point, whose form is right, is one of the curve: y^2 = x^3 + ax + b. */
export function isOnCurve(point: Uint8Array, curve: EllipticCurve): boolean {
  const [p, a, b] = [BigInt(`0x${curve.p}`), BigInt(`0x${curve.a}`), BigInt(`0x${curve.b}`)];
  const length = Math.ceil(curve.bits / 8);
  const x = os2ip(point.subarray(1, 1 + length));
  const square = (((x * x + a) % p) * x + b) % p;
  // Euler's criterion: whether there is a y at all.
  if (isCompressed(point)) return x < p && (square === 0n || modularPower(square, (p - 1n) / 2n, p) === 1n);
  const y = os2ip(point.subarray(1 + length));
  return x < p && y < p && (y * y) % p === square;
}

const uncompressed = 0x04;
