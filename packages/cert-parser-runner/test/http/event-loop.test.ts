import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { type EventLoopWatch, recentMs, watchEventLoop } from "../../src/http/event-loop.ts";

describe("watchEventLoop", () => {
  const watches: EventLoopWatch[] = [];
  after(() => {
    for (const watch of watches) watch.stop();
  });
  const watched = (options: Parameters<typeof watchEventLoop>[0]) => {
    const watch = watchEventLoop(options);
    watches.push(watch);
    return watch;
  };
  const turns = async () => new Promise((resolve) => setTimeout(resolve, 20));

  test("sees a loop that was blocked, also before any timer has told of it", async () => {
    const watch = watched({ everyMs: 5 });
    await turns();
    const until = performance.now() + 400;
    while (performance.now() < until);
    assert.ok(watch.lagMs() >= 350, `${watch.lagMs()} ms`);
    await turns();
    assert.ok(watch.lagMs() >= 350, `${watch.lagMs()} ms`);
  });

  test("forgets a delay after a while, so that one alone restarts nothing", async () => {
    let now = 0;
    const watch = watched({ everyMs: 1, elapsed: () => now });
    now = 8000;
    await turns();
    assert.equal(watch.lagMs(), 7999);
    // In steps too small to be noticed themselves.
    for (const end = now + recentMs; now < end; now += 200) {
      assert.equal(watch.lagMs(), 7999);
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    now += 1;
    assert.ok(watch.lagMs() < 250, `${watch.lagMs()} ms`);
  });

  test("says nothing of a loop that turns", async () => {
    const watch = watched({ everyMs: 500 });
    await turns();
    assert.ok(watch.lagMs() < 250);
  });
});
