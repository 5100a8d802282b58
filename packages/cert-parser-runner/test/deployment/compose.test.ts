import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";
import { settings } from "../../src/config/settings.ts";
import { readConfiguration } from "../../src/main.ts";
import { simulatorPaths } from "../../src/simulate/simulator-app.ts";
import { simulatorCredentials } from "../../src/simulate/simulator-credentials.ts";

const root = join(import.meta.dirname, "../../../..");

interface ComposeService {
  readonly image: string;
  readonly build?: string;
  readonly pull_policy?: string;
  readonly command?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly mem_limit?: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
}

interface Compose {
  readonly services: Readonly<Record<"cert-parser" | "simulator" | "postgresql", ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = parse(readFileSync(join(root, "compose.yaml"), "utf8"), { merge: true }) as Compose;
const { "cert-parser": runner, simulator, postgresql } = compose.services;

/** `${NAME:-default}` as compose reads it where NAME is not set. */
function interpolated(environment: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const value = (text: string) => text.replaceAll(/\$\{[A-Z_]+:-([^}]*)\}/g, "$1");
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, value(text)]));
}

describe("compose.yaml", () => {
  const read = readConfiguration(interpolated(runner.environment));
  const defaultPort = settings.find(({ name }) => name === "PORT")?.default;
  const simulatedPort = simulator.command?.[simulator.command.indexOf("--port") + 1];

  test("configures the service without a fault, and POST /trigger off", () => {
    assert.ok(read.ok, JSON.stringify(read));
    assert.equal(read.value.triggerToken, null);
  });

  test("leads it to its own simulator, with what that accepts", () => {
    assert.ok(read.ok && read.value.service);
    const { authUrl, loginUrl, downloadUrl, clientId, clientSecret, username, password } = read.value.service;
    const origin = `http://simulator:${simulatedPort}`;
    assert.deepEqual(
      { auth: authUrl, login: loginUrl, download: downloadUrl },
      {
        auth: origin + simulatorPaths.auth,
        login: origin + simulatorPaths.login,
        download: origin + simulatorPaths.download,
      },
    );
    assert.deepEqual({ clientId, clientSecret, username, password }, simulatorCredentials);
    assert.equal(simulator.command?.[0], "simulate");
    assert.ok(simulator.healthcheck?.test.some((word) => word.includes(`:${simulatedPort}/`)));
  });

  test("leads it to its own database, with what that is made with", () => {
    assert.ok(read.ok && read.value.database.kind === "postgresql");
    const { hostname, port, pathname, username, password } = new URL(read.value.database.dsn);
    const made = interpolated(postgresql.environment);
    assert.deepEqual(
      [hostname, port || "5432", pathname.slice(1), username, password],
      ["postgresql", "5432", made.POSTGRES_DB, made.POSTGRES_USER, made.POSTGRES_PASSWORD],
    );
  });

  test("asks, and publishes to this machine only, the port that the service listens on", () => {
    assert.deepEqual(runner.ports, [`127.0.0.1:${defaultPort}:${defaultPort}`]);
    assert.equal(runner.healthcheck?.test.at(-1), `http://127.0.0.1:${defaultPort}/ready?strict`);
  });

  test("starts the service after what it needs, and gives it the time to stop", () => {
    assert.deepEqual(runner.depends_on, {
      postgresql: { condition: "service_healthy" },
      simulator: { condition: "service_healthy" },
    });
    assert.ok(Number.parseInt(runner.stop_grace_period ?? "", 10) > 10);
  });

  test("builds one image, once, and never looks for it elsewhere", () => {
    assert.deepEqual(
      [runner.image, simulator.image],
      ["cert-parser-runner:local", "cert-parser-runner:local"],
    );
    assert.deepEqual([runner.build, simulator.build], [".", undefined]);
    assert.equal(simulator.pull_policy, "never");
    assert.match(postgresql.image, /^postgres:17/);
  });

  for (const [name, service] of Object.entries(compose.services)) {
    test(`confines ${name}`, () => {
      assert.equal(service.read_only, true);
      assert.deepEqual(service.cap_drop, ["ALL"]);
      assert.deepEqual(service.security_opt, ["no-new-privileges:true"]);
      assert.match(service.mem_limit ?? "", /^\d+m$/);
      assert.ok(service.healthcheck);
    });
  }

  test("declares each volume that it mounts", () => {
    const mounted = Object.values(compose.services).flatMap(({ volumes = [] }) => volumes);
    assert.deepEqual(
      mounted.map((volume) => volume.split(":")[0]),
      Object.keys(compose.volumes),
    );
  });
});
