import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import {
  type FixtureName,
  fixtureUrl,
  readCertificates,
  readFixture,
  readManifest,
} from "cert-parser-fixtures";
import { createAnchorFiles } from "./anchors.ts";
import { runCli } from "./run-cli.ts";

const path = (name: string) => fileURLToPath(fixtureUrl(name as FixtureName));
const certificates = new Map(readCertificates().map((certificate) => [certificate.name, certificate]));
const anchors = createAnchorFiles();
const scratch = mkdtempSync(join(tmpdir(), "cert-parser-verify-"));
after(() => {
  anchors.remove();
  rmSync(scratch, { recursive: true, force: true });
});

interface Document {
  readonly outcome: string;
  readonly objects: readonly {
    readonly kind: string;
    readonly outcome: string;
    readonly steps: readonly {
      readonly step: string;
      readonly result: string;
      readonly code: string | null;
    }[];
    readonly path?: readonly { readonly sha256: string }[];
    readonly publisher?: { readonly keySha256: string } | null;
    readonly certificates: { readonly verdicts: Readonly<Record<string, number>> };
    readonly crls: readonly { readonly outcome: string }[];
  }[];
}

async function verify(...args: readonly string[]): Promise<{ code: number | null; document: Document }> {
  const { code, stdout } = await runCli(["verify", ...args, "--json"]);
  return { code, document: JSON.parse(stdout) };
}

/** Of a refused list, what follows the first reason may fail as well. */
function expectCodes({ objects: [object] }: Document, outcome: string, codes: readonly string[]): void {
  const first = object?.steps.find(({ result }) => result === "failed");
  const said = outcome === "verified" ? object?.steps.flatMap((step) => step.code ?? []) : [first?.code];
  assert.deepEqual(said, codes);
}

function expectPath({ objects: [object] }: Document, expected: readonly string[]): void {
  assert.deepEqual(
    object?.path?.map(({ sha256 }) => sha256),
    expected.map((each) => certificates.get(each)?.sha256),
  );
}

describe("verify", { concurrency: 2 }, () => {
  for (const { name, trust = [] } of readManifest().files) {
    for (const { now, anchor, accepted, outcome, codes, path: expected } of trust) {
      const beside = accepted.length === 0 ? "" : ` with ${accepted.join(", ")}`;
      test(`${name} against ${anchor}${beside}: ${[outcome, ...codes].join(" ")}`, async () => {
        const { code, document } = await verify(
          path(name),
          ...["--at", now, "--anchor", await anchors.fileOf(anchor)],
          ...accepted.flatMap((list) => ["--authorities", path(list)]),
        );
        // Its link is by a key that was not to sign any more, and no list shows that it is as old as it says.
        if (name === "rollover-after.ml" && codes.includes("ROLLOVER")) {
          assert.equal(code, 3);
          return assert.ok(document.objects[0]?.steps.some((step) => step.code === "LINK_UNSEEN"));
        }
        assert.equal(code, outcome === "verified" ? 0 : 1);
        assert.equal(document.outcome, outcome);
        expectCodes(document, outcome, codes);
        if (outcome === "verified") expectPath(document, expected);
      });
    }
  }

  test("without an anchor a sound list passes, and the text says that no anchors are configured", async () => {
    const { code, stdout, stderr } = await runCli(["verify", path("signer-alone.ml")]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /sound in itself; no trust anchors configured/);
    assert.match(stdout, /\n {2}its key {7}[0-9a-f]{64}\n/);
    for (const line of stdout.split("\n").slice(1)) assert.ok(line.length <= 80, line);
  });

  test("people see every step with its rule, the path, and where it ends", async () => {
    const file = await anchors.fileOf("xa-passport-3");
    const { code, stdout } = await runCli(["verify", path("signer-alone.ml"), "--anchor", file]);
    assert.equal(code, 0);
    assert.match(stdout, /verdict +verified: the path ends at a trust anchor\n/);
    assert.match(stdout, /passed +message-digest +.+\n +\(RFC 5652, 11\.2\)\n/);
    assert.match(stdout, /path +signer: [\s\S]+\n +[0-9a-f]{64}\n +<- CSCA \(anchor\): /);
    assert.match(stdout, /certificates +1: 1 /);
  });

  test("an anchor may be a fingerprint, with colons too, where its certificate is at hand", async () => {
    const sha256 = certificates.get("xa-passport-3")?.sha256 ?? "";
    const colons = sha256.toUpperCase().replace(/..(?=.)/g, "$&:");
    const authorities = ["--authorities", path("rollover-witness.ml")];
    assert.equal((await verify(path("rollover-witness.ml"), "--anchor", colons)).code, 0);
    assert.equal((await verify(path("signer-alone.ml"), "--anchor", sha256, ...authorities)).code, 0);
    const { code, document } = await verify(path("signer-alone.ml"), "--anchor", "00".repeat(32));
    assert.equal(code, 1);
    assert.deepEqual(
      document.objects[0]?.steps.filter(({ step, code: each }) => step === "anchor" && each !== null).length,
      2,
    );
  });

  test("an anchor may be a directory", async () => {
    await anchors.fileOf("xa-passport-3");
    assert.equal((await verify(path("signer-alone.ml"), "--anchor", anchors.directory)).code, 0);
  });

  test("an anchor that is no certificate is a misuse", async () => {
    const { code, stderr } = await runCli(["verify", path("world.ml"), "--anchor", path("text.txt")]);
    assert.equal(code, 2);
    assert.match(stderr, /^error: --anchor names .*text\.txt, which holds what is no certificate/);
  });

  test("of a good list and a rogue one in an archive, each has a verdict of its own", async () => {
    const file = await anchors.fileOf("xa-passport-3");
    const { code, document } = await verify(path("list-and-rogue.zip"), "--anchor", file);
    assert.equal(code, 1);
    assert.deepEqual(
      document.objects.map(({ outcome }) => outcome),
      ["verified", "refused"],
    );
  });

  test("a list beside which something could not be read is refused only where that is a list", async () => {
    const { code, document } = await verify(path("one-bad.ml"));
    assert.equal(code, 0);
    const reading = document.objects[0]?.steps.filter(({ step }) => step === "reading");
    assert.deepEqual(
      reading?.map(({ result }) => result),
      ["noted"],
    );
  });

  test("certificates and CRLs of a directory are judged by the CSCAs that are named", async () => {
    const alone = await verify(path("collection-001.ldif"));
    assert.equal(alone.code, 1);
    assert.ok(alone.document.objects[0]?.steps.every(({ code }) => code === "ISSUER_UNKNOWN"));
    const { code, document } = await verify(path("collection-001.ldif"), "--authorities", path("world.ml"));
    const [object] = document.objects;
    assert.deepEqual(
      object?.steps.filter(({ result }) => result === "failed"),
      [],
    );
    assert.equal(code, 0);
  });

  test("a CRL by itself has its own steps", async () => {
    const file = path("list.crl");
    assert.equal((await verify(file)).code, 1);
    const { code, document } = await verify(file, "--authorities", path("crl-envelope.ml"));
    assert.equal(code, 0);
    assert.ok(document.objects[0]?.steps.some(({ step }) => step === "next-update"));
    assert.deepEqual(
      document.objects[0]?.crls.map(({ outcome }) => outcome),
      ["accepted"],
    );
  });

  const unsigned = [
    ["certificates in PEM", "certificates.pem"],
    ["a PKCS #7 bundle", "bundle.p7b"],
    ["one CSCA certificate", "certificate.der"],
    ["a list without CMS", "bare.der"],
    ["a delta without a change", "delta-empty.ldif"],
  ] as const;
  for (const [what, name] of unsigned) {
    test(`${what}: unsigned, exit 1`, async () => {
      const { code, stderr } = await runCli(["verify", path(name)]);
      assert.equal(code, 1);
      assert.match(stderr, /^error: TRUST_ERROR \(UNSIGNED\): /);
    });
  }

  test("a file that cannot be parsed, or is not there: exit 5", async () => {
    const { code, stdout, stderr } = await runCli(["verify", path("truncated.ml")]);
    assert.equal(code, 5);
    assert.equal((await runCli(["verify", "no-such.ml"])).code, 5);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: PARSE_ERROR \(DER_TRUNCATED\): /);
  });

  test("a flipped bit a quarter into the file, or in the signature at its end, is refused", async () => {
    const bytes = readFixture("signer-alone.ml");
    const file = await anchors.fileOf("xa-passport-3");
    // The signature is last.
    for (const at of [bytes.length - 4, Math.floor(bytes.length / 4)]) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 1;
      const name = join(scratch, `flipped-${at}.ml`);
      writeFileSync(name, flipped);
      const { code, stderr } = await runCli(["verify", name, "--anchor", file]);
      assert.equal(code, /^error: PARSE_ERROR /.test(stderr) ? 5 : 1);
      assert.match(stderr, /^error: (TRUST_ERROR|PARSE_ERROR) /);
    }
  });

  test("reads standard input", async () => {
    const { code, stdout } = await runCli(["verify", "-"], { input: readFixture("signer-alone.ml") });
    assert.equal(code, 0);
    assert.match(stdout, /^standard input\n/);
  });
});
