import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "../../src/log/logger.ts";
import { logClock } from "../../src/log/run-notices.ts";

const now = new Date("2026-12-01T12:00:00Z");
const shifted = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
const day = 24 * 60;

/** Event and text of each line. */
function linesOf(database: Date, latestSigned: Date | null): readonly (readonly string[])[] {
  const lines: string[] = [];
  const stream = { write: (line: string) => lines.push(line) };
  const logger = createLogger({ level: "INFO", stream, terminal: false, colour: false });
  logClock(now, { now: database, latestSigned }, logger);
  return lines.map((line) => {
    const { event, message } = JSON.parse(line);
    return [event, message];
  });
}

test("a clock that is right is not spoken of", () => {
  assert.deepEqual(linesOf(shifted(4), shifted(day - 1)), []);
  assert.deepEqual(linesOf(shifted(-4), null), []);
});

test("a clock that differs from the database's is told, whichever way", () => {
  const [[event, text] = []] = linesOf(shifted(-6), null);
  assert.equal(event, "clock.skewed");
  assert.match(text ?? "", /is 6 min 0 s ahead of the database's/);
  const [[, behind] = []] = linesOf(shifted(400 * day), null);
  assert.match(behind ?? "", /is 400 days behind the database's/);
});

test("so is a clock that is behind what states have signed", () => {
  const lines = linesOf(now, shifted(day + 1));
  assert.deepEqual(
    lines.map(([event]) => event),
    ["clock.behind"],
  );
});
