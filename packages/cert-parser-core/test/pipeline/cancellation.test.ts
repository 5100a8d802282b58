import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { err, sync } from "cert-parser-core";
import { bundle, createBench, failing, failure, succeeding } from "./ports.ts";

describe("a run that is cancelled", () => {
  test("before it begins calls no port", async () => {
    const bench = createBench({ bundle });
    const error = await failing(sync(bench.ports, { signal: AbortSignal.abort("shutting down") }));
    assert.deepEqual([error.stage, error.code, error.reason], ["store", "CANCELLED", "ABORTED"]);
    assert.equal(error.cause, "shutting down");
    assert.deepEqual(bench.calls, []);
  });

  for (const name of ["authenticate", "login", "download", "parse", "known", "verify"] as const) {
    test(`while ${name} works ends the run, although the port succeeded, and leaves the store alone`, async () => {
      const cancel = new AbortController();
      const bench = createBench({ bundle, hooks: { [name]: () => cancel.abort() } });
      const error = await failing(sync(bench.ports, { signal: cancel.signal }));
      // What the store holds was asked for outside of the stages: the first of them is not begun.
      assert.deepEqual([error.stage, error.code], [name === "known" ? "authenticate" : name, "CANCELLED"]);
      assert.equal(bench.calls.at(-1), name);
      assert.deepEqual(bench.applied, []);
    });

    test(`while ${name} works is cancelled, not failed, when the port throws because of it`, async () => {
      const cancel = new AbortController();
      const abort = () => {
        cancel.abort();
        cancel.signal.throwIfAborted();
      };
      const bench = createBench({ bundle, hooks: { [name]: abort } });
      const error = await failing(sync(bench.ports, { signal: cancel.signal }));
      assert.deepEqual([error.stage, error.code], [name === "known" ? "store" : name, "CANCELLED"]);
      assert.deepEqual(bench.applied, []);
    });
  }

  test("while the store fails because of it is cancelled", async () => {
    const cancel = new AbortController();
    const rollBack = () => {
      cancel.abort();
      return err({ ...failure, code: "DATABASE_ERROR" });
    };
    const bench = createBench({ bundle, hooks: { store: rollBack } });
    const error = await failing(sync(bench.ports, { signal: cancel.signal }));
    assert.deepEqual([error.stage, error.code], ["store", "CANCELLED"]);
  });

  test("too late to stop the store succeeded: what the store did stands", async () => {
    const cancel = new AbortController();
    const bench = createBench({ bundle, hooks: { store: () => cancel.abort() } });
    await succeeding(sync(bench.ports, { signal: cancel.signal }));
    assert.equal(bench.applied.length, 1);
  });

  test("hands its signal to every port", async () => {
    const { signal } = new AbortController();
    const seen: AbortSignal[] = [];
    const { ports } = createBench({ bundle });
    assert.ok("accessTokens" in ports.source);
    const { accessTokens, sfcTokens, downloader } = ports.source;
    const note = (given: AbortSignal) => {
      seen.push(given);
      return given;
    };
    await succeeding(
      sync(
        {
          ...ports,
          source: {
            accessTokens: { acquire: (given) => accessTokens.acquire(note(given)) },
            sfcTokens: { acquire: (token, given) => sfcTokens.acquire(token, note(given)) },
            downloader: {
              download: (both, given, ...rest) => downloader.download(both, note(given), ...rest),
            },
          },
          parser: { parse: (bytes, given) => ports.parser.parse(bytes, note(given)) },
          policy: {
            judge: (judged, known, given) => ports.policy.judge(judged, known, note(given)),
          },
          store: {
            known: (source, given) => ports.store.known(source, note(given)),
            apply: (snapshot, given) => ports.store.apply(snapshot, note(given)),
            confirm: (confirmation, given) => ports.store.confirm(confirmation, note(given)),
          },
        },
        { signal },
      ),
    );
    assert.deepEqual(
      seen,
      Array.from({ length: 7 }, () => signal),
    );
  });
});
