import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import * as main from "cert-parser-core";
import { type FixtureName, readFixture, readListedCertificates } from "cert-parser-fixtures";
import {
  buildCertificate,
  buildMasterList,
  cscaOptions,
  generateKeyPair,
  listSignerOptions,
} from "cert-parser-fixtures/builders";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = Array.from(readme.matchAll(/```ts\n(.*?)```/gs), ([, code = ""]) => code);
const nodeModules = fileURLToPath(new URL("../../../node_modules", import.meta.url));
const otherRuntime = "Deno" in globalThis || "Bun" in globalThis;
const skip = otherRuntime && "the examples are run by Node";

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an example as its reader would, beside a `list.ml`. */
async function run(example: string | undefined, list: FixtureName | Uint8Array | undefined): Promise<Output> {
  assert.ok(example);
  const folder = mkdtempSync(join(tmpdir(), "cert-parser-readme-"));
  try {
    symlinkSync(nodeModules, join(folder, "node_modules"));
    writeFileSync(join(folder, "example.mts"), example);
    const bytes = typeof list === "string" ? readFixture(list) : list;
    if (bytes) writeFileSync(join(folder, "list.ml"), bytes);
    const args = ["--conditions=cert-parser-source", "example.mts"];
    return await promisify(execFile)(process.execPath, args, { cwd: folder });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The certificates of a list in one that was signed now: it is new to a store, which takes no old one. */
function signedNow(name: FixtureName): Uint8Array {
  const validity = { notBefore: "2020-01-01T00:00:00Z", notAfter: "9999-12-31T23:59:59Z" };
  const subject = [{ type: "C", value: "ZZ" }];
  const key = () => generateKeyPair({ kind: "ec", curve: "P-256" });
  const csca = buildCertificate(cscaOptions({ ...validity, subject, key: key() }));
  const signer = buildCertificate(listSignerOptions({ ...validity, subject, key: key(), issuer: csca }));
  return buildMasterList({
    certificates: main.parseMasterList(readFixture(name)).certificates.map(({ der }) => der),
    signers: [{ certificate: signer, signingTime: `${new Date().toISOString().slice(0, 19)}Z` }],
    envelopeCertificates: [csca.der, signer.der],
  }).der;
}

describe("examples of the README", { skip }, () => {
  const [first, second, third, fourth] = examples;

  test("there are four", () => {
    assert.equal(examples.length, 4);
  });

  test("the first prints every certificate of a list", async () => {
    const { stdout, stderr } = await run(first, "world.ml");
    const known = readListedCertificates("world.ml");
    assert.equal(stderr, "");
    assert.deepEqual(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ").at(-1)),
      known.map((certificate) => certificate?.sha256),
    );
  });

  test("the first says which certificate cannot be read", async () => {
    const { stdout, stderr } = await run(first, "one-bad.ml");
    assert.equal(stdout.trim().split("\n").length, 2);
    assert.match(stderr, /^certificate 1, at byte \d+, cannot be read: /);
  });

  test("the second prints what a file holds", async () => {
    const { stdout } = await run(second, "crl-envelope.ml");
    assert.deepEqual(JSON.parse(stdout), {
      kind: "master-list",
      certificates: 3,
      countries: ["AA", "QZ", "XA"],
      crls: 1,
      rejected: 0,
      findings: { ENVELOPE_CRLS: 1 },
    });
  });

  test("the second says why a file is none of these", async () => {
    const { stderr } = await run(second, "html-error.html");
    assert.match(stderr, /^INPUT_UNRECOGNISED input looks like an HTML/);
  });

  test("the third verifies a list, and says that nobody vouches for it", async () => {
    const { stdout } = await run(third, "signer-alone.ml");
    assert.match(stdout, /^verified CN=.+ nobody vouches for it$/m);
  });

  test("the third says why a list is refused", async () => {
    const { stdout } = await run(third, "content-swapped.ml");
    assert.match(stdout, /^failed message-digest MESSAGE_DIGEST_MISMATCH .+ RFC 5652, 11\.2$/m);
    assert.match(stdout, /^refused undefined /m);
  });

  test("the fourth stores a list", async () => {
    const { stdout } = await run(fourth, signedNow("world.ml"));
    const lines = stdout.trim().split("\n");
    assert.deepEqual(lines.slice(0, 2), ["pipeline.started ", "stage.started download"]);
    assert.equal(lines.at(-1), `${readListedCertificates("world.ml").length} added, 0 removed`);
  });

  test("the fourth says why it does not store an empty one", async () => {
    const { stderr } = await run(fourth, "empty.ml");
    assert.match(stderr, /^verify TRUST_ERROR TOO_FEW_CERTIFICATES list refused/);
  });

  test("the fourth says that there is no file", async () => {
    const { stderr } = await run(fourth, undefined);
    assert.match(stderr, /^download EXTERNAL_SERVICE_ERROR UNEXPECTED ENOENT/);
  });
});

test("the table of exports names every function, class and value, and no other", () => {
  const section = /## What is exported\n(.*?)\n## /s.exec(readme)?.[1] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  const named = rows.flatMap((row) =>
    Array.from((row.split("|")[1] ?? "").matchAll(/`(\w+)/g), ([, name]) => name),
  );
  assert.deepEqual(named.toSorted(), Object.keys(main).toSorted());
});

test("the table of limits has the defaults", () => {
  const section = /## Limits\n(.*?)\n## /s.exec(readme)?.[1] ?? "";
  const rows = Array.from(
    section.matchAll(/^\| `(\w+)` +\| ([\d,]+)( MiB)? +\|/gm),
    ([, name, number, mebi]) => [name, Number(number?.replaceAll(",", "")) * (mebi ? 1024 * 1024 : 1)],
  );
  assert.deepEqual(Object.fromEntries(rows), main.defaultLimits);
});

test("the table of error codes has every code", () => {
  const errors = readFileSync(new URL("../src/errors.ts", import.meta.url), "utf8");
  const codes = Array.from(errors.matchAll(/^ {2}\| "([A-Z0-9_]+)"/gm), ([, code]) => code);
  const named = Array.from(readme.matchAll(/^\| `([A-Z0-9_]+)` +\|/gm), ([, code]) => code);
  assert.deepEqual(named, codes);
});
