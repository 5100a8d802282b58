import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { zipSync } from "fflate";
import { createExpansionBudget, isZip, readZip } from "../../src/containers/zip.ts";
import { CertParserError } from "../../src/errors.ts";
import { defaultLimits, type Limits } from "../../src/limits.ts";
import { ascii } from "../ascii.ts";

const files = {
  "list.ml": Uint8Array.from({ length: 5000 }, (_, index) => (index * index) % 251),
  "folder/": new Uint8Array(),
  "folder/läsmich.txt": ascii("text ".repeat(100)),
  "empty.txt": new Uint8Array(),
};
const archive = zipSync({ ...files, "stored.bin": [files["list.ml"], { level: 0 }] });

function unzip(bytes: Uint8Array, limits: Partial<Limits> = {}): ReadonlyMap<string, Uint8Array> {
  const all = { ...defaultLimits, ...limits };
  const members = readZip(bytes, all, createExpansionBudget(bytes.length, all));
  return new Map(members.map(({ name, content }) => [name, Uint8Array.from(Buffer.concat([...content()]))]));
}

/** The archive with some bytes written over, counted from where `signature` stands first, or last. */
function changed(signature: number, offset: number, bytes: readonly number[], last = false): Uint8Array {
  const copy = Uint8Array.from(archive);
  const pattern = [0x50, 0x4b, signature & 0xff, signature >> 8];
  const at = last
    ? Buffer.from(copy).lastIndexOf(Buffer.from(pattern))
    : Buffer.from(copy).indexOf(Buffer.from(pattern));
  copy.set(bytes, at + offset);
  return copy;
}

/** An archive whose one member claims some bytes more than follow it. */
function pastTheEnd(): Uint8Array {
  const single = zipSync({ a: [new Uint8Array(100), { level: 0 }] });
  single[Buffer.from(single).indexOf(Buffer.from([0x50, 0x4b, 1, 2])) + 20] = 190;
  return single;
}

const localHeader = 0x0403;
const directoryHeader = 0x0201;
const endOfDirectory = 0x0605;

test("readZip gives the members, deflated or stored, and no folders", () => {
  const read = unzip(archive);
  assert.deepEqual([...read.keys()], ["list.ml", "folder/läsmich.txt", "empty.txt", "stored.bin"]);
  assert.deepEqual(read.get("list.ml"), files["list.ml"]);
  assert.deepEqual(read.get("stored.bin"), files["list.ml"]);
  assert.deepEqual(read.get("folder/läsmich.txt"), files["folder/läsmich.txt"]);
  assert.equal(read.get("empty.txt")?.length, 0);
});

test("an archive is told by its first bytes, an empty one too", () => {
  assert.ok(isZip(archive));
  assert.ok(isZip(zipSync({})));
  assert.equal(isZip(ascii("PK, said he")), false);
  assert.equal(isZip(new Uint8Array(2)), false);
  assert.deepEqual([...unzip(zipSync({}))], []);
});

describe("refused is", () => {
  const flaws: readonly (readonly [flaw: string, bytes: Uint8Array, code: string, message: RegExp])[] = [
    ["an archive cut off", archive.subarray(0, 900), "ARCHIVE_MALFORMED", /no central directory/],
    ["an archive of a few bytes", archive.subarray(0, 10), "ARCHIVE_MALFORMED", /no central directory/],
    [
      "a directory that is shorter than it says",
      changed(endOfDirectory, 10, [9, 0]),
      "ARCHIVE_MALFORMED",
      /after 5 of 9 members/,
    ],
    [
      "a directory out of place",
      changed(endOfDirectory, 16, [1, 0, 0, 0]),
      "ARCHIVE_MALFORMED",
      /after 0 of/,
    ],
    ["ZIP64", changed(endOfDirectory, 10, [0xff, 0xff]), "ARCHIVE_UNSUPPORTED", /ZIP64/],
    ["an encrypted member", changed(directoryHeader, 8, [1]), "ARCHIVE_UNSUPPORTED", /encrypted/],
    ["another method of compression", changed(directoryHeader, 10, [12]), "ARCHIVE_UNSUPPORTED", /method 12/],
    [
      "a checksum that does not match",
      changed(directoryHeader, 16, [0, 0, 0, 0]),
      "ARCHIVE_MALFORMED",
      /checksum/,
    ],
    [
      "a member longer than it claims",
      changed(directoryHeader, 24, [1, 0, 0, 0]),
      "ARCHIVE_MALFORMED",
      /longer than the 1 bytes/,
    ],
    [
      "a member shorter than it claims",
      changed(directoryHeader, 24, [0, 0, 1, 0]),
      "ARCHIVE_MALFORMED",
      /ends after 5000 of/,
    ],
    [
      "a member that does not begin where it should",
      changed(directoryHeader, 42, [7]),
      "ARCHIVE_MALFORMED",
      /does not begin/,
    ],
    [
      "members that overlap",
      changed(directoryHeader, 20, [0xff, 0xff, 0xff]),
      "ARCHIVE_MALFORMED",
      /overlap/,
    ],
    ["a member that runs past the end", pastTheEnd(), "ARCHIVE_MALFORMED", /past the end/],
    [
      "a member that is no DEFLATE",
      changed(localHeader, 37, [0xff, 0xff, 0xff]),
      "ARCHIVE_MALFORMED",
      /cannot be inflated/,
    ],
  ];
  for (const [flaw, bytes, code, message] of flaws) {
    test(flaw, () => {
      assert.throws(
        () => unzip(bytes),
        (error) => error instanceof CertParserError && error.code === code && message.test(error.message),
      );
    });
  }
});

describe("growth is bounded", () => {
  const bomb = zipSync({ "zeros.bin": new Uint8Array(4_000_000) });

  test("by the ratio, at the first piece that is over it", () => {
    assert.ok(bomb.length < 10_000);
    const limits = { ...defaultLimits, maxExpansionRatio: 50 };
    let given = 0;
    const read = () => {
      for (const { content } of readZip(bomb, limits, createExpansionBudget(bomb.length, limits))) {
        for (const piece of content()) given += piece.length;
      }
    };
    assert.throws(read, { code: "LIMIT_EXCEEDED" });
    assert.ok(given <= 50 * bomb.length, `${given} bytes were given`);
    assert.equal(unzip(bomb, { maxExpansionRatio: 1100 }).get("zeros.bin")?.length, 4_000_000);
  });

  test("by what a stream may have at most", () => {
    assert.throws(() => unzip(bomb, { maxExpansionRatio: 1100, maxStreamBytes: 100_000 }), {
      code: "LIMIT_EXCEEDED",
    });
  });

  test("by the size that the directory claims: a lie is found at its first excess", () => {
    const end = Buffer.from(bomb).indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    const lie = Uint8Array.from(bomb);
    lie.set([10, 0, 0, 0], end + 24);
    assert.throws(() => unzip(lie, { maxExpansionRatio: 1100 }), { code: "ARCHIVE_MALFORMED" });
  });

  test("by the number of members", () => {
    assert.throws(() => unzip(archive, { maxEntries: 4 }), { code: "LIMIT_EXCEEDED" });
  });
});

test("an archive with any bytes changed throws nothing but CertParserError", () => {
  const change = fc.tuple(fc.integer({ min: 0, max: archive.length - 1 }), fc.integer({ min: 0, max: 255 }));
  const property = fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
    const copy = Uint8Array.from(archive);
    for (const [at, value] of changes) copy[at] = value;
    try {
      unzip(copy);
    } catch (error) {
      assert.ok(error instanceof CertParserError, String(error));
    }
  });
  fc.assert(property, { seed: 6, numRuns: 500 });
});
