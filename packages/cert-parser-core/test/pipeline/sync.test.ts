import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { err, ok, sync } from "cert-parser-core";
import { buildCertificate, buildCscaMasterList, unreadableCertificate } from "../specimens.ts";
import {
  accessToken,
  allCalls,
  bundle,
  createBench,
  failure,
  nothingKnown,
  sfcToken,
  stages,
  startOfTime,
  storeReport,
  succeeding,
} from "./ports.ts";

describe("a run that succeeds", () => {
  test("asks every port once, in order", async () => {
    const bench = createBench({ bundle });
    await succeeding(sync(bench.ports));
    assert.deepEqual(bench.calls, allCalls);
  });

  test("tells of every stage, in order, and of the bytes as they come in", async () => {
    const bench = createBench({ bundle });
    await succeeding(sync(bench.ports));
    assert.deepEqual(
      bench.events.map((event) => `${event.type} ${"stage" in event ? event.stage : ""}`.trim()),
      [
        "pipeline.started",
        "stage.started authenticate",
        "stage.completed authenticate",
        "stage.started login",
        "stage.completed login",
        "stage.started download",
        "stage.progress download",
        "stage.progress download",
        "stage.completed download",
        "stage.started parse",
        "stage.completed parse",
        "stage.started verify",
        "stage.completed verify",
        "stage.started store",
        "stage.completed store",
        "pipeline.completed",
      ],
    );
    const progress = bench.events.filter((event) => event.type === "stage.progress");
    assert.deepEqual(
      progress.map(({ done, total }) => [done, total]),
      [
        [1, undefined],
        [bundle.length, bundle.length],
      ],
    );
  });

  test("gives the figures of each stage", async () => {
    const bench = createBench({ bundle });
    await succeeding(sync(bench.ports));
    const completed = bench.events.filter((event) => event.type === "stage.completed");
    assert.deepEqual(Object.fromEntries(completed.map(({ stage, figures }) => [stage, figures])), {
      authenticate: {},
      login: {},
      download: { modified: true, bytes: bundle.length },
      parse: { kind: "master-list", certificates: 3, envelope_certificates: 0, crls: 0, rejected: 0 },
      verify: { outcome: "accepted", reasons: "SIGNATURE_UNCHECKED" },
      store: {
        added: 3,
        removed: 0,
        unchanged: 0,
        new_to_store: 3,
        crls_added: 0,
        revoked_added: 0,
        rejections_added: 0,
      },
    });
  });

  test("names itself in its report, its snapshot and every event", async () => {
    const bench = createBench({ bundle });
    const identity = { executionId: "run-7", source: "de", trigger: "schedule" };
    const report = await succeeding(sync(bench.ports, identity));
    for (const named of [report, bench.applied[0], ...bench.events]) {
      assert.ok(named);
      assert.deepEqual(
        { executionId: named.executionId, source: named.source, trigger: named.trigger },
        identity,
      );
    }
  });

  test("has a UUID, a source and a trigger where none are given, and each run another UUID", async () => {
    const [one, two] = [
      await succeeding(sync(createBench({ bundle }).ports)),
      await succeeding(sync(createBench({ bundle }).ports)),
    ];
    assert.match(one.executionId, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(one.executionId, two.executionId);
    assert.deepEqual([one.source, one.trigger], ["default", "manual"]);
  });

  test("reports what was in the bundle, how it was judged and what changed", async () => {
    const report = await succeeding(sync(createBench({ bundle }).ports));
    assert.equal(report.outcome, "applied");
    assert.equal(report.bundle?.certificates, 3);
    assert.equal(report.judgment?.outcome, "accepted");
    assert.deepEqual(
      report.judgment.objects.map(({ outcome }) => outcome),
      ["accepted"],
    );
    assert.deepEqual(report.store, storeReport);
  });

  test("gives the store everything that the bundle holds", async () => {
    const bench = createBench({ bundle });
    await succeeding(sync(bench.ports));
    const [snapshot, ...others] = bench.applied;
    assert.ok(snapshot);
    assert.equal(others.length, 0);
    assert.deepEqual(snapshot.bundle.bytes, bundle);
    assert.deepEqual(
      snapshot.certificates.map(({ record, der }) => [
        record.serialNumber,
        record.foundIn,
        der.length === record.bytes,
      ]),
      [
        ["01", "list", true],
        ["02", "list", true],
        ["03", "list", true],
      ],
    );
    assert.equal(snapshot.judgment.objects.length, 1);
    assert.deepEqual(snapshot.editions, []);
    assert.equal(snapshot.removals, "all");
  });

  test("takes its times from the clock that it was given", async () => {
    const bench = createBench({ bundle, tickMs: 10 });
    const report = await succeeding(sync(bench.ports));
    assert.equal(report.startedAt.getTime(), startOfTime.getTime());
    assert.equal(report.durationMs, report.finishedAt.getTime() - report.startedAt.getTime());
    assert.ok(report.durationMs >= 100);
    const durations = bench.events
      .filter((event) => event.type === "stage.completed")
      .map((event) => event.durationMs);
    assert.equal(durations.length, 6);
    // Two readings each; the policy of this bench and the snapshot read the clock once more.
    assert.deepEqual(durations, [10, 10, 10, 10, 20, 20]);
    const observed = bench.applied[0]?.observedAt.getTime() ?? 0;
    assert.ok(observed > report.startedAt.getTime() && observed < report.finishedAt.getTime());
  });

  test("skips the login where the source wants none", async () => {
    const bench = createBench({ bundle });
    const source = { read: async () => ok(bundle) };
    await succeeding(sync({ ...bench.ports, source }));
    assert.deepEqual(bench.calls, ["known", "parse", "verify", "store"]);
    const started = bench.events.filter((event) => event.type === "stage.started").map(({ stage }) => stage);
    assert.deepEqual(started, ["download", "parse", "verify", "store"]);
  });

  test("tells of each part that could not be read, and stores the others", async () => {
    const withBad = buildCscaMasterList(buildCertificate(), unreadableCertificate);
    const bench = createBench({ bundle: withBad });
    await succeeding(sync(bench.ports));
    const rejections = bench.events.filter((event) => event.type === "part.rejected");
    assert.deepEqual(
      rejections.map(({ rejection }) => [rejection.kind, rejection.index]),
      [["certificate", 1]],
    );
    assert.equal(bench.applied[0]?.certificates.length, 1);
    assert.equal(bench.applied[0]?.rejections.length, 1);
  });

  test("needs no observer", async () => {
    const { observe: _, ...ports } = createBench({ bundle }).ports;
    await succeeding(sync(ports));
  });

  test("outlives an observer that throws", async () => {
    const bench = createBench({ bundle });
    const observe = () => {
      throw new Error("the log is full");
    };
    await succeeding(sync({ ...bench.ports, observe }));
    assert.equal(bench.applied.length, 1);
  });
});

describe("secrets", () => {
  test("stand in no event and no report, whichever stage fails", async () => {
    for (const name of [undefined, ...stages]) {
      const bench = createBench({ bundle, ...(name && { hooks: { [name]: () => err(failure) } }) });
      const result = await sync(bench.ports);
      const told = JSON.stringify([bench.events, result]);
      assert.equal(told.includes(accessToken) || told.includes(sfcToken), false, told);
    }
  });
});

test("the store is asked about the source of the run", async () => {
  const bench = createBench({ bundle });
  const asked: string[] = [];
  const known = async (source: string) => {
    asked.push(source);
    return ok(nothingKnown);
  };
  await succeeding(sync({ ...bench.ports, store: { ...bench.ports.store, known } }, { source: "nl" }));
  assert.deepEqual(asked, ["nl"]);
});
