/**
 * Distinguished names in DER, for tests.
 *
 * @module
 */

/** One attribute: dotted OID, value, and the tag of its string type (UTF8String where none is given). */
export type Attribute = readonly [type: string, value: string | Uint8Array, tag?: number];

/** DER of a Name; each argument is one relative distinguished name. */
export function nameDer(...rdns: readonly (readonly Attribute[])[]): Buffer {
  return tlv(0x30, ...rdns.map((attributes) => tlv(0x31, ...attributes.map(attributeDer))));
}

function attributeDer([type, value, tag = 0x0c]: Attribute): Buffer {
  return tlv(0x30, tlv(0x06, oid(type)), tlv(tag, Buffer.from(value)));
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return Buffer.from([first * 40 + second, ...rest].flatMap(base128));
}

function base128(arc: number): number[] {
  const digits = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128))
    digits.unshift((rest % 128) + 128);
  return digits;
}

function tlv(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  if (length < 0x100) return Buffer.concat([Buffer.from([tag, 0x81, length]), content]);
  return Buffer.concat([Buffer.from([tag, 0x82, length >> 8, length & 0xff]), content]);
}
