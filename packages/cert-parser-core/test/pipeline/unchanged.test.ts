import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { err, type Known, ok, sync, type Validators } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { buildCertificate, buildCscaMasterList, unreadableCertificate } from "../specimens.ts";
import {
  type Bench,
  bundle,
  createBench,
  failing,
  failure,
  heldOne,
  nothingKnown,
  noValidators,
  startOfTime,
  succeeding,
} from "./ports.ts";

const validators: Validators = { etag: 'W/"7"', lastModified: "Mon, 01 Jun 2026 08:00:00 GMT" };
/** The bundle of the bench is held. */
const held: Known = {
  ...nothingKnown,
  source: "de",
  listed: new Map(["a", "b", "c"].map((digest) => [digest, heldOne])),
  bundleSha256: sha256(bundle),
  validators,
};
const heldReport = {
  added: 0,
  removed: 0,
  unchanged: 3,
  newToStore: 0,
  crlsAdded: 0,
  revokedAdded: 0,
  rejectionsAdded: 0,
};
const notModified = () => ok({ modified: false });

function stagesOf({ events }: Bench, type: "stage.started" | "stage.completed"): readonly string[] {
  return events.flatMap((event) => (event.type === type ? [event.stage] : []));
}

describe("a bundle that is held already", () => {
  test("is neither judged nor stored again, but confirmed", async () => {
    const bench = createBench({ bundle, known: held });
    await succeeding(sync(bench.ports));
    assert.deepEqual(bench.calls, ["known", "authenticate", "login", "download", "parse", "confirm"]);
    assert.deepEqual(bench.applied, []);
    const stages = ["authenticate", "login", "download", "parse", "store"];
    assert.deepEqual(stagesOf(bench, "stage.started"), stages);
    assert.deepEqual(stagesOf(bench, "stage.completed"), stages);
  });

  test("is reported as unchanged, with what is in it", async () => {
    const bench = createBench({ bundle, known: held });
    const report = await succeeding(sync(bench.ports, { source: "de" }));
    assert.equal(report.outcome, "unchanged");
    assert.deepEqual(
      [report.bundle?.sha256, report.bundle?.certificates, report.bundle?.kind],
      [held.bundleSha256, 3, "master-list"],
    );
    assert.equal(report.judgment, null);
    assert.deepEqual(report.store, heldReport);
    const last = bench.events.at(-1);
    assert.ok(last?.type === "pipeline.completed");
    assert.deepEqual(last.report, report);
  });

  test("is confirmed with the run, its times and the figures of what is held", async () => {
    const bench = createBench({ bundle, known: held, tickMs: 10 });
    const identity = { executionId: "run-7", source: "de", trigger: "schedule" };
    const report = await succeeding(sync(bench.ports, identity));
    const [confirmation, ...others] = bench.confirmed;
    assert.ok(confirmation);
    assert.equal(others.length, 0);
    const { observedAt, ...rest } = confirmation;
    assert.deepEqual(rest, {
      ...identity,
      startedAt: startOfTime,
      bundleSha256: held.bundleSha256,
      certificates: 3,
      validators: { etag: null, lastModified: null },
    });
    assert.ok(observedAt > report.startedAt && observedAt < report.finishedAt);
  });

  test("gives the figures of its stages", async () => {
    const bench = createBench({ bundle, known: held });
    await succeeding(sync(bench.ports));
    const figures = bench.events.flatMap((event) =>
      event.type === "stage.completed" && event.stage === "store" ? [event.figures] : [],
    );
    assert.deepEqual(figures, [
      {
        added: 0,
        removed: 0,
        unchanged: 3,
        new_to_store: 0,
        crls_added: 0,
        revoked_added: 0,
        rejections_added: 0,
      },
    ]);
  });

  test("is known by its digest alone: one byte more and it is another", async () => {
    const other = buildCscaMasterList(buildCertificate());
    const known = { ...held, listed: new Map() };
    const bench = createBench({ bundle: other, known });
    const report = await succeeding(sync(bench.ports));
    assert.deepEqual([report.outcome, bench.applied.length, bench.confirmed.length], ["applied", 1, 0]);
  });

  test("from a source without a login is confirmed too", async () => {
    const bench = createBench({ bundle, known: held });
    const source = { read: async () => ok(bundle) };
    const report = await succeeding(sync({ ...bench.ports, source }));
    assert.equal(report.outcome, "unchanged");
    assert.deepEqual(bench.calls, ["known", "parse", "confirm"]);
  });

  test("still tells of its parts that could not be read", async () => {
    const withBad = buildCscaMasterList(buildCertificate(), unreadableCertificate);
    const bench = createBench({ bundle: withBad, known: { ...held, bundleSha256: sha256(withBad) } });
    const report = await succeeding(sync(bench.ports));
    assert.equal(bench.events.filter(({ type }) => type === "part.rejected").length, 1);
    assert.equal(report.bundle?.rejected.length, 1);
    assert.equal(report.outcome, "unchanged");
  });
});

describe("a service that says it has no other bundle", () => {
  test("ends the run without parsing: the bundle is confirmed, and the report has none", async () => {
    const bench = createBench({ bundle, known: held, hooks: { download: notModified } });
    const report = await succeeding(sync(bench.ports));
    assert.deepEqual(bench.calls, ["known", "authenticate", "login", "download", "confirm"]);
    assert.equal(report.outcome, "unchanged");
    assert.equal(report.bundle, null);
    assert.equal(report.judgment, null);
    assert.deepEqual(report.store, heldReport);
    assert.equal(bench.confirmed[0]?.bundleSha256, held.bundleSha256);
    assert.deepEqual(stagesOf(bench, "stage.completed"), ["authenticate", "login", "download", "store"]);
  });

  test("is told apart in the figures of the download", async () => {
    const bench = createBench({ bundle, known: held, hooks: { download: notModified } });
    await succeeding(sync(bench.ports));
    const figures = bench.events.flatMap((event) =>
      event.type === "stage.completed" && event.stage === "download" ? [event.figures] : [],
    );
    assert.deepEqual(figures, [{ modified: false, bytes: 0 }]);
  });
});

describe("validators", () => {
  test("of the held bundle are handed to the downloader", async () => {
    const bench = createBench({ bundle, known: held });
    await succeeding(sync(bench.ports));
    assert.deepEqual(bench.asked, [validators]);
  });

  test("are not handed on where no bundle is held: the answer could only be that there is no other", async () => {
    const bench = createBench({ bundle, known: { ...nothingKnown, validators } });
    await succeeding(sync(bench.ports));
    assert.deepEqual(bench.asked, [noValidators]);
  });

  test("that come with a new bundle are in the snapshot", async () => {
    const bench = createBench({ bundle, validators });
    await succeeding(sync(bench.ports));
    assert.deepEqual(bench.applied[0]?.validators, validators);
  });

  test("are forgotten where a new bundle comes without", async () => {
    const bench = createBench({ bundle, known: { ...nothingKnown, bundleSha256: "another", validators } });
    await succeeding(sync(bench.ports));
    assert.deepEqual(bench.applied[0]?.validators, noValidators);
  });

  test("are none where the source is read without a login", async () => {
    const bench = createBench({ bundle });
    const source = { read: async () => ok(bundle) };
    await succeeding(sync({ ...bench.ports, source }));
    assert.deepEqual(bench.applied[0]?.validators, noValidators);
  });
});

describe("a confirmation that fails", () => {
  for (const [how, download] of [
    ["the digest", undefined],
    ["the service", notModified],
  ] as const) {
    test(`after ${how} said unchanged fails the run in store`, async () => {
      const hooks = { ...(download && { download }), confirm: () => err(failure) };
      const bench = createBench({ bundle, known: held, hooks });
      const error = await failing(sync(bench.ports, { executionId: "run-1" }));
      const identity = { executionId: "run-1", source: "default", trigger: "manual" };
      assert.deepEqual(error, { ...identity, stage: "store", ...failure });
      assert.equal(bench.events.at(-1)?.type, "pipeline.failed");
      assert.ok(!stagesOf(bench, "stage.completed").includes("store"));
    });
  }

  test("by throwing is a value with DATABASE_ERROR and the cause", async () => {
    const thrown = new TypeError("undefined is not a function");
    const confirm = () => {
      throw thrown;
    };
    const error = await failing(sync(createBench({ bundle, known: held, hooks: { confirm } }).ports));
    assert.deepEqual(
      [error.stage, error.code, error.reason, error.cause],
      ["store", "DATABASE_ERROR", "UNEXPECTED", thrown],
    );
  });

  test("because of a cancellation is cancelled; one that came too late stands", async () => {
    for (const answer of [err(failure), undefined]) {
      const cancel = new AbortController();
      const confirm = () => {
        cancel.abort();
        return answer;
      };
      const bench = createBench({ bundle, known: held, hooks: { confirm } });
      const result = await sync(bench.ports, { signal: cancel.signal });
      assert.equal(result.ok ? result.value.outcome : result.error.code, answer ? "CANCELLED" : "unchanged");
    }
  });

  test("is not begun when the run is cancelled while the service answers", async () => {
    const cancel = new AbortController();
    const download = () => {
      cancel.abort();
      return notModified();
    };
    const bench = createBench({ bundle, known: held, hooks: { download } });
    const error = await failing(sync(bench.ports, { signal: cancel.signal }));
    assert.deepEqual([error.stage, error.code], ["download", "CANCELLED"]);
    assert.deepEqual(bench.confirmed, []);
  });
});
