/**
 * What came of reading: the value or the one error that this library throws, in a form that can be compared.
 *
 * @module
 */

import { CertParserError, toHex } from "cert-parser-core";

/** Runs `read`; gives its value or its `CertParserError`, and lets every other error through. */
export function outcomeOf<T>(read: () => T): T | CertParserError {
  try {
    return read();
  } catch (error) {
    if (error instanceof CertParserError) return error;
    throw error;
  }
}

/** As {@link outcomeOf}, of a promise. */
export async function outcomeOfPromise<T>(read: () => Promise<T>): Promise<T | CertParserError> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CertParserError) return error;
    throw error;
  }
}

/** Everything that a value says, as text: bytes in hex, iterables to their end, errors with their place. */
export function describeOutcome(value: unknown): string {
  return JSON.stringify(plain(value)) ?? "undefined";
}

/**
 * The same bytes in the middle of a larger buffer, between bytes that look like elements without an end: a reader that
 * looks outside its input finds other things there than behind the end of an array.
 */
export function amidOtherBytes(bytes: Uint8Array): Uint8Array {
  const surroundings = new Uint8Array(bytes.length + 64).fill(0x30);
  surroundings.set(bytes, 32);
  return surroundings.subarray(32, 32 + bytes.length);
}

function plain(value: unknown): unknown {
  if (value instanceof CertParserError) {
    return { code: value.code, offset: value.offset, path: value.path, message: value.message };
  }
  if (value instanceof Uint8Array) return toHex(value);
  // An instant outside of what Date holds has no ISO form.
  if (value instanceof Date) return value.getTime();
  // JSON has no such number.
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Symbol.iterator in value) return [...(value as Iterable<unknown>)].map(plain);
  return Object.fromEntries(fieldsOf(value).map((key) => [key, plain(Reflect.get(value, key))]));
}

/** Own fields, and those that a view reads when it is asked for them. */
function fieldsOf(value: object): string[] {
  const fields = new Set(Object.keys(value));
  for (let at = Object.getPrototypeOf(value); at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const [key, { get }] of Object.entries(Object.getOwnPropertyDescriptors(at)))
      if (get) fields.add(key);
  }
  return [...fields].sort();
}
