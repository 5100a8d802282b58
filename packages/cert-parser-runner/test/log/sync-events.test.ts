import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type BundleSource,
  bundleParser,
  err,
  type Known,
  ok,
  type StoreReport,
  type SyncPorts,
  sync,
  type TrustStore,
  trustPolicy,
} from "cert-parser-core";
import { type FixtureName, readFixture } from "cert-parser-fixtures";
import type { LogLevel } from "../../src/log/events.ts";
import { createLogger } from "../../src/log/logger.ts";
import { logSyncEvents } from "../../src/log/sync-events.ts";

const nothing: StoreReport = {
  added: 0,
  removed: 0,
  unchanged: 0,
  newToStore: 0,
  crlsAdded: 0,
  revokedAdded: 0,
  rejectionsAdded: 0,
};
const clock = { now: () => new Date("2026-06-02T00:00:00Z") };
const held: Known = {
  source: "src",
  listed: new Map(),
  bundleSha256: null,
  validators: { etag: null, lastModified: null },
};
const store: TrustStore = {
  known: async (source) => ok({ ...held, source }),
  apply: async ({ certificates }) => ok({ ...nothing, added: certificates.length }),
  confirm: async () => ok(undefined),
};
const from = (name: FixtureName): BundleSource => ({ read: async () => ok(readFixture(name)) });

/** Runs the real pipeline and gives what its log has to say. */
async function logOf(ports: Partial<SyncPorts>, level: LogLevel = "INFO") {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  const logger = createLogger({ level, stream, terminal: false, colour: false });
  await sync(
    {
      source: from("one-bad.ml"),
      parser: bundleParser(),
      policy: trustPolicy({ mode: "off" }, clock),
      store,
      clock,
      observe: logSyncEvents(logger),
      ...ports,
    },
    { source: "src", trigger: "startup", executionId: "e1" },
  );
  return written.map((line) => JSON.parse(line));
}

describe("the log of a run", () => {
  test("names what happened in the order in which it did, each line with the run's identity", async () => {
    const entries = await logOf({});
    assert.deepEqual(
      entries.map(({ event }) => event),
      [
        "pipeline.started",
        "download.completed",
        "parse.completed",
        "certificate.rejected",
        "verification.completed",
        "store.completed",
        "pipeline.completed",
      ],
    );
    for (const entry of entries) {
      assert.deepEqual([entry.execution_id, entry.trigger, entry.source], ["e1", "startup", "src"]);
    }
    const completed = entries.at(-1);
    assert.equal(completed.certificates, 2);
    assert.equal(completed.rejected, 1);
    assert.equal(completed.signatures_verified, false);
    assert.equal(completed.signing_time, "2026-06-01T12:00:00Z");
    assert.equal(typeof completed.duration_ms, "number");
  });

  test("a rejected certificate is told with its place, digest and reason", async () => {
    const rejected = (await logOf({})).find(({ event }) => event === "certificate.rejected");
    assert.equal(rejected.level, "WARNING");
    assert.equal(rejected.index, 1);
    assert.equal(rejected.found_in, "list");
    assert.match(rejected.sha256, /^[0-9a-f]{64}$/);
    assert.match(rejected.code, /^DER_/);
    assert.ok(rejected.reason_offset >= rejected.offset);
  });

  test("a refused list is a warning at its verification and an error at its end", async () => {
    const entries = await logOf({ source: from("empty.ml") });
    const verification = entries.find(({ event }) => event === "verification.completed");
    assert.deepEqual([verification.level, verification.outcome], ["WARNING", "refused"]);
    const failed = entries.at(-1);
    assert.deepEqual(
      [failed.event, failed.level, failed.stage, failed.code, failed.reason],
      ["pipeline.failed", "ERROR", "verify", "TRUST_ERROR", "TOO_FEW_CERTIFICATES"],
    );
  });

  test("a failure carries its causes as text, and a stack only for those who debug", async () => {
    const cause = new Error("outer", { cause: Object.assign(new Error("inner"), { code: "ECONNRESET" }) });
    const failing: BundleSource = {
      read: async () =>
        err({ code: "EXTERNAL_SERVICE_ERROR", reason: "RESET", message: "the service hung up", cause }),
    };
    const failed = (await logOf({ source: failing })).at(-1);
    assert.deepEqual(failed.causes, ["Error: outer", "Error ECONNRESET: inner"]);
    assert.match(failed.message, /EXTERNAL_SERVICE_ERROR \(RESET\) at stage download: the service hung up/);
    assert.equal("stack" in failed, false);
    assert.match((await logOf({ source: failing }, "DEBUG")).at(-1).stack, /Error: outer\n +at /);
  });

  test("the starts of stages are for those who debug", async () => {
    const starts = (await logOf({}, "DEBUG")).filter(({ event }) => event.endsWith(".started"));
    assert.deepEqual(
      starts.map(({ event, level }) => [event, level]),
      [
        ["pipeline.started", "INFO"],
        ["download.started", "DEBUG"],
        ["parse.started", "DEBUG"],
        ["verification.started", "DEBUG"],
        ["store.started", "DEBUG"],
      ],
    );
  });
});
