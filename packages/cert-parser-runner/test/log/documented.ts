/**
 * Holds log entries against the table of events.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type LogEvent, logEvents, runFields } from "../../src/log/events.ts";

/** Fails where an entry has a name, a level or a field that the table does not have. */
export function assertDocumented(entries: readonly Readonly<Record<string, unknown>>[]): void {
  const table: Readonly<Record<string, LogEvent | undefined>> = logEvents;
  for (const entry of entries) {
    const { event, level } = entry;
    const known = table[String(event)];
    assert.ok(known, `${event} is not in the table of events`);
    assert.ok(
      known.levels.some((name) => name === level),
      `${event} is written at ${level}`,
    );
    const fields = new Set([...everyField, ...runFields, ...known.fields]);
    const unknown = Object.keys(entry).filter((name) => !fields.has(name));
    assert.deepEqual(unknown, [], `fields of ${event} that are not in the table`);
  }
}

const everyField = ["timestamp", "level", "event", "message"];
