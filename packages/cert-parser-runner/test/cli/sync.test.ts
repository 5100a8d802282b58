import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { readBundle, verifyBundle } from "cert-parser-core";
import { type FixtureName, fixtureUrl, readManifest } from "cert-parser-fixtures";
import { buildSimulatedList } from "../../src/simulate/simulated-list.ts";
import { type Simulator, startSimulator } from "../../src/simulate/simulator.ts";
import { openStore } from "../../src/store/store.ts";
import { anyAge } from "../any-age.ts";
import { startPostgres, type TestPostgres } from "../store/postgres.ts";
import { type CliOptions, type Ended, runCli, startCli } from "./run-cli.ts";
import { createScratch, makeCsca, makeList, makeListDirectory } from "./small-world.ts";

/** SHA-256 of the CSCA certificate behind a list: an expired one vouches for nobody, and is an anchor still. */
async function anchorOf(name: FixtureName): Promise<string> {
  const bundle = await readBundle(readFileSync(fixtureUrl(name)));
  const { objects } = await verifyBundle(bundle, { now: new Date("2026-07-01T00:00:00Z") });
  return objects[0]?.verdict?.publisher?.certificate?.sha256 ?? "";
}

const path = (name: FixtureName) => fileURLToPath(fixtureUrl(name));
const listOf = (name: FixtureName) => readManifest().files.find((file) => file.name === name)?.list;

describe("sync on the embedded store", () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-sync-"));
  const env = { DATA_DIR: join(directory, "store"), ...anyAge };
  after(() => rmSync(directory, { recursive: true, force: true }));

  test("stores a list, and the same list again without a change, with a summary of each", async () => {
    const world = path("world.ml");
    const { code, stdout, stderr } = await runCli(["sync", world, world], { env });
    assert.equal(code, 0, stderr);
    const certificates = listOf("world.ml")?.certificates;
    const stored = [...stdout.matchAll(/stored +(.+)\n/g)].map(([, text]) => text);
    assert.deepEqual(stored, [
      `${certificates} added, 0 removed, 0 unchanged`,
      `0 added, 0 removed, ${certificates} unchanged`,
    ]);
    assert.match(stdout, /world\.ml as icao-masterlist\n/);
    assert.match(stdout, /verdict +accepted: signed by CN=CSCA ZZ,.+, trusted on first use\n/);
    assert.match(stdout, /verdict +unchanged: the list is the one of \d{4}-/);
    const { event, level, runs, applied, unchanged, added } = JSON.parse(
      stderr.trimEnd().split("\n").at(-1) ?? "",
    );
    assert.deepEqual(
      [event, level, runs, applied, unchanged, added],
      ["sync.ended", "INFO", 2, 1, 1, certificates],
    );
    assert.match(stdout, /the embedded store in .+store\n/);
  });

  test("a second process on the same directory is refused by name of the first", async () => {
    const store = await openStore({ kind: "embedded", directory: env.DATA_DIR });
    try {
      const { code, stdout, stderr } = await runCli(["sync", path("world.ml")], { env });
      assert.equal(code, 1);
      assert.equal(stdout, "");
      assert.match(stderr, new RegExp(`^error: DATABASE_ERROR \\(STORE_LOCKED\\): .*${process.pid}`, "m"));
    } finally {
      await store.close();
    }
  });
});

describe("sync on PostgreSQL", () => {
  let postgres: TestPostgres;
  let simulator: Simulator;
  let env: Record<string, string>;
  let anchored: Record<string, string>;
  before(async () => {
    postgres = await startPostgres();
    const anchors = await Promise.all((["world.ml", "one-bad.ml"] as const).map(anchorOf));
    anchored = { TRUST_ANCHORS: anchors.join(",") };
    simulator = await startSimulator({ bundle: await buildSimulatedList(new Date()), port: 0 });
    env = { DATABASE_DSN: postgres.dsn, ...anyAge };
  });
  const scratch = createScratch();
  after(async () => {
    scratch.remove();
    await simulator.close();
    await postgres.stop();
  });

  const sync = (args: readonly string[], options: CliOptions = {}): Promise<Ended> =>
    runCli(["sync", ...args], { ...options, env: { ...env, ...options.env } });

  /** What is stored, without the log of runs. */
  const held = async () => {
    const store = await openStore({ kind: "postgresql", dsn: postgres.dsn });
    try {
      const { counts, sources } = await store.overview();
      return { counts, sources: sources.map(({ source, bundle }) => ({ source, sha256: bundle?.sha256 })) };
    } finally {
      await store.close();
    }
  };

  test("goes through the three-step service, and logs every stage as one JSON line", async () => {
    const running = startCli(["sync", "--json"], { env: { ...env, ...simulator.environment } });
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    const { runs } = JSON.parse(stdout);
    assert.equal(runs.length, 1);
    assert.equal(runs[0].outcome, "applied");
    assert.equal(runs[0].store.added, listOf("world.ml")?.distinct);
    assert.equal(runs[0].signaturesVerified, true);
    assert.equal(runs[0].judgment.objects[0].level, "verified");

    const events = running.events().filter(({ execution_id }) => execution_id === runs[0].executionId);
    assert.deepEqual(
      events.map(({ event }) => event),
      [
        "pipeline.started",
        "authentication.completed",
        "login.completed",
        "download.completed",
        "parse.completed",
        "verification.completed",
        "store.completed",
        "pipeline.completed",
        "trust.unapproved",
      ],
    );
    for (const entry of events) {
      assert.deepEqual(Object.keys(entry).slice(0, 6), [
        "timestamp",
        "level",
        "event",
        "execution_id",
        "trigger",
        "source",
      ]);
      assert.equal(entry.trigger, "manual");
    }
    const secrets = [simulator.environment.AUTH_PASSWORD, simulator.environment.AUTH_CLIENT_SECRET];
    for (const secret of secrets) assert.ok(secret && !stderr.includes(secret) && !stdout.includes(secret));
  });

  test("asks for the list by what it came with last time: no newer one, nothing to do", async () => {
    const { code, stdout, stderr } = await sync([], { env: simulator.environment });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /read +nothing: the service has no newer list\n/);
    assert.match(stdout, /verdict +unchanged: the service has no newer list than the one held\n/);
    const again = await sync(["--json"], { env: simulator.environment });
    const [run] = JSON.parse(again.stdout).runs;
    assert.deepEqual([run.outcome, run.bundle, run.store.added], ["unchanged", null, 0]);
  });

  test("keeps sources apart and stores shared certificates once", async () => {
    const { stdout } = await sync(["--source", "second", path("next.ml"), "--json"], { env: anchored });
    const { runs } = JSON.parse(stdout);
    assert.equal(runs[0].source, "second");
    assert.equal(runs[0].file, path("next.ml"));
    assert.equal(runs[0].store.added, listOf("next.ml")?.distinct);
    assert.equal(runs[0].store.newToStore, 5);
  });

  const noListener = async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === "object" && address !== null ? address.port : 0;
  };

  const faults: readonly (readonly [
    flaw: string,
    args: readonly string[],
    settings: () => Promise<Record<string, string>>,
    message: RegExp,
  ])[] = [
    [
      "a truncated file",
      [path("truncated.ml")],
      async () => ({}),
      /^error: PARSE_ERROR \(DER_TRUNCATED\) at stage parse: .*truncated\.ml: .+$/m,
    ],
    [
      "a text file",
      [path("text.txt")],
      async () => ({}),
      /^error: PARSE_ERROR \(INPUT_UNRECOGNISED\) at stage parse: .*text\.txt: .+$/m,
    ],
    [
      "an empty list",
      [path("empty.ml")],
      async () => ({}),
      /^error: TRUST_ERROR \(TOO_FEW_CERTIFICATES\) at stage verify: .*empty\.ml: .+$/m,
    ],
    [
      "another list of the time of the one that is held",
      ["--source", "same-time", path("shrunk.ml")],
      async () => {
        const { code, stderr } = await sync(["--source", "same-time", path("world.ml")], { env: anchored });
        assert.equal(code, 0, stderr);
        return anchored;
      },
      /^error: TRUST_ERROR \(REPLAY\) at stage verify: .*shrunk\.ml: .+$/m,
    ],
    [
      "a file that is not there",
      ["no-such.ml"],
      async () => ({}),
      /^error: CONFIGURATION_ERROR \(FILE_NOT_FOUND\) at stage download: no-such\.ml .+$/m,
    ],
    [
      "a wrong password",
      [],
      async () => ({ ...simulator.environment, AUTH_PASSWORD: "wrong-password" }),
      /^error: AUTHENTICATION_ERROR \(\w+\) at stage authenticate: .+AUTH_PASSWORD.*$/m,
    ],
    [
      "a service that is down",
      [],
      async () => ({
        ...simulator.environment,
        AUTH_URL: `http://127.0.0.1:${await noListener()}/token`,
      }),
      /^error: EXTERNAL_SERVICE_ERROR \(\w+\) at stage authenticate: .+$/m,
    ],
    [
      "a database that is down",
      [path("world.ml")],
      async () => ({ DATABASE_DSN: `postgresql://root:hunter2@127.0.0.1:${await noListener()}/trust` }),
      /^error: DATABASE_ERROR \(STORE_UNREACHABLE\): .+$/m,
    ],
  ];
  for (const [flaw, args, settings, message] of faults) {
    test(`${flaw}: one clear message with its code, exit 1, the store as it was`, async () => {
      const own = await settings();
      const before = await held();
      const { code, stdout, stderr } = await sync(args, { env: own });
      assert.equal(code, 1, stderr);
      assert.equal(stdout, "");
      assert.match(stderr, message);
      assert.equal(stderr.match(/^error: /gm)?.length, 1, stderr);
      assert.doesNotMatch(stderr, /hunter2|wrong-password/);
      assert.deepEqual(await held(), before);
    });
  }

  test("stops at the first of several files that fails, and --json shows which", async () => {
    const files = [path("next.ml"), path("text.txt"), path("world.ml")];
    const { ended, events } = startCli(["sync", "--json", "--source", "second", ...files], {
      env: { ...env, ...anchored },
    });
    const { code, stdout } = await ended;
    assert.equal(code, 1);
    const summary = events().at(-1);
    assert.deepEqual(
      [summary?.event, summary?.level, summary?.runs, summary?.unchanged, summary?.failed],
      ["sync.ended", "ERROR", 2, 1, 1],
    );
    const { runs, error } = JSON.parse(stdout);
    assert.deepEqual(
      runs.map(({ file, outcome }: Record<string, unknown>) => [file, outcome]),
      [
        [path("next.ml"), "unchanged"],
        [path("text.txt"), "failed"],
      ],
    );
    assert.equal(runs[1].error.code, "PARSE_ERROR");
    assert.deepEqual([error.code, error.reason, error.stage], ["PARSE_ERROR", "INPUT_UNRECOGNISED", "parse"]);
  });

  test("--json tells of a database that is down too", async () => {
    const dsn = `postgresql://root:hunter2@127.0.0.1:${await noListener()}/trust`;
    const { code, stdout } = await sync(["--json", path("world.ml")], { env: { DATABASE_DSN: dsn } });
    assert.equal(code, 1);
    const { runs, error } = JSON.parse(stdout);
    assert.deepEqual(runs, []);
    assert.deepEqual([error.code, error.reason], ["DATABASE_ERROR", "STORE_UNREACHABLE"]);
  });

  test("records parts that were rejected and stores their neighbours", async () => {
    const running = startCli(["sync", "--json", "--source", "bad", path("one-bad.ml")], {
      env: { ...env, ...anchored },
    });
    const { code, stdout } = await running.ended;
    assert.equal(code, 0);
    const { runs } = JSON.parse(stdout);
    assert.equal(runs[0].bundle.rejected.length, 1);
    assert.equal(runs[0].store.rejectionsAdded, 1);
    assert.equal(runs[0].store.added, 2);
    const rejected = running.events().filter(({ event }) => event === "certificate.rejected");
    assert.equal(rejected.length, 1);
    assert.equal(rejected[0]?.level, "WARNING");
    assert.equal(rejected[0]?.index, 1);
  });

  test("a file that is in quarantine of two sources is released for the one that is named", async () => {
    const digests: (string | undefined)[] = [];
    const unknown = scratch.file("unknown.ml", makeList(makeCsca()));
    for (const source of ["one", "two"]) {
      const refused = await sync(["--source", source, unknown]);
      const step = new RegExp(`trust approve ([0-9a-f]{16}) --source ${source} --reason TEXT\\n`);
      digests.push(step.exec(refused.stderr)?.[1]);
    }
    const [digest = "", other] = digests;
    assert.equal(digest, other);
    const release = ["--release", digest, "--reason", "announced"];
    const ambiguous = await sync(release);
    assert.equal(ambiguous.code, 1);
    assert.match(ambiguous.stderr, /^error: TRUST_ERROR \(QUARANTINE_AMBIGUOUS\): /m);
    const released = await sync([...release, "--source", "two", "--json"]);
    assert.equal(released.code, 0, released.stderr);
    assert.equal(JSON.parse(released.stdout).runs[0].source, "two");
  });

  test("of two lists in a directory the good one goes in, and the text says what waits: exit 1", async () => {
    const [known, unknown] = [makeCsca("UA"), makeCsca("UB")];
    const source = ["--source", "directory"];
    const first = await sync([...source, scratch.file("known.ml", makeList(known, { country: "UA" }))]);
    const [, key = ""] = /trust approve ([0-9a-f]{16}), then sync again\n/.exec(first.stderr) ?? [];
    assert.equal((await runCli(["trust", "approve", key], { env })).code, 0);
    const lists = [
      makeList(known, { country: "UA", signedAt: "2024-05-02T00:00:00Z" }),
      makeList(unknown, { country: "UB" }),
    ];
    const running = startCli(["sync", ...source, scratch.file("lists.ldif", makeListDirectory(lists))], {
      env,
    });
    const { code, stdout, stderr } = await running.ended;
    assert.equal(code, 1);
    assert.match(stdout, /verdict +IN PART: 1 of 2 objects accepted, 1 pending, 0 refused\n/);
    assert.match(stdout, /went in +accepted: signed by CN=CSCA UA,C=UA, the publisher of this source\n/);
    assert.match(stdout, /waits +list of CN=CSCA UB,C=UB, key [0-9a-f]{16}:\n +PUBLISHER_UNKNOWN: /);
    assert.match(stdout, /to do +quarantined as [0-9a-f]{64}; see trust show/);
    assert.match(stdout, /stored +1 added/);
    assert.match(
      stderr,
      /^error: TRUST_ERROR \(PUBLISHER_UNKNOWN\) at stage verify: 1 of 2 objects accepted/m,
    );
    const events = running.events();
    const unaccepted = events.find(({ event }) => event === "object.unaccepted");
    assert.deepEqual([unaccepted?.outcome, unaccepted?.country], ["pending", "UB"]);
    const completed = events.find(({ event }) => event === "pipeline.completed");
    assert.deepEqual([completed?.level, completed?.judgment], ["WARNING", "partial"]);
    const summary = events.at(-1);
    assert.deepEqual([summary?.level, summary?.partial, summary?.failed], ["WARNING", 1, 0]);
  });

  test("a setting for test PKIs is warned of in each run", async () => {
    const loud = startCli(["sync", "--source", "second", path("next.ml")], {
      env: { ...env, TRUST_ALLOW_WEAK_ALGORITHMS: "true" },
    });
    await loud.ended;
    assert.ok(loud.events().some(({ event, level }) => event === "trust.weakened" && level === "WARNING"));
  });

  test("a source that is new beside others is warned of, since its name may be misspelled", async () => {
    const typo = startCli(["sync", "--source", "secnod", path("next.ml")], { env });
    await typo.ended;
    const said = typo.events().find(({ event }) => event === "source.new");
    assert.match(String(said?.message), /^source secnod is new; .*see source list$/);
    const known = startCli(["sync", "--source", "second", path("next.ml")], { env });
    await known.ended;
    assert.ok(known.events().every(({ event }) => event !== "source.new"));
  });

  test("a signal cancels the run: exit 1, the store as it was", async () => {
    const before = await held();
    // A server that takes the connection and never answers.
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      const asked = new Promise((resolve) => server.once("connection", (socket) => resolve(socket.resume())));
      const AUTH_URL = `http://127.0.0.1:${port}/token`;
      const running = startCli(["sync"], { env: { ...env, ...simulator.environment, AUTH_URL } });
      await asked;
      running.process.kill("SIGTERM");
      const { code, stderr } = await running.ended;
      assert.equal(code, 1);
      assert.match(stderr, /^error: CANCELLED \(ABORTED\) at stage authenticate/m);
      assert.deepEqual(await held(), before);
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});

describe("migrate", () => {
  test("brings a new store up to date, and says so of one that is", async () => {
    const directory = mkdtempSync(join(tmpdir(), "cert-parser-migrate-"));
    try {
      const env = { DATA_DIR: directory };
      const first = await runCli(["migrate"], { env });
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stdout, /^applied 1: schema\n/);
      const second = await runCli(["migrate"], { env });
      assert.equal(second.code, 0);
      assert.match(second.stdout, /^the embedded store in .+ is already at schema version \d+\n$/);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
