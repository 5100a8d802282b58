import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { runCli } from "./run-cli.ts";

const corpus = fileURLToPath(new URL("../../../../../shared/corpus/", import.meta.url));
const skip = existsSync(corpus) ? false : "the corpus of real lists is not beside the repository";
const list = (name: string) => join(corpus, "master-lists", name);
const german = join(corpus, "anchors/DE_ROOT_CA_CSCA07.cer");
const dutch = join(corpus, "anchors/NL_ROOT_CA.cer");
const at = ["--at", "2026-11-01T00:00:00Z"];

describe("verify, on real lists", { skip }, () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-verify-"));
  after(() => rmSync(directory, { recursive: true, force: true }));

  const pairs = [
    ["DE_2026-01-08.ml", german, 0],
    ["DE_2026-01-08.ml", dutch, 1],
    ["NL_2026-03-11.ml", dutch, 0],
    ["NL_2026-03-11.ml", german, 1],
  ] as const;
  for (const [name, anchor, expected] of pairs) {
    test(`${name} against ${anchor.slice(corpus.length)}: exit ${expected}`, async () => {
      const { code, stderr } = await runCli(["verify", list(name), "--anchor", anchor, ...at]);
      assert.equal(code, expected, stderr);
      if (expected === 1) assert.match(stderr, /^error: TRUST_ERROR \(ANCHOR_MISMATCH\): /);
    });
  }

  test("counts the verdicts of the 581 certificates of the German list", async () => {
    const { stdout } = await runCli(["verify", list("DE_2026-01-08.ml"), "--anchor", german, ...at]);
    assert.match(stdout, /certificates +581: 374 root, 195 link, 12 issuer-absent\n/);
  });

  test("a flipped bit in the German list: exit 1", async () => {
    const bytes = readFileSync(list("DE_2026-01-08.ml"));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    const file = join(directory, "flipped.ml");
    writeFileSync(file, bytes);
    const { code, stderr } = await runCli(["verify", file, "--anchor", german, ...at]);
    assert.equal(code, 1);
    assert.match(stderr, /^error: TRUST_ERROR \(MESSAGE_DIGEST_MISMATCH\): /);
  });

  test("the German, British and Macao CRLs verify against the German and Dutch lists", async () => {
    const authorities = ["--authorities", list("DE_2026-01-08.ml"), list("NL_2026-03-11.ml")];
    for (const name of ["DE.crl", "GB.crl", "CN.crl"]) {
      const { code, stderr } = await runCli(["verify", join(corpus, "crl", name), ...authorities, ...at]);
      assert.equal(code, 0, `${name}: ${stderr}`);
    }
  });
});
