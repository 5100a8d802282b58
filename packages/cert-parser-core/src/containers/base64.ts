/**
 * Base64, RFC 4648 section 4, decoded as it comes in: over folded lines and ends of chunks, into memory that values share.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";

/** Decodes one value after another. */
export interface Base64Decoder {
  /** Decodes more of the value; white space is passed over. `offset` is where `start` stands in the input. */
  push(text: Uint8Array, start: number, end: number, offset: number): void;
  /** Decodes digits up to whatever else stands there, and gives where that is. */
  pushDigits(text: Uint8Array, start: number, end: number): number;
  /** Ends the value and gives its octets: a view that nothing is written into again. */
  finish(offset: number): Uint8Array;
  /** Forgets what was pushed since the last value. */
  reset(): void;
}

/** Decodes base64 that is all of `text` from `start` to `end`. */
export function decodeBase64(text: Uint8Array, start = 0, end: number = text.length): Uint8Array {
  const decoder = createBase64Decoder(Math.ceil(((end - start) * 3) / 4) + spareOctets);
  decoder.push(text, start, end, start);
  return decoder.finish(end);
}

/** Makes a decoder whose first piece of memory is of that size. */
export function createBase64Decoder(firstBlockBytes: number = smallBlockBytes): Base64Decoder {
  // A piece of memory of its own for each of 30,000 certificates would cost more than to decode it.
  let block = new Uint8Array(firstBlockBytes);
  let start = 0;
  let at = 0;
  let bits = 0;
  let digits = 0;
  let padding = 0;

  const makeRoom = (octets: number): void => {
    if (at + octets <= block.length) return;
    const wanted = Math.max(Math.min(2 * block.length, largeBlockBytes), 2 * (at - start + octets));
    const larger = new Uint8Array(wanted);
    larger.set(block.subarray(start, at));
    block = larger;
    at -= start;
    start = 0;
  };

  const pushDigit = (digit: number, offset: number): void => {
    if (digit === space) return;
    if (digit === pad) {
      if (digits + padding < 2 || digits + padding > 3) throw malformed("has padding out of place", offset);
      padding++;
      return;
    }
    if (digit > 63) throw malformed("holds a character that is none of its digits", offset);
    if (padding > 0) throw malformed("goes on after its padding", offset);
    bits = (bits << 6) | digit;
    if (++digits < 4) return;
    block[at++] = bits >> 16;
    block[at++] = bits >> 8;
    block[at++] = bits;
    bits = 0;
    digits = 0;
  };

  const reset = (): void => {
    at = start;
    bits = 0;
    digits = 0;
    padding = 0;
  };

  /** Decodes four digits at a time, as long as they are nothing else; gives where it stopped. */
  const pushQuanta = (text: Uint8Array, from: number, to: number): number => {
    let position = from;
    for (const last = to - 3; position < last; position += 4) {
      const a = values[text[position] as number] as number;
      const b = values[text[position + 1] as number] as number;
      const c = values[text[position + 2] as number] as number;
      const d = values[text[position + 3] as number] as number;
      if ((a | b | c | d) > 63) break;
      const quantum = (a << 18) | (b << 12) | (c << 6) | d;
      block[at] = quantum >> 16;
      block[at + 1] = quantum >> 8;
      block[at + 2] = quantum;
      at += 3;
    }
    return position;
  };

  /** Decodes digits until something else, or `to`; gives where it stopped. */
  const pushRun = (text: Uint8Array, from: number, to: number): number => {
    for (let position = from; position < to; position++) {
      if (digits === 0) position = pushQuanta(text, position, to);
      const digit = position < to ? (values[text[position] as number] as number) : noDigit;
      if (digit > 63) return position;
      pushDigit(digit, position);
    }
    return to;
  };

  return {
    push(text, from, to, offset) {
      makeRoom(Math.ceil(((to - from) * 3) / 4) + spareOctets);
      for (let position = from; position < to; position++) {
        if (digits === 0 && padding === 0) position = pushQuanta(text, position, to);
        if (position < to) pushDigit(values[text[position] as number] as number, offset + position - from);
      }
    },
    pushDigits(text, from, to) {
      if (padding > 0) return from;
      let position = from;
      while (position < to) {
        const end = Math.min(to, position + runDigits);
        makeRoom(runDigits);
        position = pushRun(text, position, end);
        if (position < end) return position;
      }
      return position;
    },
    finish(offset) {
      if (digits === 1 || (padding > 0 && digits + padding !== 4)) throw malformed("ends too early", offset);
      // Some writers leave the padding out; what the last digits hold is clear without.
      if (digits === 3) {
        block[at++] = bits >> 10;
        block[at++] = bits >> 2;
      } else if (digits === 2) {
        block[at++] = bits >> 4;
      }
      const value = block.subarray(start, at);
      start = at;
      reset();
      return value;
    },
    reset,
  };
}

function malformed(what: string, offset: number): CertParserError {
  return new CertParserError("BASE64_SYNTAX", `base64 ${what}`, { offset });
}

const space = 64;
const pad = 65;
const noDigit = 127;
const values: Uint8Array = new Uint8Array(256).fill(noDigit);
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
for (let digit = 0; digit < alphabet.length; digit++) values[alphabet.charCodeAt(digit)] = digit;
for (const character of " \t\r\n\f\v") values[character.charCodeAt(0)] = space;
values["=".charCodeAt(0)] = pad;

// The last quantum, and one that an earlier push began.
const spareOctets = 6;
// So many at a time that room is made for few that do not come.
const runDigits = 1024;
const smallBlockBytes = 4096;
const largeBlockBytes = 1024 * 1024;
