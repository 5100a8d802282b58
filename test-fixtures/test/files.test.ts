import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import {
  fixtureNames,
  fixtureUrl,
  readCertificates,
  readFixture,
  readKey,
  readListedCertificates,
  readManifest,
} from "cert-parser-fixtures";
import { at, readAll } from "./tlv.ts";

const directory = join(import.meta.dirname, "../files");
const manifest = readManifest();

test("the manifest names every file, and the package names the same ones", () => {
  const present = readdirSync(directory).filter(
    (name) => !["keys", "manifest.json", "certificates.json"].includes(name),
  );
  const named = manifest.files.map(({ name }) => name);
  assert.deepEqual(named.toSorted(), present.toSorted());
  assert.deepEqual(named, fixtureNames);
});

for (const name of fixtureNames) {
  test(`${name} has the length and the digest that the manifest gives`, () => {
    const file = manifest.files.find((candidate) => candidate.name === name);
    const bytes = readFixture(name);
    assert.equal(bytes.length, file?.bytes);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), file?.sha256);
    assert.deepEqual(readFileSync(fixtureUrl(name)), Buffer.from(bytes));
  });
}

test("all files together stay under two megabytes and a quarter", () => {
  const sizes = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 2_250_000);
});

test("every key of a certificate is there, marked as a test key", () => {
  for (const { key, signerKey } of readCertificates()) {
    assert.match(readKey(key), /^TEST KEY[\s\S]*BEGIN PRIVATE KEY/);
    assert.match(readKey(signerKey), /^TEST KEY/);
  }
});

test("a file that is no list has no listed certificates", () => {
  assert.throws(() => readListedCertificates("text.txt"), { name: "TypeError", message: /text\.txt/ });
});

test("readers get a copy of their own", () => {
  readFixture("certificate.der").fill(0);
  assert.equal(readFixture("certificate.der")[0], 0x30);
});

test("truncated.ml is the beginning of crl-envelope.ml and ends inside its outermost element", () => {
  const whole = Buffer.from(readFixture("crl-envelope.ml"));
  const truncated = Buffer.from(readFixture("truncated.ml"));
  assert.deepEqual(truncated, whole.subarray(0, truncated.length));
  assert.throws(() => readAll(truncated), RangeError);
  assert.doesNotThrow(() => readAll(whole));
});

test("one-bad.ml holds a whole SEQUENCE of garbage between two certificates", () => {
  const elements = readAll(at(at(readFixture("one-bad.ml"), 1, 0, 2, 1, 0).content, 1).content);
  assert.deepEqual(
    elements.map(({ tag }) => tag),
    [0x30, 0x30, 0x30],
  );
  assert.throws(() => readAll(elements[1]?.content ?? Buffer.alloc(0)), RangeError);
  assert.deepEqual(
    readListedCertificates("one-bad.ml").map((certificate) => certificate === null),
    [false, true, false],
  );
});

test("empty.ml holds an empty SET", () => {
  assert.equal(at(at(readFixture("empty.ml"), 1, 0, 2, 1, 0).content, 1).der.toString("hex"), "3100");
});

test("bare.der is a CscaMasterList, and certificate.der one of its certificates", () => {
  const listed = readAll(at(readFixture("bare.der"), 1).content).map(({ der }) => der.toString("hex"));
  assert.equal(at(readFixture("bare.der"), 0).der.toString("hex"), "020100");
  assert.equal(listed.length, 3);
  assert.ok(listed.includes(Buffer.from(readFixture("certificate.der")).toString("hex")));
});

test("text.txt and html-error.html are text", () => {
  assert.match(new TextDecoder().decode(readFixture("text.txt")), /^This is a text file/);
  assert.match(
    new TextDecoder().decode(readFixture("html-error.html")),
    /^<!DOCTYPE html>[\s\S]*502 Bad Gateway/,
  );
});
