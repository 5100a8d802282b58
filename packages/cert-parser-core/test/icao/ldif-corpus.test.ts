import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { type Bundle, readBundle, summariseBundle, toCertificateRecord } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { zipSync } from "fflate";
import { ascii, base64Lines } from "../ascii.ts";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";

const collection = "ldif/icaopkd-003-half.ldif";

describe("half of ICAO's collection 003", { skip: corpusAbsent }, () => {
  test("holds 251 certificates, each with what ICAO says of it", async () => {
    const bytes = readCorpus(collection);
    const bundle = await readBundle(bytes, { sha256 });
    const summary = summariseBundle(bundle);
    assert.deepEqual(
      [summary.kind, summary.certificates, summary.distinct, summary.rejected],
      ["ldif", 251, 251, []],
    );
    assert.equal(bundle.directories[0]?.records, 283);
    const text = Buffer.from(bytes).toString("latin1");
    const told = bundle.objects.flatMap(({ certificates }) => certificates.map(({ origin }) => origin?.pkd));
    const codes = told.flatMap((pkd) => pkd?.conformanceCodes ?? []);
    assert.equal(codes.length, text.match(/^pkdConformanceCode:/gm)?.length);
    assert.ok(codes.every((code) => /^(?:ERR|WARN):(?:CSCA|DSC|CRL)\.[A-Z]{3}\.\d+$/.test(code)));
    assert.ok(told.every((pkd) => pkd?.version !== null));
  });

  test("is read alike with CRLF, with other folding, in chunks, without its last line, in an archive", async () => {
    const text = Buffer.from(readCorpus(collection)).toString("latin1");
    const unfolded = text.replaceAll("\n ", "");
    const expected = digestOf(await readBundle(ascii(text), { sha256 }));
    const forms = [
      ascii(text.replaceAll("\n", "\r\n")),
      ascii(unfolded),
      ascii(unfolded.replace(/^.{60}(?=.)/gm, "$&\n ")),
      ascii(text.trimEnd()),
      ascii(text.replace(/^userCertificate;binary/gm, "USERCERTIFICATE")),
      zipSync({ "collection.ldif": ascii(text) }),
    ];
    for (const form of forms) {
      const read = await readBundle(form, { sha256 });
      assert.equal(digestOf(read), expected);
      assert.equal(summariseBundle(read).rejected.length, 0);
    }
  });
});

describe("the lists of the corpus in every container", { skip: corpusAbsent }, () => {
  for (const file of corpusFiles("master-lists")) {
    test(`${file} is read alike in PEM, base64, LDIF and ZIP`, async () => {
      const list = readCorpus(`master-lists/${file}`);
      const expected = digestOf(await readBundle(list, { sha256 }));
      const forms: Readonly<Record<string, Uint8Array>> = {
        pem: ascii(`-----BEGIN CMS-----\n${base64Lines(list)}\n-----END CMS-----\n`),
        base64: ascii(base64Lines(list, 76, "\r\n")),
        ldif: ascii(`dn: o=ml,c=UT\npkdMasterListContent;binary:: ${base64Lines(list, 60, "\n ")}\n`),
        zip: zipSync({ [file]: list }, { level: 1 }),
      };
      for (const [form, bytes] of Object.entries(forms)) {
        const read = await readBundle(bytes, { sha256 });
        assert.equal(digestOf(read), expected, form);
        assert.deepEqual(summariseBundle(read).rejected, [], form);
      }
    });
  }
});

/** Over the certificates' digests, in their order, and the names in them. */
function digestOf({ objects }: Bundle): string {
  const hash = createHash("sha256");
  for (const { certificates } of objects) {
    for (const certificate of certificates) {
      const { sha256: fingerprint, subject, notAfter } = toCertificateRecord(certificate);
      hash.update(`${fingerprint} ${subject} ${notAfter}\n`);
    }
  }
  return hash.digest("hex");
}
