import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CertParserError, parseRevocationList, revokedCertificateRecords, toHex } from "cert-parser-core";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";
import { outcomeOf } from "../outcome.ts";

interface Expected {
  readonly file: string;
  readonly entries: number;
  readonly thisUpdate: Date;
}

const expectations: readonly Expected[] = corpusAbsent
  ? []
  : new TextDecoder()
      .decode(readCorpus("expected/crl.tsv"))
      .trim()
      .split("\n")
      .map((line) => {
        const [file = "", , entries = "", thisUpdate = ""] = line.split("\t");
        return { file, entries: Number(entries), thisUpdate: openSslTime(thisUpdate) };
      });

// What this library does where a CRL has one defect: findings of the list and of its entries, or the error.
const oneDefect: Readonly<Record<string, readonly string[] | string>> = {
  "crl.delta.der": [],
  "crl.empty.der": [],
  "crl.entry.empty.ext.seq.der": [],
  "crl.entry.invalid.reason.der": ["EXTENSION_MALFORMED"],
  "crl.entry.invalidity.date.der": [],
  "crl.entry.issuer.ext.der": [],
  "crl.entry.unknown.crit.ext.der": [],
  "crl.idp.explicit.false.bool.der": [],
  "crl.idp.indirect_crl.der": [],
  "crl.idp.invalid.bool.der": [],
  "crl.idp.invalid.name.der": [],
  "crl.idp.name_relative_to_issuer.der": [],
  "crl.idp.no_distribution_point_name.der": [],
  "crl.idp.only_attribute_certs.der": [],
  "crl.idp.only_ca_certs.der": [],
  "crl.idp.only_some_reasons.der": [],
  "crl.idp.only_user_certs.der": [],
  "crl.idp.unknown.tag.der": [],
  "crl.idp.valid.der": [],
  "crl.invalid.this.update.time.der": ["TIME_FORM"],
  "crl.mismatched.sigalg.der": ["SIGNATURE_ALGORITHM_MISMATCH"],
  "crl.missing.exts.der": [],
  "crl.missing.next.update.der": [],
  "crl.negative.crl.number.der": [],
  "crl.negative.serial.der": [],
  "crl.no.entry.exts.der": [],
  "crl.too.long.crl.number.der": [],
  "crl.topbit.serial.der": [],
  "crl.unknown.crit.ext.der": [],
  "crl.valid.der": [],
  "crl.wrong.version.der": ["VERSION_UNEXPECTED"],
};

describe("CRLs of the corpus", { skip: corpusAbsent }, () => {
  for (const { file, entries, thisUpdate } of expectations) {
    test(`${file} has the ${entries} entries and the thisUpdate that OpenSSL reads`, () => {
      const crl = parseRevocationList(readCorpus(`crl/${file}`));
      assert.equal(crl.revokedCertificateCount, entries);
      assert.equal(crl.thisUpdate.getTime(), thisUpdate.getTime());
      assert.equal([...crl.revokedCertificates].length, entries);
    });
  }

  test("the list of expectations covers every file", () => {
    const files = [
      ...corpusFiles("crl"),
      ...corpusFiles("crl/one-defect").map((file) => `one-defect/${file}`),
    ];
    assert.deepEqual(expectations.map(({ file }) => file).toSorted(), files.toSorted());
  });

  for (const [file, expected] of Object.entries(oneDefect)) {
    test(`one-defect/${file} gives ${JSON.stringify(expected)}`, () => {
      const read = outcomeOf(() => parseRevocationList(readCorpus(`crl/one-defect/${file}`)));
      if (read instanceof CertParserError) return assert.equal(read.code, expected);
      const findings = [
        ...read.findings,
        ...[...read.revokedCertificates].flatMap((entry) => entry.findings),
      ];
      assert.deepEqual(
        findings.map(({ code }) => code),
        expected,
      );
    });
  }

  test("the table of defects covers every file", () => {
    assert.deepEqual(Object.keys(oneDefect), corpusFiles("crl/one-defect"));
  });

  test("25,219 entries are read twice alike, each with its own serial number", () => {
    const crl = parseRevocationList(readCorpus("crl/large-25219.crl"));
    const first = [...revokedCertificateRecords(crl)];
    assert.equal(first.length, 25_219);
    assert.equal(new Set(first.map(({ serialNumber }) => serialNumber)).size, 25_219);
    assert.deepEqual([...revokedCertificateRecords(crl)], first);
  });

  test("a negative serial number keeps its octets", () => {
    const [entry] = parseRevocationList(
      readCorpus("crl/one-defect/crl.negative.serial.der"),
    ).revokedCertificates;
    assert.ok(
      entry && (entry.serialNumber[0] as number) >= 0x80,
      toHex(entry?.serialNumber ?? new Uint8Array()),
    );
  });

  test("a CRL of version 1 without nextUpdate has none", () => {
    const { version, nextUpdate } = parseRevocationList(readCorpus("crl/v1-minimal.crl"));
    assert.deepEqual([version, nextUpdate], [1, undefined]);
  });
});

/** `Jul 14 16:00:00 2021 GMT`; years below 1000 are not padded. */
function openSslTime(text: string): Date {
  const [, month = "", day, time, year = ""] = /^(\w{3}) +(\d+) (\S+) (\d+) GMT$/.exec(text) ?? [];
  const number =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].indexOf(month) + 1;
  const digits = (value: number | string | undefined, length: number) => String(value).padStart(length, "0");
  return new Date(`${digits(year, 4)}-${digits(number, 2)}-${digits(day, 2)}T${time}Z`);
}
