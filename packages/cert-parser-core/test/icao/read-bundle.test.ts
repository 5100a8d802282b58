import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, test } from "node:test";
import { CertParserError, readBundle } from "cert-parser-core";
import { concat, context, sequence } from "../der-writer.ts";
import {
  absent,
  buildCertificate,
  buildCscaMasterList,
  buildRevocationList,
  buildSignedData,
} from "../specimens.ts";

const certificate = buildCertificate();
const content = buildCscaMasterList(certificate);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("readBundle", () => {
  const kinds = [
    ["a Master List", buildSignedData(content), "master-list", { certificates: 1, crls: 0 }],
    ["a bare CscaMasterList", content, "bare-master-list", { certificates: 1, crls: 0 }],
    ["a certificate", certificate, "certificate", { certificates: 1, crls: 0 }],
    [
      "a certificate of version 1",
      buildCertificate({ version: absent }),
      "certificate",
      { certificates: 1, crls: 0 },
    ],
    ["a CRL", buildRevocationList(), "crl", { certificates: 0, crls: 1 }],
    ["a CRL of version 1", buildRevocationList({ version: absent }), "crl", { certificates: 0, crls: 1 }],
  ] as const;

  for (const [what, bytes, kind, counts] of kinds) {
    test(`knows ${what} by its content`, async () => {
      const bundle = await readBundle(bytes);
      assert.equal(bundle.kind, kind);
      assert.equal(bundle.bytes, bytes);
      assert.equal(bundle.sha256, createHash("sha256").update(bytes).digest("hex"));
      const [object, ...others] = bundle.objects;
      assert.ok(object);
      assert.deepEqual(others, []);
      assert.deepEqual([object.kind, object.offset, object.der], [kind, 0, bytes]);
      assert.deepEqual({ certificates: object.certificates.length, crls: object.crls.length }, counts);
    });
  }

  test("says that a certificate of its own was found in a file", async () => {
    const [object] = (await readBundle(certificate)).objects;
    assert.equal(object?.certificates[0]?.foundIn, "file");
  });

  test("hashes with the function that was given", async () => {
    const bundle = await readBundle(certificate, { sha256: () => "digest" });
    assert.equal(bundle.sha256, "digest");
    assert.equal(bundle.objects[0]?.certificates[0]?.sha256, "digest");
  });

  test("gives an error of the certificate, where the input is one with a defect", async () => {
    const flawed = buildCertificate({ subject: sequence(sequence()) });
    await assert.rejects(readBundle(flawed), { code: "DER_SYNTAX", path: "TBSCertificate.subject" });
  });

  test("gives an error of the CRL, where the input is one with a defect", async () => {
    const flawed = buildRevocationList({ crlExtensions: context(0) });
    await assert.rejects(readBundle(flawed), { code: "DER_SYNTAX", path: "TBSCertList.crlExtensions" });
  });
});

describe("readBundle of a stream", () => {
  async function* inChunksOf(bytes: Uint8Array, size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }

  for (const size of [1, 7, 100_000]) {
    test(`puts chunks of ${size} bytes together`, async () => {
      const list = buildSignedData(content);
      const bundle = await readBundle(inChunksOf(list, size));
      assert.deepEqual(bundle.bytes, list);
      assert.equal(bundle.objects[0]?.certificates.length, 1);
    });
  }

  test("takes a web stream", async () => {
    const { body } = new Response(Uint8Array.from(content));
    assert.ok(body);
    assert.equal((await readBundle(body)).kind, "bare-master-list");
  });

  test("takes an empty stream for an empty input", async () => {
    await assert.rejects(readBundle(inChunksOf(concat(), 1)), { code: "INPUT_UNRECOGNISED" });
  });

  test("passes on what the stream throws", async () => {
    const broken = new Error("connection reset");
    async function* failing() {
      yield content.subarray(0, 10);
      throw broken;
    }
    await assert.rejects(readBundle(failing()), (error) => error === broken);
  });
});

describe("an input that is none of these", () => {
  const inputs = [
    ["nothing", utf8(""), /empty/],
    ["an HTML page", utf8("<!DOCTYPE html><html><body>502"), /HTML/],
    ["an HTML page after blanks", utf8("\r\n <html>"), /HTML/],
    ["XML", utf8('<?xml version="1.0"?>'), /XML/],
    ["PEM", utf8("-----BEGIN CERTIFICATE-----\nMIIB"), /PEM/],
    ["a member of a ZIP", Uint8Array.of(0x50, 0x4b, 1, 2, 20, 0), /ZIP/],
    ["a PDF", utf8("%PDF-1.7"), /PDF/],
    ["JSON", utf8('{"error":"unauthorized"}'), /JSON/],
    ["base64 of something else", utf8("TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQsIGNvbnNl"), /base64/],
    ["other text", utf8("Service unavailable"), /text that begins with "Service unavailable"/],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8, 0), /gzip/],
    ["text in UTF-16", Uint8Array.of(0xff, 0xfe, 0x2d, 0), /UTF-16/],
    ["other bytes", Uint8Array.of(0x1e, 0x8b, 8, 0), /1e8b0800/],
    ["an OCTET STRING", Uint8Array.of(4, 1, 0), /040100/],
  ] as const;

  for (const [what, bytes, appearance] of inputs) {
    test(`is refused with a word on what it looks like: ${what}`, async () => {
      await assert.rejects(readBundle(bytes), (error) => {
        assert.ok(error instanceof CertParserError);
        assert.equal(error.code, "INPUT_UNRECOGNISED");
        assert.match(error.message, appearance);
        assert.match(error.message, /expected a Master List/);
        assert.ok(error.message.length < 200);
        // It goes to terminals and logs.
        assert.match(error.message, /^[\x20-\x7e]+$/);
        return true;
      });
    });
  }
});
