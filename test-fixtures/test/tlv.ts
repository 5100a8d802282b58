/**
 * A reader of DER for the tests: nothing in common with the writer under test.
 *
 * @module
 */

/** One element: its tag, its content, and all of it. */
export interface Tlv {
  readonly tag: number;
  readonly content: Buffer;
  readonly der: Buffer;
}

/** The elements that stand in `bytes`, one after the other. */
export function readAll(bytes: Uint8Array): readonly Tlv[] {
  const elements: Tlv[] = [];
  for (let start = 0; start < bytes.length; ) {
    const element = readOne(bytes.subarray(start));
    elements.push(element);
    start += element.der.length;
  }
  return elements;
}

/** The element at a path of positions, from the first and outermost one down. */
export function at(bytes: Uint8Array, ...path: readonly number[]): Tlv {
  let element: Tlv | undefined = readOne(bytes);
  for (const position of path) element = element && readAll(element.content)[position];
  if (element === undefined) throw new RangeError(`nothing at ${path.join(".")}`);
  return element;
}

function readOne(bytes: Uint8Array): Tlv {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = buffer.readUInt8(1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : buffer.readUIntBE(2, lengthBytes);
  if (first === 0x80 || start + length > buffer.length) throw new RangeError("no DER");
  const end = start + length;
  return { tag: buffer.readUInt8(0), content: buffer.subarray(start, end), der: buffer.subarray(0, end) };
}
