import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { backoffMs } from "../../src/schedule/backoff.ts";
import { systemClock } from "../../src/schedule/clock.ts";
import { validateCron } from "../../src/schedule/cron.ts";
import { createSchedule, type DueReason, type ScheduleOptions } from "../../src/schedule/schedule.ts";
import { createSingleRun } from "../../src/schedule/single-run.ts";
import type { Timing } from "../../src/schedule/timing.ts";
import { createHandClock } from "./hand-clock.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = new Date("2026-06-02T07:15:00Z");
const every = (hours: number): Timing => ({ kind: "interval", hours });
const cron = (expression: string): Timing => ({ kind: "cron", expression });

/** A promise and what settles it. */
const deferred = () => Promise.withResolvers<void>();

/** A schedule on a clock that a test turns, and what came due on it. */
function onHandClock(timing: Timing, options: Partial<ScheduleOptions> = {}) {
  const clock = createHandClock(start);
  const dues: string[] = [];
  const due = (reason: DueReason) => {
    dues.push(`${reason} ${new Date(clock.now()).toISOString().slice(5, 19)}`);
  };
  // Chance that adds nothing: no jitter, and waits exactly as long as they are meant to be.
  const schedule = createSchedule(timing, due, { clock, random: () => 0, ...options });
  return { schedule, clock, dues, taken: () => dues.splice(0) };
}

/** Waits exactly as long as they are meant to be: half way between a fifth less and a fifth more. */
const even = () => 0.5;

describe("createSchedule", () => {
  test("an interval comes due again and again, also where it divides no day", () => {
    const { clock, dues, schedule } = onHandClock(every(7));
    assert.equal(schedule.next()?.toISOString(), "2026-06-02T14:15:00.000Z");
    clock.turn(7 * hour - 1);
    assert.deepEqual(dues, []);
    clock.turn(1 + 3 * 7 * hour);
    assert.deepEqual(dues, [
      "regular 06-02T14:15:00",
      "regular 06-02T21:15:00",
      "regular 06-03T04:15:00",
      "regular 06-03T11:15:00",
    ]);
  });

  test("an interval of a year is waited for, though no timer holds so long", () => {
    const { clock, dues } = onHandClock(every(8760));
    clock.turn(8760 * hour - 1);
    assert.deepEqual(dues, []);
    clock.turn(1);
    assert.equal(dues.length, 1);
  });

  test("a cron expression is read in UTC, and 1 is Monday", () => {
    const { clock, dues } = onHandClock(cron("30 2 * * 1"));
    clock.turn(14 * 24 * hour);
    assert.deepEqual(dues, ["regular 06-08T02:30:00", "regular 06-15T02:30:00"]);
  });

  test("on the machine's own clock it comes due too", async () => {
    const enough = deferred();
    let times = 0;
    const schedule = createSchedule(cron("* * * * * *"), () => {
      times++;
      if (times === 2) enough.resolve();
    });
    await enough.promise;
    schedule.stop();
    assert.ok(systemClock.now() > start.getTime());
  });

  test("goes on after a run that could not be started, and tells of it", () => {
    const errors: unknown[] = [];
    const clock = createHandClock(start);
    const broken = () => {
      throw new Error("no run");
    };
    createSchedule(every(1), broken, { clock, onError: (error) => errors.push(error) });
    clock.turn(3 * hour);
    assert.deepEqual(errors.map(String), ["Error: no run", "Error: no run", "Error: no run"]);
  });

  test("is running until it is stopped, and starts nothing after", () => {
    const { schedule, clock, dues } = onHandClock(every(6));
    assert.equal(schedule.running, true);
    schedule.stop();
    assert.equal(schedule.running, false);
    assert.equal(schedule.next(), null);
    schedule.ended("failed");
    clock.turn(24 * hour);
    assert.deepEqual(dues, []);
  });

  test("is dead when its timer is, and alive however long it waits otherwise", () => {
    const { schedule, clock } = onHandClock(every(6));
    clock.turn(5 * hour);
    assert.equal(schedule.running, true);
    clock.breakDown();
    clock.turn(3 * minute);
    assert.equal(schedule.running, false);
  });

  test("comes due at once after a machine has slept through a run, and only once", () => {
    const { clock, taken } = onHandClock(every(6));
    clock.set(new Date(start.getTime() + 20 * hour));
    clock.turn(minute);
    assert.deepEqual(taken(), ["regular 06-03T03:15:30"]);
    clock.turn(4 * hour);
    assert.deepEqual(taken(), ["regular 06-03T07:15:00"]);
  });

  test("a clock that is set back a year does not put the next run off by a year", () => {
    for (const timing of [every(6), cron("0 */6 * * *")]) {
      const { clock, dues } = onHandClock(timing);
      clock.set(new Date("2025-06-02T07:15:00Z"));
      clock.turn(7 * hour);
      assert.equal(dues.length, 1);
    }
  });
});

describe("a delay by chance", () => {
  test("comes before a scheduled run, is told of beforehand, and moves none of the later ones", () => {
    const { schedule, clock, dues } = onHandClock(every(6), { jitterMs: 10 * minute, random: even });
    assert.equal(schedule.next()?.toISOString(), "2026-06-02T13:20:00.000Z");
    clock.turn(13 * hour);
    assert.deepEqual(dues, ["regular 06-02T13:20:00", "regular 06-02T19:20:00"]);
  });

  test("is below what is asked for, and never reaches the run that follows", () => {
    for (const [jitterMs, most] of [
      [minute, minute],
      [100 * hour, 6 * hour],
    ] as const) {
      const { schedule } = onHandClock(every(6), { jitterMs, random: () => 0.999_999 });
      const delay = (schedule.next()?.getTime() ?? 0) - start.getTime() - 6 * hour;
      assert.ok(delay > most * 0.99 && delay < most, `${delay} ms`);
    }
  });
});

describe("a run that was missed", () => {
  const before = (ms: number) => new Date(start.getTime() - ms);

  test("is made up for at the start, and the intervals are counted from then", () => {
    const { clock, dues } = onHandClock(every(6), { lastRun: before(7 * hour) });
    clock.turn(6 * hour);
    assert.deepEqual(dues, ["missed 06-02T07:15:00", "regular 06-02T13:15:00"]);
  });

  test("by cron is made up for when one of its times has passed since the last run", () => {
    const overdue = onHandClock(cron("0 */6 * * *"), { lastRun: new Date("2026-06-02T05:59:00Z") });
    overdue.clock.turn(5 * hour);
    assert.deepEqual(overdue.dues, ["missed 06-02T07:15:00", "regular 06-02T12:00:00"]);
    const inTime = onHandClock(cron("0 */6 * * *"), { lastRun: new Date("2026-06-02T06:00:01Z") });
    inTime.clock.turn(5 * hour);
    assert.deepEqual(inTime.dues, ["regular 06-02T12:00:00"]);
  });

  test("many times over is made up for once", () => {
    const { clock, dues } = onHandClock(every(1), { lastRun: before(40 * 24 * hour) });
    clock.turn(minute);
    assert.deepEqual(dues, ["missed 06-02T07:15:00"]);
  });

  test("waits for its share of the delay by chance", () => {
    const options = { lastRun: before(7 * hour), jitterMs: 10 * minute, random: even };
    const { clock, dues } = onHandClock(every(6), options);
    clock.turn(hour);
    assert.deepEqual(dues, ["missed 06-02T07:20:00"]);
  });

  test("is none where the last run is recent: its interval goes on across the restart", () => {
    const { schedule, clock, dues } = onHandClock(every(6), { lastRun: before(2 * hour) });
    assert.equal(schedule.next()?.toISOString(), "2026-06-02T11:15:00.000Z");
    clock.turn(4 * hour);
    assert.deepEqual(dues, ["regular 06-02T11:15:00"]);
  });

  test("is none where the last run lies in the future: a clock was set back", () => {
    const { schedule } = onHandClock(every(6), { lastRun: before(-1000 * hour) });
    assert.equal(schedule.next()?.toISOString(), "2026-06-02T13:15:00.000Z");
  });
});

describe("a run that failed", () => {
  test("is tried again after one minute, two, four and so on, up to the next regular one", () => {
    const { schedule, clock, dues } = onHandClock(every(6), { random: even });
    const fail = () => schedule.ended("failed");
    fail();
    for (let at = 0; at < 6.5 * 60; at++) {
      const seen = dues.length;
      clock.turn(minute);
      if (dues.length > seen) fail();
    }
    assert.deepEqual(dues, [
      "retry 06-02T07:16:00",
      "retry 06-02T07:18:00",
      "retry 06-02T07:22:00",
      "retry 06-02T07:30:00",
      "retry 06-02T07:46:00",
      "retry 06-02T08:18:00",
      "retry 06-02T09:22:00",
      "retry 06-02T11:30:00",
      "regular 06-02T13:15:00",
      // The regular run begins a series of its own.
      "retry 06-02T13:16:00",
      "retry 06-02T13:18:00",
      "retry 06-02T13:22:00",
      "retry 06-02T13:30:00",
    ]);
  });

  test("is not tried again once another has succeeded", () => {
    const { schedule, clock, dues } = onHandClock(every(6));
    schedule.ended("failed");
    schedule.ended("done");
    clock.turn(5 * hour);
    assert.deepEqual(dues, []);
    schedule.ended("failed");
    assert.equal((schedule.next()?.getTime() ?? 0) - clock.now(), 0.8 * minute);
  });

  test("waits for the next regular run where that comes sooner", () => {
    const { schedule, clock, dues } = onHandClock(every(0.01));
    schedule.ended("failed");
    clock.turn(80_000);
    assert.deepEqual(dues, ["regular 06-02T07:15:36", "regular 06-02T07:16:12"]);
  });

  test("waits a fifth more or less by chance", () => {
    const options = { firstMs: 1000, maxMs: 30_000 };
    assert.equal(backoffMs(1, { ...options, random: () => 0 }), 800);
    assert.equal(backoffMs(1, { ...options, random: () => 1 }), 1200);
    assert.deepEqual(
      [1, 2, 3, 5, 6, 60].map((failures) => backoffMs(failures, { ...options, random: even })),
      [1000, 2000, 4000, 16_000, 30_000, 30_000],
    );
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
