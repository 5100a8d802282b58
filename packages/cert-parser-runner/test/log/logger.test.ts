import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { wantsColour } from "../../src/log/colour.ts";
import { causeChain } from "../../src/log/error-text.ts";
import { formatDuration, formatQuantity } from "../../src/log/figures.ts";
import { createLogger, type LoggerOptions } from "../../src/log/logger.ts";
import { printable } from "../../src/log/printable.ts";

function recording(options: Partial<LoggerOptions> = {}) {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  const logger = createLogger({ level: "INFO", stream, terminal: false, colour: false, ...options });
  return { logger, text: () => written.join(""), lines: () => written.join("").trimEnd().split("\n") };
}

describe("the JSON log", () => {
  test("writes one object a line, with the same first keys and the message last", () => {
    const { logger, lines } = recording();
    logger.child({ execution_id: "e1", trigger: "startup" }).info("parse.completed", "read it", { bytes: 3 });
    const [line = ""] = lines();
    const entry = JSON.parse(line);
    assert.deepEqual(Object.keys(entry), [
      "timestamp",
      "level",
      "event",
      "execution_id",
      "trigger",
      "bytes",
      "message",
    ]);
    assert.match(entry.timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(entry.level, "INFO");
    assert.equal(entry.event, "parse.completed");
    assert.equal(entry.message, "read it");
  });

  test("a field never takes the place of what every line has", () => {
    const { logger, lines } = recording();
    const fields = { timestamp: "never", level: "LOUD", event: "other", message: "forged" };
    logger.warning("parse.completed", "the message", fields);
    const entry = JSON.parse(lines()[0] ?? "");
    assert.equal(entry.level, "WARNING");
    assert.equal(entry.event, "parse.completed");
    assert.equal(entry.message, "the message");
    assert.notEqual(entry.timestamp, "never");
  });

  test("keeps to one line whatever a field holds, and writes errors, big integers and bytes as text", () => {
    const { logger, lines } = recording();
    const cause = Object.assign(new Error("broken\npipe"), { code: "EPIPE" });
    logger.error("http.failed", "line\nbreak", { cause, big: 12n, der: new Uint8Array(4) });
    assert.equal(lines().length, 1);
    const entry = JSON.parse(lines()[0] ?? "");
    assert.equal(entry.cause, "Error EPIPE: broken\npipe");
    assert.equal(entry.big, "12");
    assert.equal(entry.der, "4 bytes");
  });

  test("writes repeated lines as often as they were said", () => {
    const { logger, lines } = recording();
    for (let time = 0; time < 30; time++) logger.info("schedule.skipped", "again");
    assert.equal(lines().length, 30);
  });

  const levels = [
    ["DEBUG", ["DEBUG", "INFO", "WARNING", "ERROR"]],
    ["INFO", ["INFO", "WARNING", "ERROR"]],
    ["WARNING", ["WARNING", "ERROR"]],
    ["ERROR", ["ERROR"]],
  ] as const;
  for (const [level, written] of levels) {
    test(`at level ${level} writes ${written.join(", ")}`, () => {
      const { logger, lines } = recording({ level });
      logger.debug("schedule.next", "");
      logger.info("schedule.next", "");
      logger.warning("schedule.next", "");
      logger.error("schedule.next", "");
      assert.deepEqual(
        lines().map((line) => JSON.parse(line).level),
        written,
      );
      assert.equal(logger.writes("DEBUG"), level === "DEBUG");
    });
  }

  test("shows no progress", () => {
    const { logger, text } = recording();
    logger.progress("50 %");
    logger.progress(null);
    assert.equal(text(), "");
  });
});

describe("the terminal log", () => {
  test("writes time, level and message, in colours only where they are wanted", () => {
    const plain = recording({ terminal: true });
    plain.logger.info("schedule.next", "all well", { hidden: 1 });
    assert.match(plain.text(), /^\d\d:\d\d:\d\d INFO {4}all well\n$/);
    const coloured = recording({ terminal: true, colour: true });
    coloured.logger.error("schedule.next", "not well");
    assert.ok(coloured.text().includes("\u001b[31m"));
  });

  test("erases the progress before a line and shows it again after", () => {
    const { logger, text } = recording({ terminal: true });
    logger.progress("50 %");
    logger.info("schedule.next", "between");
    logger.progress(null);
    const erase = "\r\u001b[2K";
    const [nothing, first, between, last] = text().split(erase);
    assert.deepEqual([nothing, first, last], ["", "50 %", ""]);
    assert.match(between ?? "", /^\S+ INFO {4}between\n50 %$/);
  });

  test("draws progress no faster than an eye can follow", () => {
    const { logger, text } = recording({ terminal: true });
    for (let percent = 0; percent <= 100; percent++) logger.progress(`${percent} %`);
    assert.equal(text().split("\r").length - 1, 1);
  });

  test("shows what caused a failure beneath it", () => {
    const { logger, text } = recording({ terminal: true });
    logger.error("pipeline.failed", "run failed", { causes: ["Error: outer", "Error ECONNREFUSED: inner"] });
    assert.match(text(), /run failed\n +caused by Error: outer\n +caused by Error ECONNREFUSED: inner\n$/);
  });

  test("lets nothing from outside steer the terminal or begin a line", () => {
    const { logger, text } = recording({ terminal: true });
    logger.info("schedule.next", "CN=\u001b[2J\nerror: forged\u202e");
    assert.ok(text().endsWith("CN=\\u001b[2J\\u000aerror: forged\\u202e\n"), JSON.stringify(text()));
  });

  test("leaves out the one event that somebody else says", () => {
    const { logger, text } = recording({ terminal: true, leaveOut: "pipeline.failed" });
    logger.error("pipeline.failed", "said elsewhere");
    assert.equal(text(), "");
  });
});

describe("texts of the log", () => {
  test("a chain of causes is told from the outside in, and ends where it repeats", () => {
    const inner = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    const outer = new Error("no answer", { cause: inner });
    inner.cause = outer;
    assert.deepEqual(causeChain(outer), ["Error: no answer", "Error ECONNREFUSED: refused"]);
    assert.deepEqual(causeChain(undefined), []);
    assert.deepEqual(causeChain(new AggregateError([inner], "several")).slice(1), [
      "Error ECONNREFUSED: refused",
      "Error: no answer",
    ]);
  });

  test("colours are for terminals that want them", () => {
    assert.equal(wantsColour({ isTTY: true }, {}), true);
    assert.equal(wantsColour({ isTTY: true }, { NO_COLOR: "1" }), false);
    assert.equal(wantsColour({ isTTY: true }, { NO_COLOR: "" }), true);
    assert.equal(wantsColour({ isTTY: true }, { TERM: "dumb" }), false);
    assert.equal(wantsColour({}, {}), false);
  });

  test("numbers read well", () => {
    assert.equal(formatQuantity(1, "byte"), "1 byte");
    assert.equal(formatQuantity(905_345, "byte"), "905,345 bytes");
    assert.equal(formatQuantity(0, "country", "countries"), "0 countries");
    assert.equal(formatDuration(999.4), "999 ms");
    assert.equal(formatDuration(1234), "1.2 s");
    assert.equal(formatDuration(59_970), "1 min 0 s");
    assert.equal(formatDuration(61_000), "1 min 1 s");
  });

  test("printable text keeps letters of all scripts", () => {
    assert.equal(printable("CN=Ærø \u{1f6c2} 旅券"), "CN=Ærø \u{1f6c2} 旅券");
    assert.equal(printable("\u0000\u007f\u009b\u2028"), "\\u0000\\u007f\\u009b\\u2028");
  });
});
