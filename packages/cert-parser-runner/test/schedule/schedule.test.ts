import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { validateCron } from "../../src/schedule/cron.ts";
import { createSchedule } from "../../src/schedule/schedule.ts";
import { createSingleRun } from "../../src/schedule/single-run.ts";

const second = 1 / 3600;
const idle = async () => undefined;

/** A promise and what settles it. */
const deferred = () => Promise.withResolvers<void>();

describe("createSchedule", () => {
  test("an interval first comes due one interval from now, also where it divides no day", () => {
    for (const hours of [0.5, 5, 7, 6]) {
      const begun = Date.now();
      const schedule = createSchedule({ kind: "interval", hours }, idle);
      try {
        const due = schedule.next()?.getTime() ?? 0;
        // Due times are whole seconds.
        assert.ok(Math.abs(due - begun - hours * 3_600_000) <= 1500, `${hours} h: ${due - begun} ms`);
      } finally {
        schedule.stop();
      }
    }
  });

  test("an interval comes due again and again", async () => {
    const times: number[] = [];
    const enough = deferred();
    const schedule = createSchedule({ kind: "interval", hours: second }, async () => {
      times.push(performance.now());
      if (times.length === 3) enough.resolve();
    });
    await enough.promise;
    schedule.stop();
    const [first = 0, , third = 0] = times;
    assert.ok(third - first > 1500 && third - first < 3500, `${third - first} ms`);
  });

  test("a cron expression is read in UTC, and 1 is Monday", () => {
    const schedule = createSchedule({ kind: "cron", expression: "30 2 * * 1" }, idle);
    try {
      const next = schedule.next();
      assert.deepEqual(
        [next?.getUTCDay(), next?.getUTCHours(), next?.getUTCMinutes(), next?.getUTCSeconds()],
        [1, 2, 30, 0],
      );
      assert.ok((next?.getTime() ?? 0) > Date.now());
    } finally {
      schedule.stop();
    }
  });

  test("a run that takes longer than the interval is not overtaken", async () => {
    let running = 0;
    let most = 0;
    const overlapped = deferred();
    const release = deferred();
    const schedule = createSchedule(
      { kind: "cron", expression: "* * * * * *" },
      async () => {
        running++;
        most = Math.max(most, running);
        await release.promise;
        running--;
      },
      { onOverlap: overlapped.resolve },
    );
    await overlapped.promise;
    schedule.stop();
    release.resolve();
    assert.equal(most, 1);
  });

  test("goes on after a run that threw, and tells of it", async () => {
    const errors: unknown[] = [];
    let runs = 0;
    const again = deferred();
    const schedule = createSchedule(
      { kind: "cron", expression: "* * * * * *" },
      async () => {
        runs++;
        if (runs === 2) again.resolve();
        throw new Error(`run ${runs}`);
      },
      { onError: (error) => errors.push(error) },
    );
    await again.promise;
    schedule.stop();
    assert.match(String(errors[0]), /run 1/);
  });

  test("is running until it is stopped", () => {
    const schedule = createSchedule({ kind: "cron", expression: "0 */6 * * *" }, idle);
    assert.equal(schedule.running, true);
    schedule.stop();
    assert.equal(schedule.running, false);
    assert.equal(schedule.next(), null);
  });
});

describe("validateCron", () => {
  for (const expression of ["0 */6 * * *", "30 2 * * 1", "*/10 * * * * *", "@daily", "0 2 * * MON"]) {
    test(`takes ${expression}`, () => assert.equal(validateCron(expression), null));
  }

  const refused = [
    ["a word", "daily", /parts/],
    ["too few fields", "* * *", /parts/],
    ["a minute that no hour has", "61 * * * *", /minute/],
    ["a day that never comes", "0 0 30 2 *", /never comes due/],
    ["a date", "2030-01-01T00:00:00", /date/],
    ["nothing", "", /parts/],
  ] as const;
  for (const [name, expression, message] of refused) {
    test(`refuses ${name}`, () => assert.match(validateCron(expression) ?? "", message));
  }
});

describe("createSingleRun", () => {
  test("lets one run in at a time, each with an id of its own", async () => {
    const release = deferred();
    const ids: string[] = [];
    const runs = createSingleRun(async (executionId, trigger) => {
      ids.push(executionId);
      await release.promise;
      return trigger;
    });
    const first = runs.start("startup");
    assert.equal(runs.current?.executionId, first?.executionId);
    assert.equal(runs.start("schedule"), null);
    release.resolve();
    assert.equal(await first?.finished, "startup");
    assert.equal(runs.current, null);
    assert.equal(await runs.start("http")?.finished, "http");
    assert.equal(new Set(ids).size, 2);
  });

  test("stopping cancels the run under way, waits for it, and lets none in after", async () => {
    let ended = false;
    const runs = createSingleRun(async (_id, _trigger, signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      ended = true;
    });
    runs.start("startup");
    await runs.stop();
    assert.equal(ended, true);
    assert.equal(runs.start("http"), null);
  });
});
