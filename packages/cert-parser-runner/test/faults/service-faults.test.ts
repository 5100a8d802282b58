import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, type TestContext, test } from "node:test";
import { readFixture } from "cert-parser-fixtures";
import { createServiceSource } from "../../src/download/service-source.ts";
import type { ServiceStep } from "../../src/download/service-step.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { fast } from "../download/service-step.ts";
import { type HeldSource, holdList, lists } from "./held-store.ts";
import { startServiceBench, steps } from "./service-bench.ts";
import { type ServiceFault, serviceFaults } from "./service-fault-table.ts";

describe("a run through a service that fails", () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-faults-"));
  let store: Store;
  // One for all runs that must not change it.
  let untouched: HeldSource;
  before(async () => {
    store = await openStore({ kind: "embedded", directory });
    await store.migrate();
    untouched = await holdList(store);
  });
  after(async () => {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  });

  for (const fault of serviceFaults) {
    for (const step of fault.steps ?? steps) {
      test(`${fault.name}, at ${step}`, async (t) => {
        const source = fault.end === "applied" ? await holdList(store) : untouched;
        await tryFault(t, store, source, fault, step);
      });
    }
  }

  test("a token that was corrupted on its way is refused, and a new login mends it", async (t) => {
    for (const step of ["authenticate", "login"] as const) {
      const bench = await startServiceBench(t, readFixture(lists.served));
      const marker = step === "authenticate" ? '"access-' : "sfc-";
      bench.proxies[step].spoil((connection) =>
        connection === 1 ? { kind: "corrupt", after: marker, at: 3 } : { kind: "pass" },
      );
      const source = await holdList(store);
      const result = await source.run(createServiceSource(bench.settings, { retry: fast }));
      assert.ok(result.ok, JSON.stringify(result));
      assert.equal(bench.requests.authenticate, 2);
    }
  });

  test("of which nothing is wrong is applied, unchanged by its digest, and unchanged by 304", async (t) => {
    const bench = await startServiceBench(t, readFixture(lists.served));
    const source = await holdList(store);
    const from = createServiceSource(bench.settings);
    const first = await source.run(from);
    assert.ok(first.ok && first.value.outcome === "applied");
    const second = await source.run(from);
    assert.ok(second.ok && second.value.outcome === "unchanged");
    assert.equal(second.value.bundle, null, "the service said so itself");
    assert.deepEqual(bench.requests, { authenticate: 1, login: 1, download: 2 });

    bench.front("download", () => new Response(Uint8Array.from(readFixture(lists.served))));
    const third = await source.run(from);
    assert.ok(third.ok && third.value.outcome === "unchanged");
    assert.notEqual(third.value.bundle, null, "the service does not know of conditions");
  });
});

async function tryFault(
  t: TestContext,
  store: Store,
  source: HeldSource,
  fault: ServiceFault,
  step: ServiceStep,
): Promise<void> {
  const bench = await startServiceBench(t, readFixture(lists.served));
  const settings = await fault.arrange(bench, step, t);
  const before = await source.held();

  const retries: string[] = [];
  const from = createServiceSource(
    { ...bench.settings, ...settings },
    { retry: fast, ...fault.options, onRetry: (event) => retries.push(event.step) },
  );
  const begun = performance.now();
  const result = await source.run(from);
  const tookMs = performance.now() - begun;

  const end = typeof fault.end === "function" ? fault.end(step) : fault.end;
  assert.deepEqual(result.ok ? result.value.outcome : [result.error.code, result.error.reason], end);
  assert.equal(
    retries.filter((each) => each === step).length + 1,
    fault.attempts,
    "attempts by the runner's word",
  );
  if (fault.counted !== "nowhere") {
    const seen = fault.counted === "requests" ? bench.requests[step] : bench.proxies[step].connections;
    assert.equal(seen, fault.attempts, "attempts by what arrived");
  }
  assert.ok(tookMs < (fault.withinMs ?? 3_000), `took ${tookMs} ms`);
  if (result.ok) assert.notDeepEqual(await source.held(), before);
  else {
    assert.deepEqual(await source.held(), before);
    await assertRecorded(store, source.source, result.error);
  }
}

/** That a run failed is written down, with the stage and the reason. */
async function assertRecorded(
  store: Store,
  name: string,
  { stage, code, reason, message }: { stage: string; code: string; reason: string; message: string },
): Promise<void> {
  const { sources } = await store.overview();
  const run = sources.find(({ source }) => source === name)?.lastRun;
  assert.equal(run?.outcome, "failed");
  assert.deepEqual(run?.failure, { stage, code, reason, message });
}
