/**
 * Finds a known curve by its name, or by its parameters.
 *
 * @module
 */

import { equalBytes } from "../bytes/compare.ts";
import { fromHex } from "../bytes/hex.ts";
import { ellipticCurves, twistedCurves } from "./ec-curves.ts";
import type { ExplicitCurve } from "./ec-parameters.ts";

/** What is known of a curve by its OID. */
export interface NamedCurve {
  readonly name: string;
  /** Length of the field in bits. */
  readonly bits: number;
}

/** The known curves by the dotted OID that names each. */
export const namedCurves: ReadonlyMap<string, NamedCurve> = new Map(
  [...ellipticCurves, ...twistedCurves].map((curve) => [curve.oid, curve]),
);

/** A known curve, and the parameters in which another one differs from it. */
export interface NearestCurve {
  readonly name: string;
  /** Among `p`, `a`, `b`, `G`, `n` and `h`; empty where it is that curve. */
  readonly differing: readonly string[];
}

/**
 * Finds the known curve that shares most with this one: p, else n, else the generator; undefined where none does. It is
 * that curve only when p, a, b, G, n and h all are: one altered parameter makes another curve, on which an attacker may
 * know the private key (CVE-2020-0601).
 */
export function findNearestCurve(curve: ExplicitCurve): NearestCurve | undefined {
  const nearest =
    domains.find(({ p }) => isInteger(curve.p, p)) ??
    domains.find(({ n }) => isInteger(curve.n, n)) ??
    domains.find((domain) => isGenerator(curve.base, domain));
  if (nearest === undefined) return undefined;
  const { name, p, a, b, n } = nearest;
  const agreements: readonly (readonly [parameter: string, agrees: boolean])[] = [
    ["p", isInteger(curve.p, p)],
    ["a", isNumber(curve.a, a)],
    ["b", isNumber(curve.b, b)],
    ["G", isGenerator(curve.base, nearest)],
    ["n", isInteger(curve.n, n)],
    // RFC 3279, 2.3.5 lets it be left out.
    ["h", curve.h === undefined || isInteger(curve.h, one)],
  ];
  return { name, differing: agreements.filter(([, agrees]) => !agrees).map(([parameter]) => parameter) };
}

interface Domain {
  readonly name: string;
  readonly p: Uint8Array;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
  readonly n: Uint8Array;
  readonly uncompressed: Uint8Array;
  readonly compressed: Uint8Array;
}

/** Both the uncompressed form that Doc 9303 asks for and the compressed one name the same point: SEC 1, 2.3.3. */
function isGenerator(base: Uint8Array, { uncompressed, compressed }: Domain): boolean {
  return equalBytes(base, uncompressed) || equalBytes(base, compressed);
}

/** An INTEGER whose first bit is set is negative: it has an octet of zero before it where it is not. */
function isInteger(octets: Uint8Array, expected: Uint8Array): boolean {
  return (octets[0] as number) < 0x80 && isNumber(octets, expected);
}

/** Compares a number in big-endian octets, leading zeros aside. */
function isNumber(octets: Uint8Array, expected: Uint8Array): boolean {
  let at = 0;
  while (at < octets.length && octets[at] === 0) at++;
  return equalBytes(octets.subarray(at), expected);
}

/** A number without leading zeros. */
function number(hex: string): Uint8Array {
  return fromHex(hex.replace(/^(?:00)+/, ""));
}

const one = Uint8Array.of(1);
const domains: readonly Domain[] = ellipticCurves.map(({ name, p, a, b, gx, gy, n }) => ({
  name,
  p: number(p),
  a: number(a),
  b: number(b),
  n: number(n),
  uncompressed: fromHex(`04${gx}${gy}`),
  compressed: fromHex(`${Number.parseInt(gy.slice(-1), 16) % 2 === 0 ? "02" : "03"}${gx}`),
}));
