/**
 * Object identifiers, X.690 section 8.19.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import * as registered from "./oids.ts";
import type { Element } from "./reader.ts";

/** Reads the dotted form of the OBJECT IDENTIFIER in `element`. */
export function decodeOid(der: Uint8Array, element: Element): string {
  const { contentStart, end } = element;
  const known = knownOids.get(fingerprint(der, contentStart, end));
  if (known !== undefined && isEncoding(known.content, der, contentStart, end)) return known.dotted;
  return decodeArcs(der, element);
}

function decodeArcs(der: Uint8Array, element: Element): string {
  const { contentStart, end } = element;
  if (contentStart === end) throw malformed("is empty", element);
  if (end - contentStart > maxOidBytes) throw malformed(`is over ${maxOidBytes} bytes`, element);
  if ((der[end - 1] as number) >= 0x80) throw malformed("ends in the middle of an arc", element);

  let dotted = "";
  let arcStart = contentStart;
  for (let at = contentStart; at < end; at++) {
    if ((der[at] as number) >= 0x80) continue;
    if (der[arcStart] === 0x80) throw malformed("has an arc with a leading zero", element);
    const arc = decodeArc(der, arcStart, at);
    dotted = dotted === "" ? firstArcs(arc) : `${dotted}.${arc}`;
    arcStart = at + 1;
  }
  return dotted;
}

/** An arc in septets, as a bigint only where a number cannot hold it: UUIDs below 2.25 have 128 bits. */
function decodeArc(der: Uint8Array, first: number, last: number): number | bigint {
  if (last - first >= septetsInNumber) {
    let large = 0n;
    for (let at = first; at <= last; at++) large = (large << 7n) | BigInt((der[at] as number) & 0x7f);
    return large;
  }
  let arc = 0;
  for (let at = first; at <= last; at++) arc = arc * 128 + ((der[at] as number) & 0x7f);
  return arc;
}

/** The first two arcs share a value: 40 times the first, which is 0 to 2, and the second. */
function firstArcs(value: number | bigint): string {
  if (typeof value === "bigint") return `2.${value - 80n}`;
  const first = Math.min(Math.trunc(value / 40), 2);
  return `${first}.${value - 40 * first}`;
}

/** Content octets of a dotted OID. */
function encodeArcs(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return Uint8Array.from([first * 40 + second, ...rest].flatMap(encodeArc));
}

function encodeArc(arc: number): readonly number[] {
  const septets = [arc % 128];
  for (let rest = Math.trunc(arc / 128); rest > 0; rest = Math.trunc(rest / 128))
    septets.unshift(0x80 + (rest % 128));
  return septets;
}

/** A number that the registered OIDs do not share; whether the bytes are the same is compared after. */
function fingerprint(der: Uint8Array, start: number, end: number): number {
  let hash = end - start;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (der[at] as number)) | 0;
  return hash;
}

function isEncoding(content: Uint8Array, der: Uint8Array, start: number, end: number): boolean {
  if (content.length !== end - start) return false;
  for (let at = 0; at < content.length; at++) if (content[at] !== der[start + at]) return false;
  return true;
}

function malformed(what: string, element: Element): CertParserError {
  return new CertParserError("DER_SYNTAX", `OBJECT IDENTIFIER ${what}`, { offset: element.start });
}

// The longest in use by X.509 are some 15 bytes; 2.25 UUIDs, the longest registered kind, take 21.
const maxOidBytes = 64;
// Seven times seven bits are within the 53 that a number holds exactly.
const septetsInNumber = 7;

// A certificate has some thirty OIDs, nearly all of them among these: to look one up is ten times as fast as to spell it.
const knownOids: ReadonlyMap<number, { readonly dotted: string; readonly content: Uint8Array }> = new Map(
  Object.values(registered).map((dotted) => {
    const content = encodeArcs(dotted);
    return [fingerprint(content, 0, content.length), { dotted, content }];
  }),
);
