/**
 * The form of a distinguished name in which names that match are the same text, RFC 5280 section 7.1.
 *
 * Types of strings, case, compatible forms of characters, and white space at the ends or more than once make no difference
 * (RFC 4518, as far as names of this field need it); the order of the levels does, that of attributes within one does not.
 *
 * @module
 */

import { toHex } from "../bytes/hex.ts";
import type { NameAttribute, RelativeDistinguishedName } from "./name.ts";

/** Folds the levels of a name, in the order of the encoding: `2.5.4.6=ut,2.5.4.3=csca`. No other name folds to the same. */
export function foldRdns(rdns: readonly RelativeDistinguishedName[]): string {
  return rdns.map(foldRdn).join(",");
}

function foldRdn(rdn: RelativeDistinguishedName): string {
  // No attribute reads so: an RDN without any is not the same as no RDN.
  if (rdn.length === 0) return "+";
  return rdn.map(foldAttribute).sort().join("+");
}

function foldAttribute({ type, value, der }: NameAttribute): string {
  if (value === null) return `${type}=#${toHex(der)}`;
  return `${type}=${foldText(value).replace(/[+,\\]|^#/g, "\\$&")}`;
}

/** Folds one string: RFC 4518, 2.2, 2.3 and 2.6.1. */
export function foldText(text: string): string {
  return isPlain.test(text)
    ? foldSpaces(text.toLowerCase())
    : foldSpaces(foldCharacters(mapCharacters(text)));
}

/** Nothing in place of what has no look of its own, and a space in place of all that separates. */
function mapCharacters(text: string): string {
  return text.replace(separators, " ").replace(ignorable, "");
}

/** Case and compatible forms both undo some of what the other does, so that one of them goes twice. */
function foldCharacters(text: string): string {
  if (text.length > maxNormalised) return foldCase(text);
  return foldCase(foldCase(text.normalize("NFKC")).normalize("NFKC")).normalize("NFKC");
}

/** Full case folding. JavaScript has none, but upper case and back comes to it: all but the dotless i, which has no other case. */
function foldCase(text: string): string {
  return text.split("ı").map(foldCased).join("ı");
}

/** Lower case first, for the capital sharp s; a sigma at the end of a word is a sigma. */
function foldCased(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().replaceAll("ς", "σ");
}

function foldSpaces(text: string): string {
  return text.replace(/ +/g, " ").trim();
}

const isPlain = /^[ -~]*$/;
const separators = /[\t\n\v\f\r\u0085\p{Z}]/gu;
const ignorable = /[\p{Cc}\p{Default_Ignorable_Code_Point}\u06dd\u070f\u1806\ufff9-\ufffc]/gu;
// X.520 has no string of over 128 characters in common names, organizations and their like. Engines take quadratic time
// to order the marks on one letter; a megabyte of them would take minutes.
const maxNormalised = 256;
