/**
 * The lines of LDIF, RFC 2849: folded ones put together, values decoded while they come in, whatever the chunks.
 *
 * Nothing but the value under way is held, so that a file of any length takes no more memory than its longest value.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import { createBase64Decoder } from "./base64.ts";
import { createLineSplitter } from "./lines.ts";
import { createTextCollector, type KnownTexts } from "./text-collector.ts";

/** One logical line: `type[;option]: value`, or the `-` that parts the changes of a modification. */
export interface LdifLine {
  /** The attribute's name in lower case, without options; `-` for the separator. */
  readonly type: string;
  /** Of a value in base64 its octets; of a plain one its text; null of the separator, and of a value that cannot be read. */
  readonly value: Uint8Array | string | null;
  /** Byte offset of the line in the file. */
  readonly offset: number;
}

/** Told of what the lines say. */
export interface LdifLineVisitor {
  line(line: LdifLine): void;
  /** An empty line, which ends a record, or the end of the file. */
  recordEnd(): void;
  /** A line that could not be read was passed over. */
  malformed(message: string, offset: number): void;
  /** Tells whether the plain values of an attribute are of use: most are not, and their lines are left out. */
  wantsText(type: string): boolean;
}

/** Takes the file in chunks. */
export interface LdifLineReader {
  push(chunk: Uint8Array): void;
  /** Ends the file. */
  finish(): void;
}

/** Where in a logical line reading stands. */
type Place = "outside" | "name" | "marker" | "fill" | "base64" | "text" | "ignored";

/** Makes a reader for one file. */
export function createLdifLineReader(visitor: LdifLineVisitor): LdifLineReader {
  const decoder = createBase64Decoder();
  const collector = createTextCollector();
  let place: Place = "outside";
  // A directory of 30,000 entries has some ten attributes.
  const names: KnownTexts<AttributeName> = new Map();
  let type = "";
  let wanted = false;
  let lineOffset = 0;
  let end = 0;

  const skip = (message: string): void => {
    visitor.malformed(message, lineOffset);
    place = "ignored";
    collector.take();
    decoder.reset();
  };

  /** That there was a value is told all the same: what a change does without it is another change. */
  const skipValue = (message: string): void => {
    skip(message);
    emit(null);
  };

  const skipBase64 = (error: unknown): void => {
    if (!(error instanceof CertParserError)) throw error;
    skipValue(`value of ${type} was passed over: ${error.message}, at byte ${error.offset}`);
  };

  const emit = (value: LdifLine["value"]): void => visitor.line({ type, value, offset: lineOffset });

  const endLine = (): void => {
    if (place === "name") endWithoutColon();
    else if (place === "base64") endBase64();
    else if (place !== "outside" && place !== "ignored" && wanted) emit(collector.take());
    place = "outside";
  };

  const endWithoutColon = (): void => {
    type = collector.take().trim();
    if (type === "-") emit(null);
    else skip("line holds no colon");
  };

  const endBase64 = (): void => {
    let value: Uint8Array;
    try {
      value = decoder.finish(end);
    } catch (error) {
      skipBase64(error);
      return;
    }
    emit(value);
  };

  /** Reads up to the colon; gives where the rest begins. */
  const readName = (chunk: Uint8Array, start: number, stop: number): number => {
    let at = start;
    while (at < stop && chunk[at] !== colon) at++;
    if (collector.length() + at - start > maxNameBytes) {
      skip(`line holds no colon in its first ${maxNameBytes} bytes`);
      return stop;
    }
    collector.push(chunk, start, at);
    if (at === stop) return stop;
    const known = collector.takeKnown(names, readAttributeName);
    type = known.type;
    wanted = known.valid && visitor.wantsText(type);
    if (known.valid) place = "marker";
    else skip("line does not begin with the name of an attribute");
    return at + 1;
  };

  /** What follows the colon tells what the value is: `:` base64, `<` an address, else text. */
  const readMarker = (chunk: Uint8Array, at: number): number => {
    if (chunk[at] === colon) {
      place = "base64";
      return at + 1;
    }
    if (chunk[at] === lessThan) skipValue(`value of ${type} is an address, which is not followed`);
    else place = "fill";
    return at;
  };

  const readFill = (chunk: Uint8Array, start: number, stop: number): number => {
    let at = start;
    while (at < stop && chunk[at] === space) at++;
    if (at < stop) place = "text";
    return at;
  };

  const readBase64 = (chunk: Uint8Array, start: number, stop: number): void => {
    try {
      decoder.push(chunk, start, stop, end - (stop - start));
    } catch (error) {
      skipBase64(error);
    }
  };

  const readText = (chunk: Uint8Array, start: number, stop: number): void => {
    if (!wanted) return;
    if (collector.length() + stop - start > maxTextBytes)
      skipValue(`value of ${type} is over ${maxTextBytes} bytes`);
    else collector.push(chunk, start, stop);
  };

  const begin = (chunk: Uint8Array, start: number, offset: number): number => {
    const first = chunk[start];
    if (first === space && place !== "outside") return start + 1;
    endLine();
    lineOffset = offset;
    if (first === space) skip("line continues none");
    else place = first === numberSign ? "ignored" : "name";
    return start;
  };

  const splitter = createLineSplitter({
    piece(chunk, start, stop, offset, begins) {
      let at = begins ? begin(chunk, start, offset) : start;
      end = offset + stop - start;
      if (place === "name") at = readName(chunk, at, stop);
      if (place === "marker" && at < stop) at = readMarker(chunk, at);
      if (place === "fill") at = readFill(chunk, at, stop);
      if (place === "base64") readBase64(chunk, at, stop);
      else if (place === "text") readText(chunk, at, stop);
    },
    // Nearly all of a directory is folded base64: to look for the end of each line first would take as long as to decode it.
    takeAhead(chunk, start, offset) {
      let at = start;
      while (place === "base64" && chunk[at] === space) {
        at = decoder.pushDigits(chunk, at + 1, chunk.length);
        end = offset + at - start;
        if (chunk[at] === carriageReturn && chunk[at + 1] === lineFeed) at++;
        if (chunk[at] !== lineFeed) return at;
        at++;
      }
      return at;
    },
    emptyLine() {
      endLine();
      visitor.recordEnd();
    },
  });

  return {
    push: splitter.push,
    finish() {
      endLine();
      visitor.recordEnd();
    },
  };
}

interface AttributeName {
  readonly type: string;
  readonly valid: boolean;
}

function readAttributeName(description: string): AttributeName {
  const type = attributeType(description);
  return { type, valid: attributeName.test(type) };
}

/** The name without its options, `;binary` among them. */
export function attributeType(description: string): string {
  const [type = ""] = description.split(";", 1);
  return type.trim().toLowerCase();
}

const attributeName = /^(?:[a-z][a-z0-9-]*|\d+(?:\.\d+)*)$/;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const numberSign = 0x23;
const colon = 0x3a;
const lessThan = 0x3c;
// Names of ICAO's directory have under 40 bytes with their options; a DN made of a certificate's name some 300.
const maxNameBytes = 256;
const maxTextBytes = 65_536;
