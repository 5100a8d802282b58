import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createLogger } from "../../src/log/logger.ts";
import { openPatiently } from "../../src/patient-store.ts";
import { type StoreErrorCode, storeError } from "../../src/store/store-error.ts";

/** Opens with waits of a millisecond, and tells what was logged. */
function patiently<T>(open: () => Promise<T>, signal = new AbortController().signal) {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text) };
  const logger = createLogger({ level: "INFO", stream, terminal: false, colour: false });
  const opened = openPatiently(open, { logger, signal, firstMs: 1 });
  return { opened, entries: () => lines.map((line) => JSON.parse(line)) };
}

const failing = (code: StoreErrorCode, times: number) => {
  let left = times;
  return async () => {
    left--;
    if (left >= 0) throw storeError(code, `failed with ${code}`);
    return "open";
  };
};

describe("openPatiently", () => {
  for (const code of [
    "STORE_UNREACHABLE",
    "STORE_STARTING",
    "STORE_HOST_UNKNOWN",
    "STORE_TIMEOUT",
  ] as const) {
    test(`tries again after ${code}, later and later, and says so each time`, async () => {
      const { opened, entries } = patiently(failing(code, 4));
      assert.equal(await opened, "open");
      const logged = entries();
      assert.deepEqual(
        logged.map(({ event, level, attempt, code: found }) => [event, level, attempt, found]),
        [1, 2, 3, 4].map((attempt) => ["store.unavailable", "WARNING", attempt, code]),
      );
      assert.ok(logged[3].delay_ms > logged[0].delay_ms);
    });
  }

  for (const code of [
    "SCHEMA_TOO_NEW",
    "STORE_LOGIN_FAILED",
    "STORE_DSN_INVALID",
    "SERVER_TOO_OLD",
  ] as const) {
    test(`gives up at once on ${code}`, async () => {
      const { opened, entries } = patiently(failing(code, 1));
      await assert.rejects(opened, { code });
      assert.deepEqual(entries(), []);
    });
  }

  test("gives up at once on a fault of the program", async () => {
    const { opened } = patiently(() => Promise.reject(new TypeError("a fault")));
    await assert.rejects(opened, { name: "TypeError" });
  });

  test("ends when it is told to, in the middle of a wait", async () => {
    const stop = new AbortController();
    const { opened } = patiently(async () => {
      setTimeout(() => stop.abort(), 5);
      throw storeError("STORE_UNREACHABLE", "nobody there");
    }, stop.signal);
    await assert.rejects(opened, { code: "CANCELLED" });
  });
});
