import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readEnvironment } from "../../src/config/environment.ts";
import { misspelledSettings } from "../../src/config/setting-spellings.ts";

describe("readEnvironment", () => {
  let directory = "";
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "cert-parser-env-"));
    const lines = [
      "# ours",
      "PORT=9001",
      'AUTH_PASSWORD="a # b"',
      "AUTH_URL=https://file.example",
      "OTHER=x",
    ];
    writeFileSync(join(directory, ".env"), lines.join("\n"));
  });
  after(() => rmSync(directory, { recursive: true }));

  test("reads .env beneath the process environment", () => {
    const environment = readEnvironment(directory, { PORT: "9002", PATH: "/bin" });
    assert.deepEqual(environment, {
      PORT: "9002",
      PATH: "/bin",
      AUTH_PASSWORD: "a # b",
      AUTH_URL: "https://file.example",
      OTHER: "x",
    });
  });

  test("lets the process win under any spelling", () => {
    const environment = readEnvironment(directory, {
      AUTH__URL: "https://process.example",
      AUTH_PASSWORD_FILE: "f",
    });
    assert.equal(environment.AUTH_URL, undefined);
    assert.equal(environment.AUTH_PASSWORD, undefined);
    assert.equal(environment.AUTH__URL, "https://process.example");
  });

  test("lets an empty value of the process unset one of the file", () => {
    assert.equal(readEnvironment(directory, { PORT: "" }).PORT, "");
  });

  test("does without a .env, and passes over a directory of that name", () => {
    assert.deepEqual(readEnvironment(join(directory, "nowhere"), { A: "1" }), { A: "1" });
    mkdirSync(join(directory, "python", ".env"), { recursive: true });
    assert.deepEqual(readEnvironment(join(directory, "python"), { A: "1" }), { A: "1" });
  });

  test("reads the environment of this process by default", () => {
    assert.equal(readEnvironment(directory).PATH, process.env.PATH);
  });
});

test("misspelledSettings names what was probably meant, and leaves the names of others alone", () => {
  const names = [
    "AUTH_PASWORD",
    "DATABASE_PASSWROD",
    "SCHEDULER_CORN",
    "AUTH__PASSWORD",
    "AUTH_PASSWORD_FILE",
    "DATABASE_SERVICE_HOST",
    "DATABASE_PORT_5432_TCP",
    "HOSTNAME",
    "HTTP_PROXY",
  ];
  const found = misspelledSettings(Object.fromEntries(names.map((name) => [name, "x"])));
  assert.deepEqual(found, [
    { name: "AUTH_PASWORD", message: "is not a setting; AUTH_PASSWORD is" },
    { name: "DATABASE_PASSWROD", message: "is not a setting; DATABASE_PASSWORD is" },
    { name: "SCHEDULER_CORN", message: "is not a setting; SCHEDULER_CRON is" },
  ]);
});
