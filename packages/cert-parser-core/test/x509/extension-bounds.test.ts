import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseCertificate, parseRevocationList } from "cert-parser-core";
import { fromHex } from "../../src/bytes/hex.ts";
import { sequence, tlv } from "../der-writer.ts";
import { buildCertificate, buildRevocationList, crlExtensions, extension, extensions } from "../specimens.ts";

const empty = sequence();
const idCeSubjectAltName = "2.5.29.17";

describe("extensions are bounded:", () => {
  test("a thousand are read, though they are malformed, and one more is refused", () => {
    const of = (count: number) =>
      buildCertificate({ extensions: extensions(...new Array<Uint8Array>(count).fill(empty)) });
    assert.equal(
      parseCertificate(of(1000)).findings.filter(({ code }) => code === "EXTENSION_MALFORMED").length,
      1000,
    );
    assert.throws(() => parseCertificate(of(1001)), {
      code: "LIMIT_EXCEEDED",
      path: "TBSCertificate.extensions",
    });
  });

  test("those of a CRL too", () => {
    const of = (count: number) =>
      buildRevocationList({ crlExtensions: crlExtensions(...new Array<Uint8Array>(count).fill(empty)) });
    assert.equal(parseRevocationList(of(1000)).extensions.length, 0);
    assert.throws(() => parseRevocationList(of(1001)), { code: "LIMIT_EXCEEDED" });
  });

  test("one whose value is over 64 KiB is passed over, whatever is in it", () => {
    const names = (count: number) => sequence(...new Array<Uint8Array>(count).fill(tlv(0x82, fromHex("61"))));
    const of = (count: number) =>
      parseCertificate(
        buildCertificate({ extensions: extensions(extension(idCeSubjectAltName, names(count))) }),
      );
    assert.equal(of(20_000).subjectAltName?.length, 20_000);
    const over = of(22_000);
    assert.equal(over.subjectAltName, undefined);
    assert.match(
      over.findings.find(({ code }) => code === "EXTENSION_MALFORMED")?.message ?? "",
      /over 65536 bytes/,
    );
    assert.equal(over.extensions.length, 1);
  });
});
