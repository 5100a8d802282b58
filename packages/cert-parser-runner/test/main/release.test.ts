import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ok } from "cert-parser-core";
import { type FixtureName, readFixture } from "cert-parser-fixtures";
import { createLogger } from "../../src/log/logger.ts";
import {
  openTrustStore,
  type RunContext,
  readConfiguration,
  releaseQuarantined,
  runOnce,
} from "../../src/main.ts";
import { anyAge } from "../any-age.ts";

const logger = createLogger({
  level: "ERROR",
  stream: { write: () => undefined },
  terminal: false,
  colour: false,
});
const { signal } = new AbortController();
/** The certificate that signed may have expired since: the synthetic lists are of one day. */
const notExpiredSince = (code: string) => code !== "SIGNER_EXPIRED_SINCE";
const word = { by: "anna", reason: "the publisher says so" };

describe("a list that is kept aside", () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-release-"));
  let context: RunContext;

  before(async () => {
    // The synthetic lists are of one day, however long ago that was.
    const read = readConfiguration({ DATA_DIR: directory, ...anyAge });
    assert.ok(read.ok, JSON.stringify(read));
    const store = await openTrustStore(read.value, logger, signal);
    context = { configuration: read.value, store, logger };
  });
  after(async () => {
    await context.store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (name: FixtureName, unsigned = false) => {
    const from = { read: async () => ok(readFixture(name)) };
    return runOnce({ from, source: "a", trigger: "manual", signal, unsigned }, context);
  };
  const certificates = async () => (await context.store.overview()).counts.certificates;

  test("is taken in on first use, and a shrunken one after it put aside", async () => {
    const first = await run("world.ml");
    assert.ok(first.ok, JSON.stringify(first));
    assert.deepEqual(
      first.value.judgment?.objects[0]?.reasons.map(({ code }) => code).filter(notExpiredSince),
      ["PIN_UNAPPROVED"],
    );
    const shrunk = await run("shrunk.ml");
    assert.ok(!shrunk.ok);
    assert.deepEqual([shrunk.error.reason, shrunk.error.quarantined], ["SHRINK", true]);
    assert.equal(await certificates(), 404);
    assert.equal((await context.store.quarantined()).length, 1);
  });

  test("unchanged, it is refused again, and the one that is held is still unchanged", async () => {
    const shrunk = await run("shrunk.ml");
    assert.ok(!shrunk.ok);
    const held = await run("world.ml");
    assert.equal(held.ok && held.value.outcome, "unchanged");
    assert.equal((await context.store.quarantined())[0]?.timesSeen, 2);
  });

  test("is taken in when an operator releases it, and who did and why is written down", async () => {
    const [bundle] = await context.store.quarantined();
    assert.ok(bundle);
    const released = await releaseQuarantined(
      { ...word, sha256: bundle.sha256.slice(0, 16), signal },
      context,
    );
    assert.ok(released.ok, JSON.stringify(released));
    assert.deepEqual(
      released.value.judgment?.objects[0]?.reasons
        .filter(({ code }) => notExpiredSince(code))
        .map(({ code, weight }) => `${weight} ${code}`),
      ["note PIN_UNAPPROVED", "note SHRINK"],
    );
    assert.equal(await certificates(), 367);
    assert.deepEqual(await context.store.quarantined(), []);
    const [event] = await context.store.trustEvents(1);
    assert.deepEqual([event?.kind, event?.by, event?.reason], ["release", word.by, word.reason]);
    // It is held now, by the policy that the next run has too.
    const again = await run("shrunk.ml");
    assert.equal(again.ok && again.value.outcome, "unchanged");
  });

  test("an older list is history: it takes nobody's place", async () => {
    const older = await run("world.ml");
    assert.ok(older.ok, JSON.stringify(older));
    assert.deepEqual([older.value.store.added, older.value.store.removed], [0, 0]);
    assert.equal(await certificates(), 367);
  });

  test("what nobody signed does not come in released, nor declared unsigned where lists were signed", async () => {
    const unsigned = await run("bare.der");
    assert.ok(!unsigned.ok);
    assert.equal(unsigned.error.reason, "UNSIGNED");
    const [bundle] = await context.store.quarantined();
    const released = await releaseQuarantined({ ...word, sha256: bundle?.sha256 ?? "", signal }, context);
    assert.ok(!released.ok);
    assert.equal(released.error.reason, "UNSIGNED");
    assert.ok(!(await run("bare.der", true)).ok);
    assert.equal(await certificates(), 367);
  });
});
