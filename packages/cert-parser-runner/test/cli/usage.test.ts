import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { runCli } from "./run-cli.ts";

const commands = [
  "serve",
  "sync",
  "inspect",
  "verify",
  "diff",
  "trust",
  "migrate",
  "check-config",
  "simulate",
  "demo",
];

describe("the command line", { concurrency: 2 }, () => {
  for (const command of commands) {
    test(`${command} --help shows examples and exit codes`, async () => {
      const { code, stdout, stderr } = await runCli([command, "--help"]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`Usage: cert-parser-runner ${command}`));
      assert.match(stdout, /\nExamples:\n {2}\S/);
      assert.match(stdout, /\nExit codes:\n {2}0 {2}\S/);
      assert.equal(stderr, "");
    });
  }

  test("--help lists every command and says that signatures are verified", async () => {
    const { code, stdout } = await runCli(["--help"]);
    assert.equal(code, 0);
    for (const command of commands) assert.match(stdout, new RegExp(`\n {2}${command} `));
    assert.match(stdout, /Only lists signed by a trusted publisher are accepted/);
  });

  test("--version prints the version of the package alone", async () => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"));
    const { code, stdout } = await runCli(["--version"]);
    assert.equal(code, 0);
    assert.equal(stdout, `${version}\n`);
  });

  const misuses = [
    [
      "an unknown command, and suggests one",
      ["inspct"],
      /unknown command 'inspct'[\s\S]*Did you mean inspect/,
    ],
    [
      "an unknown option, and suggests one",
      ["inspect", "x.ml", "--jsn"],
      /unknown option '--jsn'[\s\S]*--json/,
    ],
    ["a missing argument", ["inspect"], /missing required argument 'file'/],
    ["an argument too many", ["inspect", "a", "b"], /too many arguments/],
    ["outputs that exclude each other", ["inspect", "a", "--json", "--pem"], /cannot be used with/],
    ["--all where it means nothing", ["inspect", "a", "--all"], /--all goes with --ndjson or --pem/],
    ["a port that is none", ["simulate", "--port", "70000"], /number from 0 to 65535/],
    ["an instant that is none", ["verify", "a", "--at", "soon"], /--at soon: expected an instant/],
    ["a day that is none", ["verify", "a", "--at", "2026-02-31"], /--at 2026-02-31: expected an instant/],
    [
      "an instant of a day that is none",
      ["verify", "a", "--at", "2026-02-31T12:00:00Z"],
      /--at 2026-02-31T12:00:00Z: expected an instant/,
    ],
    ["an anchor that is not there", ["verify", "a", "--anchor", "no.cer"], /--anchor names no\.cer, which/],
    [
      "authorities that are not there",
      ["verify", "a", "--authorities", "no.ml"],
      /--authorities no\.ml: .*FILE_NOT_FOUND/,
    ],
    ["standard input twice", ["diff", "-", "-"], /only one of the two/],
    ["a release without a reason", ["sync", "--release", "00112233"], /--release wants a --reason/],
    ["a release of a file", ["sync", "--release", "00112233", "--reason", "x", "a.ml"], /and no file/],
    ["a reason without a release", ["sync", "a.ml", "--reason", "x"], /go with --release/],
    ["a release of what is no digest", ["sync", "--release", "zz", "--reason", "x"], /expected a SHA-256/],
    ["an empty source name", ["sync", "a", "--source", ""], /--source wants a name/],
    ["the name of every source", ["sync", "a", "--source", "*"], /--source \*: that stands for every/],
    ["a publisher without a name", ["trust", "approve", ""], /name a publisher by its key or by a source/],
    [
      "an empty source of a publisher",
      ["trust", "revoke", "00112233", "--source", ""],
      /--source wants a name/,
    ],
  ] as const;
  for (const [name, args, message] of misuses) {
    test(`refuses ${name} with exit code 2`, async () => {
      const { code, stdout, stderr } = await runCli(args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, /^error: /);
      assert.match(stderr, message);
    });
  }

  for (const args of [[], ["serve"]]) {
    test(`${JSON.stringify(args)} without a service is a configuration error that shows what helps`, async () => {
      const { code, stdout, stderr } = await runCli(args);
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, /^error: CONFIGURATION_ERROR \(SERVICE_MISSING\)/);
      assert.match(stderr, /check-config/);
      assert.match(stderr, /demo/);
    });
  }

  test("sync without files and without a service is a configuration error", async () => {
    const { code, stderr } = await runCli(["sync"]);
    assert.equal(code, 2);
    assert.match(stderr, /^error: CONFIGURATION_ERROR \(SERVICE_MISSING\)/);
  });

  test("a command with faults in its settings names every one of them", async () => {
    const env = { PORT: "http", LOG_LEVEL: "LOUD", DATABASE_DSN: "mysql://root:hunter2@db/x" };
    const { code, stderr } = await runCli(["migrate"], { env });
    assert.equal(code, 2);
    assert.match(stderr, /^error: CONFIGURATION_ERROR: 3 settings are wrong\n/);
    for (const name of Object.keys(env)) assert.match(stderr, new RegExp(`\n {2}${name} `));
    assert.doesNotMatch(stderr, /hunter2/);
  });
});
