/**
 * ZIP archives (PKWARE APPNOTE 6.3), read by their central directory, member by member, within a budget.
 *
 * `unzipSync` of fflate cannot stand in: one damaged member loses the others, it checks no CRC, and it takes the sizes in the
 * headers at their word, so that a small archive may cost any time.
 *
 * @module
 */

import { Inflate, inflateSync } from "fflate";
import { decodeLatin1, decodeUtf8 } from "../bytes/text.ts";
import { CertParserError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { updateCrc32 } from "./crc32.ts";

/** One file in an archive. */
export interface ZipMember {
  readonly name: string;
  /** Byte offset of its local header in the archive. */
  readonly offset: number;
  /** Length of its content, as the archive says. */
  readonly bytes: number;
  /** Yields the content in pieces. Throws `CertParserError` where it is damaged or cannot be read here. */
  content(): Iterable<Uint8Array>;
}

/** How many bytes an archive, and what is inside it, may still grow to. */
export interface ExpansionBudget {
  /** Takes some of it. Throws `LIMIT_EXCEEDED` where there is no more. */
  spend(bytes: number): void;
}

/** The budget of one file. */
export function createExpansionBudget(fileBytes: number, limits: Limits): ExpansionBudget {
  let left = Math.min(Math.max(fileBytes, smallFileBytes) * limits.maxExpansionRatio, limits.maxStreamBytes);
  return {
    spend(bytes) {
      left -= bytes;
      if (left >= 0) return;
      throw new CertParserError(
        "LIMIT_EXCEEDED",
        `archive grows to over ${limits.maxExpansionRatio} times its size, or ${limits.maxStreamBytes} bytes`,
      );
    },
  };
}

/** Tells whether bytes begin as a ZIP archive does. */
export function isZip(bytes: Uint8Array): boolean {
  const signature = bytes.length < 4 ? 0 : viewOf(bytes).getUint32(0, true);
  return signature === localHeader || signature === endOfDirectory;
}

/** Reads the central directory. Folders are left out. */
export function readZip(archive: Uint8Array, limits: Limits, budget: ExpansionBudget): readonly ZipMember[] {
  const view = viewOf(archive);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const directory = view.getUint32(end + 16, true);
  if (count === 0xffff || directory === 0xffff_ffff) {
    throw new CertParserError("ARCHIVE_UNSUPPORTED", "archive is in the form of ZIP64, for over 4 GiB", {
      offset: end,
    });
  }
  if (count > limits.maxEntries) {
    throw new CertParserError("LIMIT_EXCEEDED", `archive has over ${limits.maxEntries} members`, {
      offset: end,
    });
  }
  const members: ZipMember[] = [];
  let compressedBytes = 0;
  let at = directory;
  for (let index = 0; index < count; index++) {
    if (at + 46 > end || view.getUint32(at, true) !== directoryHeader) {
      throw malformed(`central directory ends after ${index} of ${count} members`, at);
    }
    const header = readDirectoryHeader(archive, view, at);
    compressedBytes += header.compressedBytes;
    // Archives that grow beyond all measure have members that share their bytes.
    if (compressedBytes > archive.length) throw malformed("members of the archive overlap", at);
    if (!header.name.endsWith("/")) members.push(memberOf(archive, view, header, budget));
    at = header.end;
  }
  return members;
}

interface DirectoryHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly compressedBytes: number;
  readonly bytes: number;
  readonly offset: number;
  readonly end: number;
}

function readDirectoryHeader(archive: Uint8Array, view: DataView, at: number): DirectoryHeader {
  const nameEnd = at + 46 + view.getUint16(at + 28, true);
  const name = archive.subarray(at + 46, nameEnd);
  return {
    name: decodeUtf8(name) ?? decodeLatin1(name),
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    compressedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    offset: view.getUint32(at + 42, true),
    end: nameEnd + view.getUint16(at + 30, true) + view.getUint16(at + 32, true),
  };
}

function memberOf(
  archive: Uint8Array,
  view: DataView,
  header: DirectoryHeader,
  budget: ExpansionBudget,
): ZipMember {
  const { name, offset, bytes } = header;
  return {
    name,
    offset,
    bytes,
    *content() {
      let length = 0;
      let crc = 0;
      for (const piece of inflated(compressedContent(archive, view, header), header)) {
        budget.spend(piece.length);
        length += piece.length;
        if (length > bytes)
          throw malformed(`member ${name} is longer than the ${bytes} bytes it claims`, offset);
        crc = updateCrc32(crc, piece);
        yield piece;
      }
      if (length < bytes) throw malformed(`member ${name} ends after ${length} of ${bytes} bytes`, offset);
      if (crc !== header.crc32) throw malformed(`member ${name} does not match its checksum`, offset);
    },
  };
}

function compressedContent(archive: Uint8Array, view: DataView, header: DirectoryHeader): Uint8Array {
  const { name, flags, method, compressedBytes, offset } = header;
  if ((flags & encrypted) !== 0) {
    throw new CertParserError("ARCHIVE_UNSUPPORTED", `member ${name} is encrypted`, { offset });
  }
  if (method !== stored && method !== deflated) {
    throw new CertParserError("ARCHIVE_UNSUPPORTED", `member ${name} is compressed by method ${method}`, {
      offset,
    });
  }
  if (offset + 30 > archive.length || view.getUint32(offset, true) !== localHeader) {
    throw malformed(`member ${name} does not begin where the central directory says`, offset);
  }
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (start + compressedBytes > archive.length) throw malformed(`member ${name} runs past the end`, offset);
  return archive.subarray(start, start + compressedBytes);
}

/** Feeds the inflater little at a time: what it gives at once is then bounded, whatever the sizes in the headers. */
function* inflated(compressed: Uint8Array, { name, method, offset }: DirectoryHeader): Generator<Uint8Array> {
  if (method === stored) {
    yield compressed;
    return;
  }
  if (compressed.length <= inflateBytes) {
    yield inflatedAtOnce(compressed, name, offset);
    return;
  }
  let pieces: Uint8Array[] = [];
  const inflate = new Inflate((piece) => pieces.push(piece));
  for (let at = 0; at < compressed.length; at += inflateBytes) {
    const end = Math.min(at + inflateBytes, compressed.length);
    try {
      inflate.push(compressed.subarray(at, end), end === compressed.length);
    } catch (cause) {
      throw new CertParserError("ARCHIVE_MALFORMED", `member ${name} cannot be inflated`, { offset, cause });
    }
    yield* pieces;
    pieces = [];
  }
}

/** What is short may come out at once, which takes a hundredth of the time to begin. */
function inflatedAtOnce(compressed: Uint8Array, name: string, offset: number): Uint8Array {
  try {
    return inflateSync(compressed);
  } catch (cause) {
    throw new CertParserError("ARCHIVE_MALFORMED", `member ${name} cannot be inflated`, { offset, cause });
  }
}

/** The record at the end of an archive, before a comment of at most 64 KiB. */
function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - 22 - 0xffff);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) === endOfDirectory) return at;
  }
  throw malformed("archive has no central directory: it was cut off", view.byteLength);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function malformed(message: string, offset: number): CertParserError {
  return new CertParserError("ARCHIVE_MALFORMED", message, { offset });
}

const localHeader = 0x04034b50;
const directoryHeader = 0x02014b50;
const endOfDirectory = 0x06054b50;
const encrypted = 0x1;
const stored = 0;
const deflated = 8;
// DEFLATE grows at most 1032 times: a megabyte for each of these.
const inflateBytes = 1024;
// A ratio says little of an archive of some hundred bytes.
const smallFileBytes = 4096;
