import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { logEvents } from "../../src/log/events.ts";

const runner = join(import.meta.dirname, "../..");

describe("the table of events", () => {
  test("has no event that nothing writes", () => {
    const sources = globSync("src/**/*.ts", { cwd: runner }).filter(
      (file) => !file.endsWith("log/events.ts"),
    );
    const text = sources.map((file) => readFileSync(join(runner, file), "utf8")).join("\n");
    // The stages of a run and what is rejected in it put their names together.
    const composed =
      /^(authentication|login|download|parse|verification|store)\.(started|completed)$|^(certificate|crl|deviation|list)\.rejected$/;
    for (const name of Object.keys(logEvents).filter((event) => !composed.test(event))) {
      assert.ok(text.includes(`"${name}"`), `${name} is written nowhere`);
    }
  });

  test("names each event after a thing and what became of it", () => {
    for (const name of Object.keys(logEvents)) assert.match(name, /^[a-z]+\.[a-z]+$/);
  });
});
