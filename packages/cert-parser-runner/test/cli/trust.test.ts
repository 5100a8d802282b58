import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type JudgmentReason, readBundle } from "cert-parser-core";
import { type FixtureName, fixtureUrl, readFixture } from "cert-parser-fixtures";
import { trustText } from "../../src/cli/trust-text.ts";
import type { QuarantinedBundle } from "../../src/store/quarantine.ts";
import { anyAge } from "../any-age.ts";
import { startPostgres, type TestPostgres } from "../store/postgres.ts";
import { type Ended, runCli, startCli } from "./run-cli.ts";
import { makeCsca } from "./small-world.ts";

const path = (name: FixtureName) => fileURLToPath(fixtureUrl(name));

describe("trust, from the first list on", () => {
  let postgres: TestPostgres;
  let env: Record<string, string>;
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-trust-"));
  before(async () => {
    postgres = await startPostgres();
    env = { DATABASE_DSN: postgres.dsn, ...anyAge };
  });
  after(async () => {
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  // While the CSCAs of the fixtures are in force: an expired one vouches for nobody.
  const at = "2026-09-15T00:00:00Z";
  const run = (...args: readonly string[]): Promise<Ended> => runCli(args, { env, at });
  const state = async () => JSON.parse((await run("trust", "list", "--json")).stdout);

  test("an empty store knows nobody", async () => {
    const { code, stdout } = await run("trust", "list");
    assert.equal(code, 0);
    assert.equal(stdout, "no publisher is known yet: the first list brings one\n");
  });

  test("the first publisher is trusted on first use, and every run says that nobody has approved it", async () => {
    const first = await run("sync", path("world.ml"));
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /verdict +accepted: signed by CN=CSCA ZZ,.+, trusted on first use\n/);
    // Below another note, from the day on which the signer's certificate expires.
    assert.match(first.stdout, /^ +(?:noted +)?PIN_UNAPPROVED: /m);
    assert.match(first.stdout, /to approve +cert-parser-runner trust approve [0-9a-f]{16}\n/);
    const running = startCli(["sync", path("world.ml")], { env, at });
    assert.match((await running.ended).stdout, /verdict +unchanged/);
    const said = running.events().filter(({ event }) => event === "trust.unapproved");
    assert.deepEqual(
      said.map(({ level, publishers }) => [level, publishers]),
      [["WARNING", 1]],
    );
    assert.match((await run("trust", "list")).stdout, /state +UNAPPROVED: /);
  });

  test("approved by the name of its source, it is said no more", async () => {
    const { code, stdout } = await run(
      "trust",
      "approve",
      "icao-masterlist",
      "--by",
      "A. Keeper",
      "--reason",
      "called",
    );
    assert.equal(code, 0);
    assert.match(stdout, /state +approved\n/);
    assert.match(stdout, /approved +\S+ by A\. Keeper\n +called\n/);
    const running = startCli(["sync", path("world.ml")], { env, at });
    await running.ended;
    assert.ok(running.events().every(({ event }) => event !== "trust.unapproved"));
    const again = await run("trust", "approve", "icao-masterlist");
    assert.equal(again.code, 1);
    assert.match(
      again.stderr,
      /^error: TRUST_ERROR \(PUBLISHER_UNKNOWN\): source icao-masterlist has no publisher to decide on/m,
    );
  });

  test("another publisher waits in quarantine, is approved by its key, and is taken then", async () => {
    const { objects } = await readBundle(readFixture("list-and-rogue.zip"));
    const file = join(directory, "rogue.ml");
    writeFileSync(file, objects[1]?.der ?? new Uint8Array());
    const sync = () => run("sync", "--source", "other", file);
    const first = await sync();
    assert.equal(first.code, 1);
    assert.match(first.stderr, /^error: TRUST_ERROR \(PUBLISHER_UNKNOWN\) at stage verify: /m);
    assert.match(first.stderr, /\n {2}quarantined as [0-9a-f]{64}; see trust show [0-9a-f]{16}\n/);
    const [, key = ""] = /trust approve ([0-9a-f]{16}), then sync again\n/.exec(first.stderr) ?? [];
    const { quarantine, publishers } = await state();
    assert.deepEqual(
      quarantine.map(({ outcome, source }: Record<string, unknown>) => [outcome, source]),
      [["pending", "other"]],
    );
    assert.ok(
      publishers.some(
        ({ state, keySha256 }: Record<string, string>) => state === "unknown" && keySha256?.startsWith(key),
      ),
    );
    assert.match((await run("trust", "list")).stdout, new RegExp(`to approve +.+ trust approve ${key}\\n`));
    assert.equal((await run("trust", "approve", key)).code, 0);
    const second = await sync();
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /verdict +accepted: signed by .+, the publisher of this source\n/);
  });

  test("a publisher whose CSCA is in the list of another source is vouched for", async () => {
    const { code, stdout, stderr } = await run("sync", "--source", "rolling", path("rollover-before.ml"));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /whose CSCA another source vouches for\n/);
  });

  test("a rollover is taken, and retires the key before", async () => {
    const { code, stdout, stderr } = await run("sync", "--source", "rolling", path("rollover-after.ml"));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /ROLLOVER: /);
    const { publishers, events } = await state();
    const states = publishers.filter(({ source }: Record<string, string>) => source === "rolling");
    assert.deepEqual(states.map(({ state }: Record<string, string>) => state).sort(), [
      "approved",
      "retired",
    ]);
    assert.equal(events[0].kind, "rollover");
  });

  test("a shrunken list is refused, kept, and released with a reason", async () => {
    const refused = await run("sync", path("shrunk.ml"));
    assert.equal(refused.code, 1);
    const [, digest = ""] =
      /trust approve ([0-9a-f]{16}) --source icao-masterlist --reason/.exec(refused.stderr) ?? [];
    const wrong = await run("sync", "--release", "0123456789abcdef", "--reason", "x");
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^error: TRUST_ERROR \(QUARANTINE_MISSING\): /m);
    const bare = await run("trust", "approve", digest);
    assert.equal(bare.code, 2);
    assert.match(bare.stderr, /^error: to approve a bundle, give a --reason: it is kept/m);
    const released = await run("trust", "approve", digest, "--reason", "announced", "--by", "A. Keeper");
    assert.equal(released.code, 0, released.stderr);
    assert.match(released.stdout, /SHRINK: /);
    const { events } = await state();
    assert.deepEqual([events[0].kind, events[0].by, events[0].reason], ["release", "A. Keeper", "announced"]);
  });

  test("a bad signature is not released", async () => {
    const refused = await run("sync", "--source", "bad", path("exponent-3-forgery.ml"), "--json");
    assert.equal(refused.code, 1);
    const [{ error, signaturesVerified }] = JSON.parse(refused.stdout).runs;
    assert.deepEqual(
      [error.reason, error.quarantined, signaturesVerified],
      ["SIGNATURE_INVALID", true, true],
    );
    assert.doesNotMatch(refused.stderr, /trust approve/);
    const again = await run("sync", "--release", error.bundleSha256, "--reason", "please");
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^error: TRUST_ERROR \(SIGNATURE_INVALID\)/m);
  });

  test("what nobody signed is taken from a source of its own, when it is said so", async () => {
    const file = join(directory, "unlisted.cer");
    writeFileSync(file, makeCsca().der);
    const sync = (...args: readonly string[]) => run("sync", "--source", "local", file, ...args);
    const refused = await sync();
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /sync --unsigned, or UNSIGNED_SOURCES=local\n/);
    const taken = await sync("--unsigned");
    assert.equal(taken.code, 0, taken.stderr);
    assert.match(
      taken.stdout,
      /verdict +accepted: each by its own signature, 0 certificates and 0 CRLs good\n/,
    );
  });

  test("a revoked publisher is not taken any more", async () => {
    const { publishers } = await state();
    const { keySha256 } = publishers.find(
      ({ source, state }: Record<string, string>) => source === "icao-masterlist" && state === "approved",
    );
    const { code, stdout } = await run("trust", "revoke", keySha256, "--reason", "stolen");
    assert.equal(code, 0);
    assert.match(stdout, /state +REVOKED: none of its lists is accepted\n/);
    const refused = await run("sync", path("next.ml"));
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^error: TRUST_ERROR /m);
    const alone = await run("trust", "approve", keySha256, "--source", "icao-masterlist");
    assert.equal(alone.code, 1);
    assert.match(
      alone.stderr,
      /^error: TRUST_ERROR \(PUBLISHER_UNKNOWN\): the key is revoked for every source: approve it without/m,
    );
  });

  test("TRUST_MODE off is said wherever it shows", async () => {
    const off = startCli(["sync", "--source", "off", path("duplicates.ml")], {
      env: { ...env, TRUST_MODE: "off" },
    });
    const { code, stdout, stderr } = await off.ended;
    assert.equal(code, 0, stderr);
    assert.match(stdout, /verdict +accepted; signatures were not verified\n/);
    const said = off.events().find(({ event }) => event === "trust.unverified");
    assert.deepEqual([said?.level, said?.unverified], ["WARNING", 2]);
  });
});

test("an approval of an unknown publisher is offered only where its source waits for that", () => {
  const at = new Date("2026-01-31T12:00:00Z");
  const publisher = {
    source: "bad",
    keySha256: "00".repeat(32),
    state: "unknown",
    country: "ZZ",
    subject: "CN=CSCA ZZ",
    certificateSha256: "11".repeat(32),
    firstSeen: at,
    approved: null,
    revokedBy: null,
    lifted: null,
    signingTime: null,
    bundleSha256: null,
  } as const;
  const judged = {
    ...publisher,
    signerSha256: "33".repeat(32),
    namedBy: "subjectKeyIdentifier",
    trust: "unknown",
    rolledFrom: null,
    links: [],
    contentSha256: "44".repeat(32),
  } as const;
  const textOf = (code: JudgmentReason["code"], source = "bad") => {
    const reason = { code, weight: "pending", message: "no" } as const;
    const bundle: QuarantinedBundle = {
      sha256: "22".repeat(32),
      source,
      kind: "master-list",
      byteLength: 1,
      outcome: "pending",
      judgment: {
        outcome: "pending",
        reasons: [],
        objects: [{ outcome: "pending", reasons: [reason], publisher: judged }],
      },
      firstSeen: at,
      lastSeen: at,
      timesSeen: 1,
      isHeld: true,
    };
    return trustText({ publishers: [publisher], quarantine: [bundle], joined: [], events: [] });
  };
  assert.match(textOf("PUBLISHER_UNKNOWN"), /to approve +cert-parser-runner trust approve 0{16}\n/);
  assert.doesNotMatch(textOf("SIGNATURE_INVALID"), /to approve/);
  assert.doesNotMatch(textOf("PUBLISHER_UNKNOWN", "other"), /to approve/);
});
