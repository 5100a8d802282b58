import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createFileSource } from "../../src/download/file-source.ts";

describe("createFileSource", () => {
  let directory = "";
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => index % 251);
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "cert-parser-file-"));
    writeFileSync(join(directory, "list.ml"), bytes);
    writeFileSync(join(directory, "empty.ml"), "");
  });
  after(() => rmSync(directory, { recursive: true }));

  const read = (name: string, maxBytes: number, signal = new AbortController().signal, progress = ignore) =>
    createFileSource(join(directory, name), { maxBytes }).read(signal, progress);

  test("reads a file whole, telling its progress", async () => {
    const told: [number, number | undefined][] = [];
    const result = await read("list.ml", bytes.length, undefined, (...figures) => told.push(figures));
    assert.ok(result.ok && Buffer.from(result.value).equals(bytes));
    assert.deepEqual(told[0], [0, bytes.length]);
    assert.deepEqual(told.at(-1), [bytes.length, bytes.length]);
    assert.ok(told.length > 3);
  });

  const refused = [
    ["nowhere.ml", 10, "CONFIGURATION_ERROR", "FILE_NOT_FOUND"],
    ["list.ml/below", 10, "CONFIGURATION_ERROR", "FILE_NOT_FOUND"],
    [".", 10, "CONFIGURATION_ERROR", "FILE_IS_DIRECTORY"],
    ["empty.ml", 10, "PARSE_ERROR", "FILE_EMPTY"],
    ["list.ml", bytes.length - 1, "PARSE_ERROR", "FILE_TOO_LARGE"],
  ] as const;
  for (const [name, maxBytes, code, reason] of refused) {
    test(`answers ${reason} for ${name} and a limit of ${maxBytes} bytes`, async () => {
      const told: number[] = [];
      const result = await read(name, maxBytes, undefined, (length) => told.push(length));
      assert.ok(!result.ok);
      assert.deepEqual([result.error.code, result.error.reason], [code, reason]);
      assert.ok(result.error.message.includes(join(directory, name)), result.error.message);
      assert.ok(told.every((length) => length === 0));
    });
  }

  test("keeps to the limit when the file tells no size", { skip: process.platform === "win32" }, async () => {
    const result = await createFileSource("/dev/zero", { maxBytes: 5_000_000 }).read(
      new AbortController().signal,
      ignore,
    );
    assert.ok(!result.ok);
    assert.equal(result.error.reason, "FILE_TOO_LARGE");
  });

  test("stops when it is cancelled", async () => {
    const controller = new AbortController();
    const told: number[] = [];
    const result = await read("list.ml", bytes.length, controller.signal, (length) => {
      told.push(length);
      if (length > 0) controller.abort();
    });
    assert.equal(told.length, 2);
    assert.ok(!result.ok);
    assert.deepEqual([result.error.code, result.error.reason], ["CANCELLED", "ABORTED"]);
  });
});

function ignore(_length: number, _total: number | undefined): void {}
