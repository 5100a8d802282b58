import assert from "node:assert/strict";
import { test } from "node:test";
import { startProcess } from "./run-cli.ts";

test("a command that a test starts has the clock of the test", async () => {
  const before = Date.now();
  const { stdout } = await startProcess(process.execPath, ["--print", "Date.now()"]).ended;
  const told = Number(stdout);
  assert.ok(before <= told && told <= Date.now(), `${new Date(told)} is not now`);
});
