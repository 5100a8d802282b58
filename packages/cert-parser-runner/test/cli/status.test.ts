import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fixtureUrl } from "cert-parser-fixtures";
import { anyAge } from "../any-age.ts";
import { runCli } from "./run-cli.ts";

describe("status", () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-status-"));
  // The lists of the fixtures are of one day, however long ago that was.
  const env = { DATA_DIR: join(directory, "store"), ...anyAge };
  after(() => rmSync(directory, { recursive: true, force: true }));

  const run = (...args: readonly string[]) => runCli(args, { env });
  const sync = (name: "world.ml" | "shrunk.ml") => run("sync", fileURLToPath(fixtureUrl(name)));

  test("of an empty store says that no run has been recorded", async () => {
    const { code, stdout } = await run("status");
    assert.equal(code, 0);
    assert.match(stdout, /^ +sources +none yet: no run has been recorded$/m);
    assert.match(stdout, /^ +trust +nothing is open$/m);
  });

  test("shows the list that is held, who is not approved, and which countries have a CRL", async () => {
    assert.equal((await sync("world.ml")).code, 0);
    const { code, stdout } = await run("status");
    assert.equal(code, 0);
    assert.match(stdout, /^ +holds +404 certificates of \d+ countries$/m);
    assert.match(stdout, /^ +trust +1 publisher trusted on first use, not approved: trust approve$/m);
    assert.match(
      stdout,
      /^ +coverage +\d+ countries with a valid CSCA; their CRL: 0 fresh, 0 stale, \d+ none$/m,
    );
    assert.match(stdout, /^ +CRL none +.*\bQT\b/m);
    assert.match(stdout, /^ +last run +applied at \d{4}-/m);
    assert.match(stdout, /^ +last list +signed 2026-06-01/m);
    assert.match(stdout, /^ +SHA-256 +[0-9a-f]{64}$/m);
  });

  test("shows why the last run failed, and what waits in quarantine", async () => {
    assert.equal((await sync("shrunk.ml")).code, 1);
    const { stdout } = await run("status");
    assert.match(stdout, /^ +last run +failed at .+\n +TRUST_ERROR \(SHRINK\): /m);
    assert.match(stdout, /1 bundle quarantined, refused/);
    assert.match(stdout, /^ +holds +404 certificates/m);
  });

  test("as JSON, is what the store says", async () => {
    const { code, stdout } = await run("status", "--json");
    assert.equal(code, 0);
    const overview = JSON.parse(stdout);
    assert.equal(overview.counts.certificates, 404);
    assert.equal(overview.trust.unapprovedPins, 1);
    const xa = overview.coverage.find(({ country }: { country: string }) => country === "XA");
    assert.equal(xa.crl, "none");
    assert.equal(overview.sources[0].lastRun.failure.reason, "SHRINK");
  });
});
