import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { startPostgres, type TestPostgres } from "../store/postgres.ts";
import { type Ended, runCli } from "./run-cli.ts";
import { createScratch, makeCsca, makeList, makeListDirectory } from "./small-world.ts";

describe("what operators decide", () => {
  let postgres: TestPostgres;
  let env: Record<string, string>;
  const scratch = createScratch();
  before(async () => {
    postgres = await startPostgres();
    // The lists are of one day, however long ago that was.
    env = { DATABASE_DSN: postgres.dsn, MAX_LIST_AGE_HOURS: "876000" };
  });
  after(async () => {
    scratch.remove();
    await postgres.stop();
  });

  const run = (...args: readonly string[]): Promise<Ended> => runCli(args, { env });
  const json = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(...args, "--json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };
  const quarantined = async () => (await json("trust", "list")).quarantine;

  const first = makeCsca("UA");
  const [second, third] = [makeCsca("UB"), makeCsca("UC")];
  const listOfFirst = makeList(first, { listed: [first, second], country: "UA" });

  test("of several lists in a directory, one is approved by itself", async () => {
    const start = await run("sync", "--source", "nine", scratch.file("first.ml", listOfFirst));
    assert.equal(start.code, 0, start.stderr);
    const lists = [third, makeCsca("UD")].map((csca, at) =>
      makeList(csca, { country: at === 0 ? "UC" : "UD" }),
    );
    const file = scratch.file("nine.ldif", makeListDirectory(lists));
    assert.equal((await run("sync", "--source", "nine", file)).code, 1);
    const [bundle] = await quarantined();
    const shown = await run("trust", "show", bundle.sha256.slice(0, 16));
    assert.match(shown.stdout, /object 1 +pending\n +publisher +CN=CSCA UC,C=UC\n/);
    assert.match(shown.stdout, /object 2 +pending\n +publisher +CN=CSCA UD,C=UD\n/);
    assert.match(shown.stdout, /--list 2\n/);
    const { publishers } = await json("trust", "approve", bundle.sha256.slice(0, 16), "--list", "1");
    assert.deepEqual(
      publishers.map(({ subject, state }: Record<string, string>) => [subject, state]),
      [["CN=CSCA UC,C=UC", "approved"]],
    );
    const again = await run("sync", "--source", "nine", file);
    assert.equal(again.code, 1);
    assert.match(again.stdout, /verdict +IN PART: 1 of 2 objects accepted, 1 pending, 0 refused\n/);
  });

  test("a quarantined bundle is exported as it came in, and overwrites nothing", async () => {
    const [bundle] = await quarantined();
    const file = join(scratch.directory, "exported.ldif");
    assert.equal((await run("trust", "export", bundle.sha256, file)).code, 0);
    assert.deepEqual(readFileSync(file), readFileSync(join(scratch.directory, "nine.ldif")));
    const twice = await run("trust", "export", bundle.sha256, file);
    assert.equal(twice.code, 2);
    assert.match(twice.stderr, /exported\.ldif exists: name a new file/);
  });

  test("a quarantined bundle is compared with what its source lists", async () => {
    const newer = makeList(makeCsca("UE"), { country: "UE" });
    assert.equal((await run("sync", "--source", "nine", scratch.file("newer.ml", newer))).code, 1);
    const [bundle] = await quarantined();
    const { stdout, code } = await run("diff", "--store", "nine", bundle.sha256.slice(0, 16));
    assert.equal(code, 0);
    assert.match(stdout, /from +source nine in the store\n +3 certificates, signed 2024-05-01/);
    assert.match(stdout, /publisher +CHANGED to CN=CSCA UE,C=UE\n/);
    assert.match(stdout, /added +1 certificate\n/);
    assert.match(stdout, /removed +3 certificates: /);
    const document = await json("diff", "--store", "nine", bundle.sha256);
    assert.deepEqual([document.old.kind, document.new.sha256], ["store", bundle.sha256]);
  });

  test("a bundle is dismissed, and the log keeps by whom and why", async () => {
    const [bundle, ...others] = await quarantined();
    const short = await run("trust", "discard", bundle.sha256.slice(0, 8));
    assert.equal(short.code, 1);
    assert.match(short.stderr, /^error: TRUST_ERROR \(QUARANTINE_MISSING\): .*sixteen or more/m);
    const done = await run(
      "trust",
      "discard",
      bundle.sha256.slice(0, 16),
      "--by",
      "A. Keeper",
      "--reason",
      "a test",
    );
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^discarded [0-9a-f]{64} of source nine\n$/);
    assert.equal((await quarantined()).length, others.length);
    const { events } = await json("trust", "list");
    const { kind, by, reason, bundleSha256 } = events[0];
    assert.deepEqual([kind, by, reason, bundleSha256], ["discard", "A. Keeper", "a test", bundle.sha256]);
  });

  test("approve and revoke undo each other by the same names", async () => {
    const state = async (subject: string) =>
      (await json("trust", "list")).publishers
        .filter((each: Record<string, string>) => each.subject === subject && each.source !== "*")
        .map((each: Record<string, string>) => each.state);
    const { publishers } = await json("trust", "list");
    const publisher = publishers.find((each: Record<string, string>) => each.subject === "CN=CSCA UC,C=UC");
    const key = publisher.keySha256.slice(0, 16);
    for (const names of [[key], [key, "--source", "nine"]]) {
      assert.equal((await run("trust", "revoke", ...names)).code, 0);
      assert.deepEqual(await state("CN=CSCA UC,C=UC"), ["revoked"]);
      assert.equal((await run("trust", "approve", ...names)).code, 0);
      assert.deepEqual(await state("CN=CSCA UC,C=UC"), ["approved"]);
    }
    assert.equal(
      (await run("sync", "--source", "alone", scratch.file("b.ml", makeList(second, { country: "UB" }))))
        .code,
      0,
    );
    assert.equal((await run("trust", "revoke", "alone")).code, 0);
    assert.deepEqual(await state("CN=CSCA UB,C=UB"), ["revoked"]);
    assert.equal((await run("trust", "approve", "alone")).code, 0);
    assert.deepEqual(await state("CN=CSCA UB,C=UB"), ["approved"]);
  });

  test("two keys are joined, shown, and parted", async () => {
    const { publishers } = await json("trust", "list");
    const [a, b] = publishers.map(({ keySha256 }: Record<string, string>) => keySha256?.slice(0, 16));
    assert.equal((await run("trust", "join", a, b)).code, 2);
    assert.equal((await run("trust", "join", a, b, "--reason", "one ministry")).code, 0);
    assert.match(
      (await run("trust", "list")).stdout,
      /joined keys +[0-9a-f]{64}\n +[0-9a-f]{64}\n.+\n +"one ministry"\n/,
    );
    assert.equal((await run("trust", "part", b, a)).code, 0);
    assert.deepEqual((await json("trust", "list")).joined, []);
    const twice = await run("trust", "part", a, b);
    assert.match(twice.stderr, /^error: TRUST_ERROR \(KEY_UNKNOWN\): /m);
  });

  test("a source is removed with a reason, and nothing of it is deleted", async () => {
    const { sources } = await json("source", "list");
    assert.deepEqual(
      sources.map(({ name }: Record<string, string>) => name),
      ["alone", "nine"],
    );
    assert.equal((await run("source", "remove", "alone")).code, 2);
    const unknown = await run("source", "remove", "no-such", "--reason", "x");
    assert.match(unknown.stderr, /^error: TRUST_ERROR \(SOURCE_UNKNOWN\): /m);
    const removed = await json("source", "remove", "alone", "--reason", "a typo", "--by", "A. Keeper");
    assert.deepEqual([removed.currentEditions, removed.editions], [0, 1]);
    assert.match((await run("source", "list")).stdout, /REMOVED +.+ by A\. Keeper\n +"a typo"\n/);
  });
});
