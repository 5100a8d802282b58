import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "../../src/store/database/database.ts";
import { explainDatabaseFailure } from "../../src/store/database/database-failure.ts";
import type { FailedRun } from "../../src/store/runs.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { lockStore } from "../../src/store/transactions.ts";
import { runStatement, startPostgres, type TestPostgres } from "./postgres.ts";
import { certificates, confirmationOf, crl, revoked, snapshot } from "./snapshots.ts";
import { errorOf, never, successOf } from "./test-database.ts";

const open = (dsn: string) => openStore({ kind: "postgresql", dsn }, { connectionTimeoutMs: 400 });

describe("opening a store on PostgreSQL", () => {
  let server: TestPostgres;
  let silent: Server;
  let silentPort = 0;

  before(async () => {
    server = await startPostgres();
    // Takes connections and says nothing, as a firewall or a stopped process does.
    silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const address = silent.address();
    silentPort = typeof address === "object" && address !== null ? address.port : 0;
  });
  after(async () => {
    silent.close();
    await server.stop();
  });

  const changed = (change: (url: URL) => void) => {
    const url = new URL(server.dsn);
    change(url);
    return url.href;
  };
  const secret = "s3cret-p4ss";

  const faults: readonly (readonly [string, () => string, string, RegExp])[] = [
    [
      "nothing listens",
      () => `postgresql://u:${secret}@127.0.0.1:1/db`,
      "STORE_UNREACHABLE",
      /db at 127\.0\.0\.1:1 refused/,
    ],
    [
      "nothing listens at an IPv6 address",
      () => `postgresql://u:${secret}@[::1]:1/db`,
      "STORE_UNREACHABLE",
      /db at ::1:1 (refused|is not reachable)/,
    ],
    [
      "the host name is unknown",
      () => `postgresql://u:${secret}@no-such-host.invalid/db`,
      "STORE_HOST_UNKNOWN",
      /no-such-host\.invalid:5432 has a host name/,
    ],
    [
      "the password is wrong",
      () =>
        changed((url) => {
          url.password = secret;
        }),
      "STORE_LOGIN_FAILED",
      /check user name and password/,
    ],
    [
      "the user is unknown",
      () =>
        changed((url) => {
          url.username = "nobody";
        }),
      "STORE_LOGIN_FAILED",
      /check user name and password/,
    ],
    [
      "the password is missing",
      () =>
        changed((url) => {
          url.password = "";
        }),
      "STORE_LOGIN_FAILED",
      /check user name and password/,
    ],
    [
      "the database does not exist",
      () =>
        changed((url) => {
          url.pathname = "/no_such_database";
        }),
      "STORE_DATABASE_MISSING",
      /no_such_database at .* does not exist/,
    ],
    [
      "the server never answers",
      () => `postgresql://u:${secret}@127.0.0.1:${silentPort}/db`,
      "STORE_TIMEOUT",
      /did not answer in time/,
    ],
    [
      "the server has no TLS",
      () =>
        changed((url) => {
          url.searchParams.set("sslmode", "require");
        }),
      "STORE_TLS",
      /TLS/,
    ],
    [
      "the connection string is no URL",
      () => `host=x password=${secret}`,
      "STORE_DSN_INVALID",
      /it is no URL/,
    ],
    [
      "the password is not escaped",
      () => `postgresql://u:${secret}/#@127.0.0.1:99999999/db`,
      "STORE_DSN_INVALID",
      /no URL|names no database/,
    ],
    [
      "the scheme is another",
      () => `mysql://u:${secret}@127.0.0.1/db`,
      "STORE_DSN_INVALID",
      /postgresql:\/\//,
    ],
    [
      "no database is named",
      () => `postgresql://u:${secret}@127.0.0.1`,
      "STORE_DSN_INVALID",
      /names no database/,
    ],
    [
      "the sslmode is unknown",
      () => `postgresql://u:${secret}@127.0.0.1/db?sslmode=maybe`,
      "STORE_DSN_INVALID",
      /sslmode/,
    ],
    [
      "a parameter is unknown",
      () => `postgresql://u:${secret}@127.0.0.1/db?pool=3`,
      "STORE_DSN_INVALID",
      /pool is not known/,
    ],
    [
      "a certificate file is missing",
      () => `postgresql://u:${secret}@127.0.0.1/db?sslrootcert=/no/such.pem`,
      "STORE_DSN_INVALID",
      /\/no\/such\.pem that sslrootcert names/,
    ],
  ];
  for (const [what, dsn, code, message] of faults) {
    test(`says so, without the password, where ${what}`, async () => {
      const error: unknown = await open(dsn()).then(
        () => assert.fail("it opened"),
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      const told = `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`;
      assert.ok(!told.includes(secret), told);
    });
  }

  test("says where the data is without user and password", async () => {
    const store = await open(server.dsn);
    const url = new URL(server.dsn);
    assert.deepEqual(store.location, {
      kind: "postgresql",
      host: url.hostname,
      port: Number(url.port || 5432),
      database: url.pathname.slice(1),
    });
    await store.close();
  });
});

describe("a store whose PostgreSQL fails it", () => {
  let server: TestPostgres;
  let store: Store;

  before(async () => {
    server = await startPostgres();
    store = await open(server.dsn);
    await store.migrate();
  });
  after(async () => {
    await store.close();
    await server.stop();
  });

  test("answers with an error when its connection breaks in the middle, and works again after", async () => {
    const midway = Promise.withResolvers<void>();
    const entries = (function* () {
      yield* revoked(10_001);
      midway.resolve();
      yield* revoked(289_999);
    })();
    const crls = [crl("x", entries, { revokedCertificates: 300_000 })];
    const applying = store.apply(snapshot({ crls, certificates: certificates("a") }), never);
    await midway.promise;
    await runStatement(
      server.dsn,
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and application_name = 'cert-parser-runner'`,
    );
    const answer = await applying;
    const { code, reason } = errorOf(answer);
    assert.deepEqual([code, reason], ["DATABASE_ERROR", "STORE_CONNECTION_LOST"]);

    assert.equal(successOf(await store.known("icao-masterlist", never)).bundleSha256, null);
    assert.equal(successOf(await store.apply(snapshot({ certificates: certificates("a") }), never)).added, 1);
  });

  test("waits for another run no longer than it was told", async () => {
    const impatient = await openStore({ kind: "postgresql", dsn: server.dsn }, { lockTimeoutMs: 200 });
    const release = await holdStore(server.dsn);
    const confirmation = confirmationOf(snapshot({ source: "other" }));
    for (const write of [
      () => impatient.apply(snapshot({ source: "other" }), never),
      () => impatient.confirm(confirmation, never),
    ]) {
      const begun = performance.now();
      const { code, reason, message } = errorOf<unknown>(await write());
      const waitedMs = performance.now() - begun;
      assert.deepEqual([code, reason], ["DATABASE_ERROR", "STORE_BUSY"]);
      assert.match(message, /another run has held the store .* try again later/);
      assert.ok(waitedMs >= 200 && waitedMs < 5000, `waited ${waitedMs} ms`);
    }
    await assert.rejects(impatient.migrate(), { code: "STORE_BUSY" });
    // Reading is no matter of the lock, nor is the word that a run failed.
    assert.equal(successOf(await impatient.known("other", never)).bundleSha256, null);
    await impatient.statistics(new Date());
    await impatient.recordFailure(failedRun);

    await release();
    successOf(await impatient.apply(snapshot({ source: "other" }), never));
    await impatient.close();
  });

  test("goes on as soon as another run is done", async () => {
    const other = await open(server.dsn);
    const release = await holdStore(server.dsn);
    const waiting = Promise.all([
      store.apply(snapshot({ source: "patient", certificates: certificates("p") }), never),
      other.apply(snapshot({ source: "patient", certificates: certificates("p") }), never),
    ]);
    const first = await Promise.race([waiting, delay(150, "still waiting")]);
    assert.equal(first, "still waiting");
    await release();
    const reports = (await waiting).map(successOf).map(({ added, unchanged }) => [added, unchanged]);
    assert.deepEqual(reports.toSorted(), [
      [0, 1],
      [1, 0],
    ]);
    await other.close();
  });

  test("is stopped by its signal while it waits for another run", async () => {
    const release = await holdStore(server.dsn);
    for (const write of [
      (signal: AbortSignal) => store.apply(snapshot({ source: "other" }), signal),
      (signal: AbortSignal) => store.confirm(confirmationOf(snapshot({ source: "other" })), signal),
    ]) {
      const controller = new AbortController();
      const waiting = write(controller.signal);
      await delay(50);
      controller.abort();
      assert.equal(errorOf<unknown>(await waiting).code, "CANCELLED");
    }
    await release();
  });

  test("closes after the work in hand, and answers nothing more", async () => {
    const closing = await open(server.dsn);
    const work = closing.apply(snapshot({ source: "last", certificates: certificates("z") }), never);
    await closing.close();
    assert.equal(successOf(await work).added, 1);
    await closing.close();
    assert.equal(errorOf(await closing.known("last", never)).reason, "STORE_CLOSED");
    await assert.rejects(closing.ping(), { code: "STORE_CLOSED" });
  });

  test("says that the server is gone", async () => {
    const orphan = await startPostgres();
    const bereft = await open(orphan.dsn);
    await bereft.ping();
    await orphan.stop();
    const error: unknown = await bereft.ping().catch((reason: unknown) => reason);
    assert.ok(error instanceof Error && "code" in error);
    assert.ok(
      ["STORE_UNREACHABLE", "STORE_CONNECTION_LOST", "STORE_DATABASE_MISSING"].includes(String(error.code)),
      String(error.code),
    );
    const { code } = errorOf(await bereft.known("x", never));
    assert.equal(code, "DATABASE_ERROR");
    await bereft.close();
  });
});

describe("explainDatabaseFailure", () => {
  const location = { kind: "postgresql", host: "db", port: 5432, database: "trust" } as const;
  const failure = (code: string, message = "words") => Object.assign(new Error(message), { code });
  const cases: readonly (readonly [string, Error, string])[] = [
    ["a wrapped network error", new Error("outer", { cause: failure("ECONNREFUSED") }), "STORE_UNREACHABLE"],
    ["a full disk", failure("53100"), "STORE_FULL"],
    ["a standby", failure("25006"), "STORE_READ_ONLY"],
    ["a missing privilege", failure("42501"), "STORE_PERMISSION"],
    ["too many connections", failure("53300"), "STORE_TOO_MANY_CONNECTIONS"],
    ["a server that starts up", failure("57P03"), "STORE_STARTING"],
    ["an untrusted certificate", failure("SELF_SIGNED_CERT_IN_CHAIN"), "STORE_TLS"],
    ["a broken constraint", failure("23503"), "STORE_CONSTRAINT"],
    ["any other SQLSTATE", failure("XX000"), "SQLSTATE_XX000"],
    ["an error of the program", new TypeError("oops"), "UNEXPECTED"],
  ];
  for (const [what, error, reason] of cases) {
    test(`tells ${what}`, () => {
      assert.equal(explainDatabaseFailure(error, location).reason, reason);
    });
  }
});

/** Takes the store's lock, as a run in another process does; gives what lets go of it. */
async function holdStore(dsn: string): Promise<() => Promise<void>> {
  const { pool, close } = await openDatabase({ kind: "postgresql", dsn });
  const locked = Promise.withResolvers<void>();
  const released = Promise.withResolvers<void>();
  const holding = pool.transaction(async (transaction) => {
    await lockStore(transaction, { timeoutMs: 10_000, signal: never });
    locked.resolve();
    await released.promise;
  });
  await Promise.race([locked.promise, holding]);
  return async () => {
    released.resolve();
    await holding;
    await close();
  };
}

const failedRun: FailedRun = {
  executionId: "failed",
  source: "other",
  trigger: "schedule",
  startedAt: new Date("2026-01-01T00:00:00Z"),
  finishedAt: new Date("2026-01-01T00:00:01Z"),
  stage: "store",
  code: "DATABASE_ERROR",
  reason: "STORE_BUSY",
  message: "another run has held the store",
};
