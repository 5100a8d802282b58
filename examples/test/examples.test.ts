import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { fixtureUrl, readManifest } from "cert-parser-fixtures";

const run = promisify(execFile);
const world = readManifest().files.find(({ name }) => name === "world.ml")?.list;
assert(world, "the fixtures hold a world list");
const example = (name: string, ...args: string[]) =>
  run(process.execPath, [
    "--conditions=cert-parser-source",
    join(import.meta.dirname, "../src", name),
    ...args,
  ]);

test("countries.ts prints every country of the list", async () => {
  const { countries, certificates } = world;
  const { stdout } = await example("countries.ts");
  for (const country of countries) assert.match(stdout, new RegExp(`^${country} +\\d+$`, "m"));
  assert.match(stdout, new RegExp(`^${certificates} certificates, `, "m"));
});

test("countries.ts reads the file that it is given, a bare list too", async () => {
  const { stdout } = await example("countries.ts", fixtureUrl("bare.der").pathname);
  assert.match(stdout, /^3 certificates, /m);
});

test("in-memory-store.ts adds everything once and then finds nothing to change", async () => {
  const { distinct } = world;
  const { stdout } = await example("in-memory-store.ts");
  assert.match(stdout, new RegExp(`^first run: ${distinct} added, 0 removed, 0 unchanged$`, "m"));
  assert.match(stdout, new RegExp(`^second run: 0 added, 0 removed, ${distinct} unchanged$`, "m"));
});

test("in-memory-store.ts refuses an empty list and says why", async () => {
  await assert.rejects(
    example("in-memory-store.ts", fixtureUrl("empty.ml").pathname),
    (error: { stderr: string }) => {
      assert.match(error.stderr, /TRUST_ERROR \(TOO_FEW_CERTIFICATES\)/);
      return true;
    },
  );
});

test("verify-list.ts shows every check, and says that nobody vouches for the publisher", async () => {
  const { stdout } = await example("verify-list.ts");
  assert.match(stdout, /^passed message-digest: .+ \(RFC 5652, 11\.2\)$/m);
  assert.match(stdout, /^verified; nobody vouches for the publisher$/m);
  assert.match(stdout, /^\d+ root$/m);
});

test("verify-list.ts refuses a list that ends at another anchor", async () => {
  const files = ["world.ml", "certificate.der"] as const;
  await assert.rejects(
    example("verify-list.ts", ...files.map((name) => fixtureUrl(name).pathname)),
    (error: { stdout: string }) => {
      assert.match(error.stdout, /^failed anchor ANCHOR_MISMATCH: /m);
      assert.match(error.stdout, /^refused; /m);
      return true;
    },
  );
});

test("check-document-signer.ts says of each signer whether it is trusted, and why not", async () => {
  const { stdout } = await example("check-document-signer.ts");
  const outcomes = Array.from(
    stdout.matchAll(/^(trusted|not-trusted|undetermined): /gm),
    ([, outcome]) => outcome,
  );
  assert.deepEqual(outcomes.sort(), ["trusted", "trusted", "undetermined", "undetermined"], stdout);
});
