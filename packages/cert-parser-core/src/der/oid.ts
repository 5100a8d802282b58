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
  let arc = 0;
  for (let at = contentStart; at < end; at++) {
    const byte = der[at] as number;
    if (arc === 0 && byte === 0x80) throw malformed("has an arc with a leading zero", element);
    arc = arc * 128 + (byte & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER / 128) throw malformed("has an arc over 2^46", element);
    if (byte < 0x80) {
      dotted = dotted === "" ? firstArcs(arc) : `${dotted}.${arc}`;
      arc = 0;
    }
  }
  return dotted;
}

function firstArcs(value: number): string {
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

// A certificate has some thirty OIDs, nearly all of them among these: to look one up is ten times as fast as to spell it.
const knownOids: ReadonlyMap<number, { readonly dotted: string; readonly content: Uint8Array }> = new Map(
  Object.values(registered).map((dotted) => {
    const content = encodeArcs(dotted);
    return [fingerprint(content, 0, content.length), { dotted, content }];
  }),
);
