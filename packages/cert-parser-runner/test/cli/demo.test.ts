import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fixtureUrl, readManifest } from "cert-parser-fixtures";
import { openStore } from "../../src/store/store.ts";
import { type RunningCli, runCli, startCli, startProcess } from "./run-cli.ts";

const repository = join(import.meta.dirname, "../../../..");
const list = readManifest().files.find(({ name }) => name === "world.ml")?.list;

describe("demo", () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-demo-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const dataDir = join(directory, "trust");

  test("shows what came of one run, serves, ends in order on SIGINT, and leaves the store behind", async () => {
    const running = startCli(["demo", "--port", "0", "--data-dir", dataDir], { env: { HOST: "127.0.0.1" } });
    try {
      await running.seen(/stop with +Ctrl-C\n/);
      const [, url = ""] = await running.seen(/look at +(http:\S+)\/health\n/);
      assert.equal((await fetch(`${url}/health`)).status, 200);
      assert.equal((await fetch(`${url}/ready?strict`)).status, 200);
      running.process.kill("SIGINT");
      const { code, stdout } = await running.ended;
      assert.equal(code, 0);
      const { certificates, countries } = list ?? { certificates: 0, countries: [] };
      assert.match(stdout, /downloaded +[\d,]+ bytes from http:\/\/127\.0\.0\.1:\d+\/certificates\/csca\n/);
      assert.match(
        stdout,
        new RegExp(`found +${certificates} certificates.*of ${countries.length} countries\n`),
      );
      assert.match(stdout, /rejected +nothing\n/);
      assert.match(stdout, new RegExp(`stored +${certificates} added, 0 removed, 0 unchanged\n`));
      assert.ok(stdout.includes(dataDir));
      assert.match(stdout, /verdict +accepted: signed by CN=Simulated CSCA,.+, trusted on first use\n/);
      assert.match(stdout, /noted +PIN_UNAPPROVED: /);
    } finally {
      running.process.kill("SIGKILL");
    }
    const store = await openStore({ kind: "embedded", directory: dataDir });
    assert.equal((await store.overview()).counts.certificates, list?.distinct);
    await store.close();
  });

  test("with a file that is no list ends with one clear message and exit code 1", async () => {
    const file = fileURLToPath(fixtureUrl("text.txt"));
    const args = ["demo", "--port", "0", "--data-dir", dataDir, "--file", file];
    const { code, stdout, stderr } = await runCli(args);
    assert.equal(code, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /^error: PARSE_ERROR \(\w+\) at stage parse: .+$/m);
  });

  /** Starts what a stranger starts, as the leader of a process group of its own. */
  const npmStart = () =>
    startProcess(
      "npm",
      ["start"],
      {
        cwd: repository,
        env: {
          PORT: "0",
          HOST: "127.0.0.1",
          DATA_DIR: dataDir,
          // Of a real store, which invented certificates must never reach: nobody answers there, and nobody is asked.
          DATABASE_DSN: "postgresql://user:password@127.0.0.1:1/trust",
          // Of a real publisher, who has not signed the synthetic list.
          TRUST_ANCHORS: "0".repeat(64),
          npm_config_update_notifier: "false",
        },
      },
      { detached: true },
    );

  /** Resolves once nothing answers under the URL any more. */
  const gone = async (url: string) => {
    await assert.rejects(fetch(`${url}/health`));
  };

  const signals: readonly (readonly [name: string, send: (running: RunningCli) => void])[] = [
    ["SIGINT to the process group", ({ process: { pid = 0 } }) => process.kill(-pid, "SIGINT")],
    ["SIGTERM to the process group", ({ process: { pid = 0 } }) => process.kill(-pid, "SIGTERM")],
    ["SIGINT to npm alone", ({ process: child }) => child.kill("SIGINT")],
    ["SIGTERM to npm alone", ({ process: child }) => child.kill("SIGTERM")],
  ];
  for (const [name, send] of signals) {
    test(`npm start keeps to its own store, ends with exit 0 on ${name}, and leaves no process behind`, async () => {
      const running = npmStart();
      const { pid = 0 } = running.process;
      try {
        const [, url = ""] = await running.seen(/look at +(http:\S+)\/health\n/);
        await running.seen(/stop with +Ctrl-C\n/);
        send(running);
        const { code, signal, stderr } = await running.ended;
        assert.deepEqual([code, signal], [0, null], stderr);
        await gone(url);
        // No member of the group is left: signal 0 finds no one.
        assert.throws(() => process.kill(-pid, 0), { code: "ESRCH" });
      } finally {
        try {
          process.kill(-pid, "SIGKILL");
        } catch {
          // All gone already, as it should be.
        }
      }
    });
  }
});
