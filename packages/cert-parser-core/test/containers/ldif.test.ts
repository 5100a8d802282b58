import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { createLdifReader, type LdifRecord } from "../../src/containers/ldif-record.ts";
import { CertParserError } from "../../src/errors.ts";
import { defaultLimits } from "../../src/limits.ts";
import { ascii } from "../ascii.ts";

interface Read {
  readonly records: readonly LdifRecord[];
  readonly malformed: readonly (readonly [message: string, offset: number])[];
}

/** Reads a text that comes in chunks of that many bytes. */
function readLdif(
  text: string | Uint8Array,
  chunkBytes = Number.POSITIVE_INFINITY,
  limits = defaultLimits,
): Read {
  const bytes = typeof text === "string" ? ascii(text) : text;
  const records: LdifRecord[] = [];
  const malformed: [string, number][] = [];
  const reader = createLdifReader(
    {
      record: (record) => records.push(record),
      malformed: (message, offset) => malformed.push([message, offset]),
      wantsText: (type) => type.startsWith("pkd"),
    },
    limits,
  );
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes));
  reader.finish();
  return { records, malformed };
}

function linesOf({ records }: Read): readonly (readonly [string, string | null])[] {
  return records.flatMap(({ lines }) =>
    lines.map(
      ({ type, value }) =>
        [type, value instanceof Uint8Array ? Buffer.from(value).toString() : value] as const,
    ),
  );
}

const entry = "dn: c=UT\npkdVersion: 7\nuserCertificate;binary:: QUJDREVG\n";

describe("an entry is read alike", () => {
  const forms: readonly (readonly [form: string, text: string])[] = [
    ["with a version before it", `version: 1\n\n${entry}\n`],
    ["with the version in its first line", `version: 1\n${entry}\n`],
    ["without the last empty line", entry],
    ["without the last line feed", entry.trimEnd()],
    ["with CRLF", `version: 1\r\n\r\n${entry.replaceAll("\n", "\r\n")}`],
    ["with several empty lines", `\n\nversion: 1\n\n\n${entry}\n\n\n`],
    [
      "with comments, folded ones too",
      `# a comment\n  that goes on\n${entry.replace("pkd", "#c\n d:\npkd")}`,
    ],
    ["with a folded value", entry.replace("QUJD", "QU\n JD\n ")],
    ["folded after the colon", entry.replace("binary::", "binary:\n :")],
    ["folded in the name of the attribute", entry.replace("userCert", "user\n Cert")],
    ["folded in CRLF", entry.replace("QUJD", "QU\r\n JD\r\n ").replaceAll(/(?<!\r)\n/g, "\r\n")],
    ["with a DN in base64", entry.replace("dn: c=UT", "dn:: Yz1VVA==")],
    ["with a folded DN", entry.replace("dn: c=UT", "dn: c=\n UT")],
    [
      "with names in another case",
      entry.replace("userCertificate;binary", "USERCERTIFICATE;Binary").replace("pkdV", "PKDv"),
    ],
    ["without the option", entry.replace(";binary", "")],
    [
      "with spaces after the colon, or none",
      entry.replace("pkdVersion: ", "pkdVersion:   ").replace(":: ", "::"),
    ],
    ["with a version in base64", entry.replace("pkdVersion: 7", "pkdVersion:: Nw==")],
  ];
  for (const [form, text] of forms) {
    test(`${form}, whatever the chunks`, () => {
      for (const chunkBytes of [Number.POSITIVE_INFINITY, 1, 2, 3, 5, 7, 16]) {
        const read = readLdif(text, chunkBytes);
        assert.deepEqual(read.malformed, [], `chunks of ${chunkBytes}`);
        assert.deepEqual(
          read.records.map(({ dn }) => dn),
          ["c=UT"],
          `chunks of ${chunkBytes}`,
        );
        assert.deepEqual(
          linesOf(read),
          [
            ["pkdversion", "7"],
            ["usercertificate", "ABCDEF"],
          ],
          `chunks of ${chunkBytes}`,
        );
        assert.equal(read.records[0]?.offset, text.search(/dn:/), `chunks of ${chunkBytes}`);
      }
    });
  }

  test("as an add record", () => {
    const { records } = readLdif(entry.replace("pkdV", "changetype: add\npkdV"));
    assert.deepEqual(
      records.map(({ changeType }) => changeType),
      ["add"],
    );
  });
});

test("text that is not wanted is not kept, and takes no place", () => {
  const read = readLdif(
    `dn: c=UT\nobjectClass: top\ncn: ${"x".repeat(1000)}\npkdVersion: 1\n`,
    Number.POSITIVE_INFINITY,
    {
      ...defaultLimits,
      maxEntries: 1,
    },
  );
  assert.deepEqual(linesOf(read), [["pkdversion", "1"]]);
});

test("records without an empty line between them are two", () => {
  assert.deepEqual(
    readLdif(`${entry}${entry.replace("UT", "XA")}`).records.map(({ dn }) => dn),
    ["c=UT", "c=XA"],
  );
});

test("a modification keeps its parts and what parts them", () => {
  const text =
    "dn: c=UT\nchangetype: modify\nreplace: userCertificate;binary\nuserCertificate;binary:: QUJD\n-\ndelete: pkdVersion\n-\n";
  const read = readLdif(text);
  assert.deepEqual(
    read.records.map(({ changeType }) => changeType),
    ["modify"],
  );
  assert.deepEqual(linesOf(read), [
    ["replace", "userCertificate;binary"],
    ["usercertificate", "ABC"],
    ["-", null],
    ["delete", "pkdVersion"],
    ["-", null],
  ]);
});

describe("a line that cannot be read is passed over, and the record goes on:", () => {
  const unread = ["usercertificate", null] as const;
  const flaws: readonly (readonly [
    flaw: string,
    line: string,
    message: RegExp,
    told?: readonly [string, null],
  ])[] = [
    ["no colon", "userCertificate", /no colon/],
    ["a name that is none", "?!: x", /name of an attribute/],
    ["no name", ": x", /name of an attribute/],
    ["a value that is no base64", "userCertificate:: QU?D", /none of its digits/, unread],
    ["a value that ends too early", "userCertificate:: QUJDRUJ", /ends too early/, unread],
    ["an address", "userCertificate:< file:///etc/passwd", /not followed/, unread],
    ["a name without end", "x".repeat(5000), /no colon/],
  ];
  for (const [flaw, line, message, told] of flaws) {
    test(flaw, () => {
      const text = `dn: c=UT\n${line}\n folded\npkdVersion: 7\n`;
      for (const chunkBytes of [Number.POSITIVE_INFINITY, 3]) {
        const read = readLdif(text, chunkBytes);
        assert.deepEqual(linesOf(read), [...(told === undefined ? [] : [told]), ["pkdversion", "7"]]);
        assert.equal(read.malformed.length, 1);
        assert.match(read.malformed[0]?.[0] ?? "", message);
        assert.equal(read.malformed[0]?.[1], 9);
      }
    });
  }

  test("a wanted text that is too long", () => {
    const read = readLdif(`dn: c=UT\npkdConformanceText: ${"x".repeat(70_000)}\npkdVersion: 7\n`, 4096);
    assert.deepEqual(linesOf(read), [
      ["pkdconformancetext", null],
      ["pkdversion", "7"],
    ]);
    assert.match(read.malformed[0]?.[0] ?? "", /over 65536 bytes/);
  });

  test("a line that continues none", () => {
    assert.deepEqual(readLdif(` x\n\n${entry}`).malformed, [["line continues none", 0]]);
  });
});

describe("a record that cannot be read is passed over:", () => {
  test("one without a DN", () => {
    const read = readLdif(`pkdVersion: 1\n\n${entry}`);
    assert.deepEqual(read.malformed, [["record has no dn", 0]]);
    assert.equal(read.records.length, 1);
  });

  test("one of a change whose type, or whose DN, is not legible", () => {
    for (const text of ["dn: c=XA\nchangetype:: !\n", "dn:: !\nchangetype: delete\n"]) {
      const read = readLdif(`${text}\n${entry}`);
      assert.deepEqual(
        read.records.map(({ dn }) => dn),
        ["c=UT"],
      );
      assert.equal(read.malformed.length, 2);
    }
  });

  test("but not an entry whose DN is not legible", () => {
    assert.deepEqual(linesOf(readLdif(entry.replace("dn: c=UT", "dn:: !"))), linesOf(readLdif(entry)));
  });

  test("one of a change that is not known", () => {
    const read = readLdif(`dn: c=XA\nchangetype: modrdn\nnewrdn: c=XB\n\n${entry}`);
    assert.deepEqual(read.malformed, [['changetype "modrdn" is not read', 0]]);
    assert.equal(read.records.length, 1);
  });
});

test("a file without a record has none", () => {
  for (const text of ["", "version: 1\n\n", "version: 1", "# nothing\n", "\n\n"]) {
    assert.deepEqual(readLdif(text), { records: [], malformed: [] }, JSON.stringify(text));
  }
});

test("reading stops at as many attributes as are allowed", () => {
  const limits = { ...defaultLimits, maxEntries: 3 };
  assert.equal(linesOf(readLdif(entry, 8, limits)).length, 2);
  assert.throws(() => readLdif(`${entry}\n${entry}`, 8, limits), { code: "LIMIT_EXCEEDED" });
});

test("any text is read alike whatever its chunks, and nothing but CertParserError is thrown", () => {
  const pieces = [
    "dn: c=UT",
    "version: 1",
    "\n",
    "\r\n",
    "\r",
    " ",
    "a:",
    ":",
    "QUJD",
    "=",
    "pkdVersion",
    ";binary",
    "#",
    "-",
    "é",
    "changetype: modify",
  ];
  const property = fc.property(
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }),
    fc.integer({ min: 1, max: 9 }),
    (chosen, chunkBytes) => {
      const text = chosen.join("");
      try {
        assert.deepEqual(readLdif(text, chunkBytes), readLdif(text));
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        assert.ok(error instanceof CertParserError, String(error));
      }
    },
  );
  fc.assert(property, { seed: 5, numRuns: 3000 });
});
