import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { PGlite } from "@electric-sql/pglite";
import { createPool, type DatabasePool, SchemaValidationError, sql } from "slonik";
import * as v from "valibot";
import { lockDirectory } from "../../src/store/database/directory-lock.ts";
import { createPgliteDriverFactory } from "../../src/store/database/pglite-driver.ts";
import { rowValidation } from "../../src/store/database/row-validation.ts";
import { typeParsers } from "../../src/store/database/type-parsers.ts";
import { openStore } from "../../src/store/store.ts";
import { startPostgres, type TestPostgres } from "./postgres.ts";
import { certificates, snapshot } from "./snapshots.ts";
import { never, successOf } from "./test-database.ts";

let directory = "";
before(async () => {
  directory = await mkdtemp(join(tmpdir(), "cert-parser-embedded-"));
});
after(() => rm(directory, { recursive: true, force: true }));

describe("the embedded store", () => {
  test("keeps its data when it is closed and opened again, and lets no one else in between", async () => {
    const settings = { kind: "embedded", directory: join(directory, "data") } as const;
    const store = await openStore(settings);
    await store.migrate();
    successOf(await store.apply(snapshot({ certificates: certificates("a", "b") }), never));
    await assert.rejects(openStore(settings), {
      code: "STORE_LOCKED",
      message: new RegExp(`process ${process.pid} on ${hostname()}`),
    });
    await store.close();

    const again = await openStore(settings);
    assert.deepEqual(again.location, { kind: "embedded", directory: settings.directory });
    assert.equal(successOf(await again.known("icao-masterlist", never)).listed.size, 2);
    await again.close();
  });

  test("has what was applied after its process was killed, and is open to the next one", async () => {
    const settings = { kind: "embedded", directory: join(directory, "killed") } as const;
    const program = `
      import { openStore } from ${JSON.stringify(import.meta.resolve("../../src/store/store.ts"))};
      import { certificates, snapshot } from ${JSON.stringify(import.meta.resolve("./snapshots.ts"))};
      const store = await openStore(${JSON.stringify(settings)});
      await store.migrate();
      const { signal } = new AbortController();
      const answer = await store.apply(snapshot({ certificates: certificates("a", "b", "c") }), signal);
      console.log(answer.ok);
      setInterval(() => {}, 1000);
    `;
    const child = spawn(
      process.execPath,
      ["--conditions=cert-parser-source", "--input-type=module", "--eval", program],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const exited = once(child, "exit");
    try {
      const [said] = await Promise.race([once(child.stdout, "data"), exited]);
      assert.equal(String(said).trim(), "true");
    } finally {
      child.kill("SIGKILL");
      await exited;
    }

    const store = await openStore(settings);
    assert.equal(successOf(await store.known("icao-masterlist", never)).listed.size, 3);
    await store.close();
  });

  test("says what is wrong with a directory that is a file", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    await assert.rejects(openStore({ kind: "embedded", directory: file }), { code: "STORE_DIRECTORY" });
  });
});

describe("lockDirectory", () => {
  let place = "";
  let path = "";
  beforeEach(async () => {
    place = await mkdtemp(join(directory, "lock-"));
    path = join(place, "store.lock");
  });

  const holder = (values: object) =>
    JSON.stringify({
      pid: process.pid,
      started: null,
      host: hostname(),
      since: "",
      token: "other",
      ...values,
    });
  /** Writes the file as of now: under `npm run test:days` the clock of the file system is another. */
  const writeNow = async (text: string) => {
    await writeFile(path, text);
    const now = new Date();
    await utimes(path, now, now);
  };
  const isTaken = async () => {
    const lock = await lockDirectory(place);
    assert.equal(JSON.parse(await readFile(path, "utf8")).pid, process.pid);
    await lock.release();
    await assert.rejects(readFile(path), { code: "ENOENT" });
  };

  test("is taken, and given back", isTaken);

  test("is refused while another process lives that holds it", async () => {
    const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    await once(other, "spawn");
    const { pid } = other;
    const started = await startOf(pid);
    await writeFile(path, holder({ pid, started }));
    await assert.rejects(lockDirectory(place), {
      code: "STORE_LOCKED",
      message: new RegExp(`process ${pid} on`),
    });

    other.kill("SIGKILL");
    await once(other, "exit");
    await isTaken();
  });

  test("is taken over from a process whose number another one has now", { skip: onLinux() }, async () => {
    await writeFile(path, holder({ pid: process.pid, started: "1" }));
    await isTaken();
  });

  test("is taken over from another machine only once it is silent", async () => {
    await writeNow(holder({ host: "elsewhere" }));
    await assert.rejects(lockDirectory(place), { code: "STORE_LOCKED", message: /on elsewhere/ });
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(path, longAgo, longAgo);
    await isTaken();
  });

  test("is respected while it is being written, and taken over when its writer died", async () => {
    await writeNow('{"pid":');
    await assert.rejects(lockDirectory(place), { code: "STORE_LOCKED", message: /another process/ });
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(path, longAgo, longAgo);
    await isTaken();
  });

  test("is not taken from whoever took it over", async () => {
    const lock = await lockDirectory(place);
    await writeFile(path, holder({ token: "another" }));
    await lock.release();
    assert.equal(JSON.parse(await readFile(path, "utf8")).token, "another");
  });

  test("goes to one of many that ask at once", async () => {
    await writeFile(path, holder({ pid: 2 ** 30 }));
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(place)));
    const held = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
    assert.equal(held.length, 1);
    for (const attempt of attempts)
      if (attempt.status === "rejected") assert.equal(attempt.reason.code, "STORE_LOCKED");
    for (const lock of held) await lock.release();
  });
});

describe("the driver for PGlite", () => {
  let engine: PGlite;
  let server: TestPostgres;
  let pools: Readonly<Record<"PGlite" | "PostgreSQL", DatabasePool>>;

  before(async () => {
    engine = await PGlite.create();
    server = await startPostgres();
    const options = { maxPoolSize: 1, typeParsers, interceptors: [rowValidation] };
    pools = {
      PGlite: await createPool("", { ...options, driverFactory: createPgliteDriverFactory(engine) }),
      PostgreSQL: await createPool(server.dsn, options),
    };
    for (const pool of Object.values(pools)) pool.on("error", () => {});
  });
  after(async () => {
    for (const pool of Object.values(pools)) await pool.end();
    await engine.close();
    await server.stop();
  });

  test("gives every type as the driver for PostgreSQL does", async () => {
    const query = sql.unsafe`
      select 1::int4 as int4, 2::int8 as int8, 3.5::float8 as float8, 4.5::numeric as numeric, true as bool,
        'x'::text as text, '\xcafe'::bytea as bytea, ''::bytea as empty, null::text as nothing,
        gen_random_uuid() is not null as uuid, '{"a": [1, "b"]}'::jsonb as jsonb, array['a', null, 'c,"d']::text[] as texts,
        array[1, 2]::int4[] as ints, '00000000-0000-8000-8000-000000000000'::uuid as id,
        '2026-01-08T10:11:12.345Z'::timestamptz as time, '0001-01-01T00:00:00Z BC'::timestamptz as bc
    `;
    const [ours, theirs] = [await pools.PGlite.one(query), await pools.PostgreSQL.one(query)];
    assert.deepEqual(ours, theirs);
    const schema = v.looseObject({ bytea: v.instance(Buffer), int8: v.bigint() });
    assert.deepEqual(v.parse(schema, ours).int8, 2n);
    const times = v.parse(v.looseObject({ time: v.date(), bc: v.date() }), ours);
    assert.deepEqual(times.time, new Date("2026-01-08T10:11:12.345Z"));
    assert.deepEqual(times.bc, new Date("0000-01-01T00:00:00Z"));
  });

  test("takes every type of parameter as the driver for PostgreSQL does", async () => {
    const rows = [
      [1, 5n, "a,b\"{}\\'", Buffer.from([0, 255]), "2026-01-08T10:11:12.345Z", null, true],
      [null, null, null, null, null, null, null],
    ];
    const query = sql.unsafe`
      select a, b, c, d, (extract(epoch from e) * 1000)::float8 as e, f, g, ${"x"}::text as x, ${7}::int4 as y,
        ${sql.binary(Buffer.from([1, 2]))}::bytea as z, ${null}::timestamptz as n, ${'{"k":"\u00e4"}'}::jsonb as j
      from ${sql.unnest(rows, ["int4", "int8", "text", "bytea", "timestamptz", "uuid", "bool"])} as t (a, b, c, d, e, f, g)
    `;
    const [ours, theirs] = [await pools.PGlite.any(query), await pools.PostgreSQL.any(query)];
    assert.deepEqual(ours, theirs);
    assert.equal(ours.length, 2);
  });

  test("raises the errors that the driver for PostgreSQL raises", async () => {
    for (const pool of Object.values(pools)) {
      await pool.query(
        sql.unsafe`create table t (id int4 primary key check (id > 0), other int4 references t)`,
      );
    }
    const statements = [
      sql.unsafe`insert into t values (1, 1), (1, 1)`,
      sql.unsafe`insert into t values (2, 3)`,
      sql.unsafe`insert into t values (null, null)`,
      sql.unsafe`insert into t values (-1, null)`,
      sql.unsafe`select ${"no"}::text::int4`,
      sql.unsafe`select 1 / (select 0)`,
    ];
    for (const statement of statements) {
      const errors = await Promise.all(
        Object.values(pools).map((pool) =>
          pool.query(statement).then(
            () => assert.fail("it was accepted"),
            (error: Error) => error,
          ),
        ),
      );
      const [ours, theirs] = errors.map((error) => ({
        // slonik's own errors have a class each, those of the database a code.
        kind: "code" in error ? error.code : error.constructor,
        message: error.message,
      }));
      assert.deepEqual(ours, theirs);
    }
  });

  test("rolls a failed transaction back and goes on with the same session", async () => {
    const { PGlite: pool } = pools;
    await pool.query(sql.unsafe`create table u (id int4)`);
    await assert.rejects(
      pool.transaction(async (transaction) => {
        await transaction.query(sql.unsafe`insert into u values (1)`);
        await transaction.query(sql.unsafe`select 1 / (select 0)`);
      }),
      { code: "22012" },
    );
    assert.deepEqual(await pool.any(sql.unsafe`select id from u`), []);
  });

  test("gives notices and row counts", async () => {
    const { PGlite: pool } = pools;
    const result = await pool.query(sql.unsafe`drop table if exists no_such_table`);
    assert.match(result.notices[0]?.message ?? "", /no_such_table/);
    await pool.query(sql.unsafe`create table w (id int4)`);
    const inserted = await pool.query(sql.unsafe`insert into w select generate_series(1, 5)`);
    assert.deepEqual([inserted.command, inserted.rowCount], ["INSERT", 5]);
  });

  test("streams rows", async () => {
    const seen: number[] = [];
    const query = sql.type(v.object({ id: v.number() }))`select generate_series(1, 4)::int4 as id`;
    await pools.PGlite.stream(query, (stream) => {
      stream.on("data", ({ data }) => seen.push(data.id));
    });
    assert.deepEqual(seen, [1, 2, 3, 4]);
  });

  test("holds rows to the schema of their query", async () => {
    const query = sql.type(v.object({ id: v.string() }))`select 1::int4 as id`;
    for (const pool of Object.values(pools)) {
      await assert.rejects(pool.one(query), SchemaValidationError);
    }
  });
});

async function startOf(pid: number | undefined): Promise<string | null> {
  if (onLinux() !== false) return null;
  const line = await readFile(`/proc/${pid}/stat`, "utf8");
  return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function onLinux(): false | string {
  return process.platform === "linux" ? false : "only Linux tells when a process began";
}
