import assert from "node:assert/strict";
import { after, before, describe, type TestContext, test } from "node:test";
import { readFixture } from "cert-parser-fixtures";
import { createServiceSource } from "../../src/download/service-source.ts";
import type { RunResult } from "../../src/main.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { fast } from "../download/service-step.ts";
import { startPostgres, type TestPostgres } from "../store/postgres.ts";
import { holdList, lists } from "./held-store.ts";
import { startServiceBench } from "./service-bench.ts";
import { startTcpProxy, type TcpFault, type TcpProxy } from "./tcp-proxy.ts";

interface Fault {
  readonly name: string;
  readonly spoil: Exclude<TcpFault, { kind: "pass" }>;
  readonly reason: string;
}

/** From the first statement that writes a certificate on. */
const writing = { in: "request", after: "insert into certs.certificates" } as const;

const faults: readonly Fault[] = [
  {
    name: "resets the connection in the middle of the work",
    spoil: { kind: "reset", ...writing },
    reason: "STORE_CONNECTION_LOST",
  },
  {
    name: "resets the connection when all is written but the commit",
    spoil: { kind: "reset", in: "request", after: "insert into certs.runs" },
    reason: "STORE_CONNECTION_LOST",
  },
  {
    name: "ends the connection in the middle of the work",
    spoil: { kind: "truncate", ...writing },
    reason: "STORE_CONNECTION_LOST",
  },
  {
    name: "falls silent in the middle of the work",
    spoil: { kind: "black-hole", ...writing },
    reason: "STORE_TIMEOUT",
  },
  {
    name: "falls silent in the middle of its answer",
    spoil: { kind: "black-hole", after: "INSERT 0 ", at: 1 },
    reason: "STORE_TIMEOUT",
  },
  {
    name: "breaks off in the middle of its answer",
    spoil: { kind: "reset", after: "INSERT 0 ", at: 1 },
    reason: "STORE_CONNECTION_LOST",
  },
];

describe("a run into a PostgreSQL that", () => {
  let postgres: TestPostgres;
  let direct: Store;
  const opened: Store[] = [];
  before(async () => {
    postgres = await startPostgres();
    direct = await openStore({ kind: "postgresql", dsn: postgres.dsn });
    await direct.migrate();
  });
  after(async () => {
    await Promise.all([direct, ...opened].map((store) => store.close()));
    await postgres.stop();
  });

  for (const { name, spoil, reason } of faults) {
    test(`${name} fails, and leaves the store as it was`, { timeout: 15_000 }, async (t) => {
      const source = await holdList(direct);
      const held = await source.held();
      const bench = await startServiceBench(t, readFixture(lists.served));
      const { proxy, through } = await openThroughProxy(t, once(spoil));

      const from = createServiceSource(bench.settings, { retry: fast });
      assert.deepEqual(endOf(await source.run(from, { store: through })), [
        "store",
        "DATABASE_ERROR",
        reason,
      ]);
      assert.equal(bench.requests.download, 1);
      assert.deepEqual(await source.held(), held);

      // The server learns that nobody is there any more, and lets go of the lock.
      proxy.hangUp();
      const again = await source.run(from, { store: through });
      assert.ok(again.ok, JSON.stringify(again));
      assert.equal(again.value.outcome, "applied");
    });
  }

  test("goes away fails before anything is asked of the service, and works when it is back", async (t) => {
    const source = await holdList(direct);
    const held = await source.held();
    const bench = await startServiceBench(t, readFixture(lists.served));
    const { proxy, through } = await openThroughProxy(t, { kind: "pass" });
    await proxy.refuse();

    const from = createServiceSource(bench.settings, { retry: fast });
    const reasons: string[] = [];
    for (let run = 0; run < 3; run++) {
      const [stage, code, reason] = endOf(await source.run(from, { store: through }));
      assert.deepEqual([stage, code], ["store", "DATABASE_ERROR"]);
      reasons.push(String(reason));
    }
    // A connection that was at hand is lost first.
    assert.deepEqual(reasons.slice(1), ["STORE_UNREACHABLE", "STORE_UNREACHABLE"]);
    assert.deepEqual(bench.requests, { authenticate: 0, login: 0, download: 0 });
    assert.deepEqual(await source.held(), held);

    await proxy.accept();
    const again = await source.run(from, { store: through });
    assert.ok(again.ok, JSON.stringify(again));
    assert.equal(again.value.outcome, "applied");
  });

  for (const [name, spoil, code] of [
    ["takes connections and says nothing", { kind: "black-hole", in: "request" }, "STORE_TIMEOUT"],
    ["resets each connection", { kind: "reset", in: "request" }, "STORE_CONNECTION_LOST"],
    ["breaks off while it lets in", { kind: "truncate", at: 5 }, "STORE_CONNECTION_LOST"],
  ] as const) {
    test(`${name} cannot be opened, and says so in time`, async (t) => {
      const begun = performance.now();
      await assert.rejects(openThroughProxy(t, spoil), { code });
      assert.ok(performance.now() - begun < 3_000);
    });
  }

  async function openThroughProxy(
    t: TestContext,
    spoil: TcpFault,
  ): Promise<{ readonly proxy: TcpProxy; readonly through: Store }> {
    const dsn = new URL(postgres.dsn);
    const proxy = await startTcpProxy(Number(dsn.port));
    t.after(() => proxy.close());
    proxy.spoil(() => spoil);
    dsn.port = String(proxy.port);
    const through = await openStore(
      { kind: "postgresql", dsn: dsn.href },
      { connectionTimeoutMs: 500, statementTimeoutMs: 1_000, lockTimeoutMs: 500 },
    );
    opened.push(through);
    return { proxy, through };
  }
});

/** On one connection only, so that the failure can be recorded on another. */
function once(fault: Exclude<TcpFault, { kind: "pass" }>): TcpFault {
  let left = 1;
  const when = () => {
    left -= 1;
    return left >= 0;
  };
  return { ...fault, when };
}

function endOf(result: RunResult): readonly string[] {
  assert.ok(!result.ok, "expected a failure");
  const { stage, code, reason } = result.error;
  return [stage, code, reason];
}
