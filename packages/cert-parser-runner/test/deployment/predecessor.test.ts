import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { parseMasterList, toHex } from "cert-parser-core";
import { parseAllDocuments } from "yaml";
import { canonicalName, spellings } from "../../src/config/setting-spellings.ts";
import { settings } from "../../src/config/settings.ts";
import { serveHttp } from "../../src/http/serve.ts";
import { buildSimulatedList } from "../../src/simulate/simulated-list.ts";
import { startSimulator } from "../../src/simulate/simulator.ts";
import { type RunningCli, runCli, startCli } from "../cli/run-cli.ts";
import {
  type PredecessorDatabase,
  type Rows,
  rowsOf,
  run,
  startPredecessorDatabase,
  startReader,
} from "./predecessor-database.ts";

const manifests = parseAllDocuments(
  readFileSync(new URL("../../../../k8s/examples/predecessor/deployment.yaml", import.meta.url), "utf8"),
).map((document) => document.toJS({ mapAsMap: false }));
const guide = readFileSync(new URL("../../../../docs/migration-from-python.md", import.meta.url), "utf8");
const kind = (name: string) => manifests.find((manifest) => manifest.kind === name);
const [container] = kind("Deployment").spec.template.spec.containers;

/** What a pod of the Deployment has in its environment. */
const podEnvironment: Readonly<Record<string, string>> = {
  ...Object.assign(
    {},
    ...container.envFrom.map(({ configMapRef, secretRef }: Record<string, { name: string } | undefined>) => {
      const source = kind(configMapRef === undefined ? "Secret" : "ConfigMap");
      assert.equal(source.metadata.name, (configMapRef ?? secretRef)?.name);
      return source.data ?? source.stringData;
    }),
  ),
  // Kubernetes adds its own, and those of every Service of the namespace.
  KUBERNETES_SERVICE_HOST: "10.96.0.1",
  KUBERNETES_SERVICE_PORT: "443",
  CERT_PARSER_PORT: "tcp://10.96.0.7:8000",
  CERT_PARSER_SERVICE_HOST: "10.96.0.7",
};

describe("the predecessor's Deployment with another image", () => {
  test("has the port of the service, and nothing that says how to start it", () => {
    const port = Number(settings.find(({ name }) => name === "PORT")?.default);
    assert.deepEqual(container.ports, [{ containerPort: port }]);
    for (const probe of [container.livenessProbe, container.readinessProbe]) {
      assert.equal(probe.httpGet.port, port);
    }
    assert.deepEqual([container.command, container.args, container.env], [undefined, undefined, undefined]);
    assert.match(container.image, /^cert-parser-runner:\d+\.\d+\.\d+$/);
  });

  test("keeps secrets out of the ConfigMap", () => {
    const secret = new Set<string>(settings.filter((setting) => setting.secret).map(({ name }) => name));
    const isSecret = (name: string) => secret.has(canonicalName(name));
    assert.deepEqual(Object.keys(kind("ConfigMap").data).filter(isSecret), []);
    assert.ok(Object.keys(kind("Secret").stringData).every(isSecret));
  });

  test("has variables that are settings, spelled as the predecessor spelled them", () => {
    const known = new Set(spellings.map(({ spelled }) => spelled));
    const names = [kind("ConfigMap").data, kind("Secret").stringData].flatMap((values) =>
      Object.keys(values),
    );
    assert.deepEqual(
      names.filter((name) => !known.has(name)),
      [],
    );
    assert.ok(names.filter((name) => name.includes("__")).length >= 12);
  });
});

test("the guide names every file of the example, and the example has every file that it names", () => {
  const named = new Set(
    Array.from(guide.matchAll(/k8s\/examples\/predecessor\/([\w-]+\.\w+)/g), ([, file]) => file),
  );
  const files = readdirSync(new URL("../../../../k8s/examples/predecessor", import.meta.url));
  assert.deepEqual([...named].sort(), files.sort());
});

describe("the move from the predecessor", () => {
  let database: PredecessorDatabase;
  let environment: Record<string, string>;
  let login: PromiseWithResolvers<void>;
  const resources = new AsyncDisposableStack();

  before(async () => {
    database = await startPredecessorDatabase();
    resources.defer(() => database.stop());
    // As it left them: one certificate twice, and one that stands beside the list only.
    const bundle = await buildSimulatedList(new Date());
    const { certificates, envelopeCertificates } = parseMasterList(bundle);
    for (const kept of [certificates[0], certificates[0], envelopeCertificates[0]]) {
      const certificate = `decode('${toHex(kept?.der ?? new Uint8Array())}', 'hex')`;
      await run(database.adminDsn, [
        `insert into certs.root_ca (id, certificate, source) values (gen_random_uuid(), ${certificate}, 'icao-masterlist')`,
      ]);
    }
    const simulator = await startSimulator({ bundle, port: 0 });
    resources.defer(() => simulator.close());
    // The first login waits for the test, so that the time before the first run has ended can be looked at.
    login = Promise.withResolvers();
    const front = await serveHttp(
      async (request) => {
        await login.promise;
        const { headers, method } = request;
        return fetch(simulator.urls.auth, { method, headers, body: await request.text() });
      },
      { host: "127.0.0.1", port: 0 },
    );
    resources.defer(() => front.close());

    const values: Readonly<Record<string, string>> = {
      ...simulator.environment,
      AUTH_URL: `http://127.0.0.1:${front.port}/token`,
      DATABASE_DSN: database.serviceDsn,
    };
    environment = Object.fromEntries(
      Object.entries(podEnvironment).map(([name, value]) => [name, values[canonicalName(name)] ?? value]),
    );
  });
  after(async () => {
    login.resolve();
    await resources.disposeAsync();
  });

  /** With a port of its own: 8000 may be somebody else's on the machine of the test. */
  const start = () => startCli([], { env: { ...environment, PORT: "0" } });
  const oldRows = () =>
    rowsOf(database.adminDsn, "select id, issuer from certs_predecessor.root_ca order by id");

  test("is refused, and leaves all as it was, while the role of the service does not own the tables", async () => {
    const [allowed = []] = await database.file("owners.sql", database.serviceDsn);
    assert.deepEqual(new Set(allowed.map((row) => row.allowed)), new Set([false]));
    const { code, stderr } = await start().ended;
    assert.equal(code, 1);
    assert.match(stderr, /error: DATABASE_ERROR \(STORE_PERMISSION\)/);
    assert.equal((await rowsOf(database.adminDsn, "select from certs.root_ca")).length, 6);
  });

  test("works as the guide says: hand over, replace the image, check, roll back, go forward again", async (t) => {
    const before = await rowsOf(database.adminDsn, "select id, issuer from certs.root_ca order by id");
    const reader = startReader(database.readerDsn);

    await t.test("the role of the service gets the tables", async () => {
      await database.file("hand-over.sql");
      const [checks = []] = await database.file("owners.sql", database.serviceDsn);
      assert.deepEqual([...new Set(checks.map(({ allowed }) => allowed)), checks.length], [true, 6]);
    });

    await t.test("what others built on the tables is found", async () => {
      await run(database.adminDsn, [
        "create view public.roots as select issuer from certs.root_ca",
        "create table public.notes (root uuid references certs.root_ca (id))",
      ]);
      assert.deepEqual(await database.file("dependents.sql"), [
        [
          { table: "root_ca", what: "foreign key notes_root_fkey of notes" },
          { table: "root_ca", what: "view roots" },
        ],
      ]);
    });

    await t.test("the service answers as the predecessor's probes and readers want", async () => {
      const running = start();
      try {
        await probeAndRun(running, before);
        running.process.kill("SIGTERM");
        const ended = await running.ended;
        assert.deepEqual([ended.code, ended.signal], [0, null], ended.stderr);
      } finally {
        login.resolve();
        running.process.kill("SIGKILL");
      }
    });

    await t.test("the views have the predecessor's columns, and the old rows are kept", async () => {
      const columns = (schema: string) =>
        rowsOf(
          database.adminDsn,
          `select table_name, column_name, data_type, ordinal_position from information_schema.columns
           where table_schema = '${schema}'
             and table_name in ('root_ca', 'dsc', 'crls', 'revoked_certificate_list')
           order by table_name, ordinal_position`,
        );
      const old = await columns("certs_predecessor");
      assert.equal(old.length, 33);
      assert.deepEqual(await columns("certs"), old);
      assert.deepEqual(await oldRows(), before);
      // What was built on the tables followed them.
      assert.equal((await rowsOf(database.adminDsn, "select from public.roots")).length, 6);
    });

    await t.test("readers see the views with the rights that they had", async () => {
      const rows = await rowsOf(database.readerDsn, "select isn, updated_at from certs.root_ca");
      assert.equal(rows.length, 404);
      assert.ok(rows.every(({ updated_at }) => updated_at !== null));
      assert.equal((await rowsOf(database.readerDsn, "select from certs.dsc")).length, 0);
    });

    await t.test("the check says how views and old tables compare", async () => {
      const [counts = [], runs = []] = await database.file("check.sql");
      assert.deepEqual(
        counts.map(({ count }) => Number(count)),
        [404, 6, 1, 403, 4, 1],
      );
      assert.deepEqual(
        runs.map(({ trigger, outcome }) => [trigger, outcome]),
        [["startup", "applied"]],
      );
    });

    await t.test("the roll back brings the tables back, writable, with their rows", async () => {
      await database.file("roll-back.sql");
      assert.deepEqual(await readerRows(), before);
      await run(database.serviceDsn, [
        "begin",
        "delete from certs.root_ca",
        "insert into certs.root_ca (id, certificate) values (gen_random_uuid(), 'x')",
        "rollback",
      ]);
    });

    await t.test(
      "the same way leads forward again, and a first run that fails takes nothing away",
      async () => {
        await database.file("hand-over.sql");
        const failed = await runCli(["sync"], {
          env: { ...environment, AUTH__URL: "http://127.0.0.1:1/token" },
        });
        assert.equal(failed.code, 1, failed.stdout + failed.stderr);
        assert.match(failed.stderr, /EXTERNAL_SERVICE_ERROR/);
        assert.deepEqual(await readerRows(), before);

        const { code, stdout, stderr } = await runCli(["sync"], { env: { ...environment } });
        assert.equal(code, 0, stdout + stderr);
        assert.equal((await rowsOf(database.readerDsn, "select from certs.root_ca")).length, 404);
        assert.deepEqual(await oldRows(), before);
      },
    );

    await t.test(
      "a reader that asked all along was never refused, and found the old rows or the new",
      async () => {
        const counts = await reader.stop();
        assert.deepEqual(counts, [6, 404, 6, 404]);
      },
    );
  });

  const readerRows = () => rowsOf(database.readerDsn, "select id, issuer from certs.root_ca order by id");

  async function probeAndRun(running: RunningCli, old: Rows): Promise<void> {
    const [, port] = await running.seen(/"event":"service.listening".*"port":(\d+)/);
    const url = `http://127.0.0.1:${port}`;
    const get = async (path: string, init?: RequestInit) => {
      const response = await fetch(url + path, init);
      return { status: response.status, body: await response.json() };
    };
    const probes = [container.livenessProbe.httpGet.path, container.readinessProbe.httpGet.path];
    assert.deepEqual(probes, ["/health", "/ready"]);
    /** Kubernetes takes 200 to 399 for success. */
    const probed = async () =>
      (await Promise.all(probes.map((path) => get(path)))).map(({ status }) => status);

    await running.seen(/"event":"pipeline.started"/);
    assert.deepEqual(await probed(), [200, 202]);
    assert.equal((await get("/ready?strict")).status, 503);
    // Until the first run has ended, readers find what they had.
    assert.deepEqual(await readerRows(), old);
    login.resolve();
    await running.seen(/"event":"schedule.next"/);
    assert.deepEqual(await probed(), [200, 200]);

    const { status, body } = await get("/info");
    assert.equal(status, 200);
    for (const field of ["name", "version", "scheduler_running", "has_error"])
      assert.ok(field in body, field);
    assert.deepEqual([body.has_error, body.store.certificates], [false, 404]);
    assert.equal((await get("/trigger", { method: "POST" })).status, 404);
  }
});
