/**
 * An input in chunks: looked at from its beginning, then read on, or collected.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import type { Limits } from "../limits.ts";

/** Bytes as they come in. */
export type Chunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** An input whose first bytes were looked at. */
export interface PeekedInput {
  /** At least `peekBytes` of it, or all, or more than is agreed to be held. */
  readonly head: Uint8Array;
  /** What follows the head; to be iterated once, and to be left with `return` where it is not. */
  readonly rest: AsyncGenerator<Uint8Array, undefined, undefined>;
}

/** Takes so much of an input that one can tell what it is. */
export async function peek(chunks: Chunks, { maxBytes }: Limits): Promise<PeekedInput> {
  const iterator = iterate(chunks);
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < peekBytes && length <= maxBytes) {
    const next = await iterator.next();
    if (next.done) break;
    parts.push(next.value);
    length += next.value.length;
  }
  return { head: join(parts, length), rest: iterator };
}

/** Collects all of an input. Throws `LIMIT_EXCEEDED` where it is longer than agreed. */
export async function collect({ head, rest }: PeekedInput, { maxBytes }: Limits): Promise<Uint8Array> {
  const parts = [head];
  let length = head.length;
  expectWithin(length, maxBytes);
  for await (const chunk of rest) {
    parts.push(chunk);
    length += chunk.length;
    expectWithin(length, maxBytes);
  }
  return parts.length === 1 ? head : join(parts, length);
}

/** Throws `LIMIT_EXCEEDED` where an input is longer than agreed. */
export function expectWithin(length: number, maxBytes: number): void {
  if (length <= maxBytes) return;
  throw new CertParserError("LIMIT_EXCEEDED", `input is over ${maxBytes} bytes`, { offset: maxBytes });
}

async function* iterate(chunks: Chunks): AsyncGenerator<Uint8Array, undefined, undefined> {
  for await (const chunk of chunks) {
    if (!(chunk instanceof Uint8Array))
      throw new TypeError(`a chunk is of type ${typeof chunk}, expected Uint8Array`);
    yield chunk;
  }
  return undefined;
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

// More than any comment at the head of an LDIF file.
const peekBytes = 16_384;
