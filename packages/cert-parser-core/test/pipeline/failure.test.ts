import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { bundleParser, err, type Known, ok, type Stage, type SyncErrorCode, sync } from "cert-parser-core";
import { buildCertificate, buildCscaMasterList } from "../specimens.ts";
import {
  allCalls,
  bundle,
  type Call,
  createBench,
  failing,
  failure,
  heldOne,
  nothingKnown,
  stages,
} from "./ports.ts";

describe("a run that fails", () => {
  const hookFor = (name: Stage, answer: () => unknown) => ({ [name]: answer });

  for (const name of stages) {
    test(`in ${name}: gives the stage and what the port said, and calls nothing after it`, async () => {
      const bench = createBench({ bundle, hooks: hookFor(name, () => err(failure)) });
      const error = await failing(sync(bench.ports, { executionId: "run-1" }));
      assert.deepEqual(error, {
        executionId: "run-1",
        source: "default",
        trigger: "manual",
        stage: name,
        ...failure,
      });
      assert.deepEqual(bench.calls, allCalls.slice(0, allCalls.indexOf(name) + 1));
      assert.deepEqual(bench.applied, []);
    });

    test(`in ${name}: its last event says so, and no stage completes after that`, async () => {
      const bench = createBench({ bundle, hooks: hookFor(name, () => err(failure)), tickMs: 10 });
      const error = await failing(sync(bench.ports));
      const last = bench.events.at(-1);
      assert.ok(last?.type === "pipeline.failed");
      assert.deepEqual(last.error, error);
      assert.ok(last.durationMs > 0);
      const completed = bench.events
        .filter((event) => event.type === "stage.completed")
        .map(({ stage }) => stage);
      assert.deepEqual(completed, stages.slice(0, stages.indexOf(name)));
    });
  }

  test("when the store cannot say what it holds: in store, before the login", async () => {
    const bench = createBench({
      bundle,
      hooks: { known: () => err({ ...failure, code: "DATABASE_ERROR" }) },
    });
    const error = await failing(sync(bench.ports));
    assert.deepEqual([error.stage, error.code, error.reason], ["store", "DATABASE_ERROR", failure.reason]);
    assert.deepEqual(bench.calls, ["known"]);
    assert.deepEqual(
      bench.events.map(({ type }) => type),
      ["pipeline.started", "pipeline.failed"],
    );
  });

  const codes: readonly (readonly [Call, Stage, SyncErrorCode])[] = [
    ["authenticate", "authenticate", "AUTHENTICATION_ERROR"],
    ["login", "login", "AUTHENTICATION_ERROR"],
    ["download", "download", "EXTERNAL_SERVICE_ERROR"],
    ["parse", "parse", "PARSE_ERROR"],
    ["known", "store", "DATABASE_ERROR"],
    ["verify", "verify", "TRUST_ERROR"],
    ["store", "store", "DATABASE_ERROR"],
  ];
  for (const [port, stage, code] of codes) {
    test(`when ${port} throws: as a value, with ${code} and the cause`, async () => {
      const thrown = new TypeError("undefined is not a function");
      const hooks = {
        [port]: () => {
          throw thrown;
        },
      };
      const bench = createBench({ bundle, hooks });
      const error = await failing(sync(bench.ports));
      assert.deepEqual(
        [error.stage, error.code, error.reason, error.message, error.cause],
        [stage, code, "UNEXPECTED", thrown.message, thrown],
      );
      assert.deepEqual(bench.applied, []);
      assert.equal(bench.events.at(-1)?.type, "pipeline.failed");
    });
  }

  test("when the records cannot be made: as a value, in store, before the store is touched", async () => {
    // A digest that works for the bundle as a whole alone: neither reading nor the policy of this run asks for others.
    const one = buildCscaMasterList(buildCertificate());
    const parser = bundleParser({
      sha256: (bytes) => {
        if (bytes.length < one.length) throw new RangeError("out of memory");
        return "digest";
      },
    });
    const bench = createBench({
      bundle: one,
      hooks: {
        verify: () =>
          ok({ outcome: "accepted", reasons: [], objects: [{ outcome: "accepted", reasons: [] }] }),
      },
    });
    const error = await failing(sync({ ...bench.ports, parser }));
    assert.deepEqual([error.stage, error.reason, error.message], ["store", "UNEXPECTED", "out of memory"]);
    assert.deepEqual(bench.applied, []);
  });

  test("when a port throws before it returns a promise, and when what it throws is no Error", async () => {
    const bench = createBench({ bundle });
    const source = {
      read: () => {
        // biome-ignore lint/style/useThrowOnlyError: other people's code throws what it likes.
        throw "no";
      },
    };
    const error = await failing(sync({ ...bench.ports, source }));
    assert.deepEqual([error.stage, error.code, error.message], ["download", "EXTERNAL_SERVICE_ERROR", "no"]);
  });
});

describe("what cannot be read", () => {
  const inputs = [
    ["a list cut off", bundle.subarray(0, 200), "DER_TRUNCATED"],
    ["text", new TextEncoder().encode("Service unavailable"), "INPUT_UNRECOGNISED"],
    ["nothing", new Uint8Array(), "INPUT_UNRECOGNISED"],
  ] as const;
  for (const [what, bytes, reason] of inputs) {
    test(`${what} fails in parse with ${reason}, and reaches no store`, async () => {
      const bench = createBench({ bundle: bytes });
      const error = await failing(sync(bench.ports));
      assert.deepEqual([error.stage, error.code, error.reason], ["parse", "PARSE_ERROR", reason]);
      assert.match(error.message, /\(at byte \d+\)$/);
      assert.deepEqual(bench.applied, []);
    });
  }
});

describe("a list that is refused", () => {
  test("never reaches the store, and says why", async () => {
    const bench = createBench({ bundle: buildCscaMasterList() });
    const error = await failing(sync(bench.ports));
    assert.deepEqual(
      [error.stage, error.code, error.reason],
      ["verify", "TRUST_ERROR", "TOO_FEW_CERTIFICATES"],
    );
    assert.match(error.message, /^list refused: list holds 0 certificates/);
    assert.equal(error.judgment?.outcome, "refused");
    assert.deepEqual(bench.applied, []);
    assert.equal(bench.calls.includes("store"), false);
  });

  test("is compared with what the store holds", async () => {
    const listed = new Map(Array.from({ length: 100 }, (_, at) => [`digest-${at}`, heldOne] as const));
    const known: Known = { ...nothingKnown, listed };
    const bench = createBench({ bundle, known });
    const error = await failing(sync(bench.ports));
    assert.deepEqual([error.stage, error.reason], ["verify", "SHRINK"]);
    assert.deepEqual(bench.applied, []);
  });

  test("is refused whatever the policy calls its reasons, even with none", async () => {
    const bench = createBench({
      bundle,
      hooks: { verify: () => ok({ outcome: "refused", reasons: [], objects: [] }) },
    });
    const error = await failing(sync(bench.ports));
    assert.deepEqual([error.stage, error.code, error.reason], ["verify", "TRUST_ERROR", "REFUSED"]);
    assert.deepEqual(bench.applied, []);
  });
});
