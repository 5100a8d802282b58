import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Configuration, loadConfiguration } from "../../src/config/configuration.ts";
import type { ConfigurationFault } from "../../src/config/configuration-fault.ts";
import { settings } from "../../src/config/settings.ts";

const service = {
  AUTH_URL: "https://idp.example/token",
  AUTH_CLIENT_ID: "client",
  AUTH_CLIENT_SECRET: "the-client-secret",
  AUTH_USERNAME: "user",
  AUTH_PASSWORD: "the-password",
  LOGIN_URL: "https://sfc.example/login",
  LOGIN_BORDER_POST_ID: "7",
  LOGIN_BOX_ID: "box",
  LOGIN_PASSENGER_CONTROL_TYPE: "2",
  DOWNLOAD_URL: "https://sfc.example/csca",
};

describe("loadConfiguration", () => {
  test("gives the documented defaults for an empty environment", () => {
    assert.deepEqual(loaded({}), {
      service: null,
      schedule: { kind: "interval", hours: 6, jitterMs: 0 },
      runOnStartup: true,
      logLevel: "INFO",
      database: { kind: "embedded", directory: "./.cert-parser" },
      server: { host: "0.0.0.0", port: 8000, rootPath: "" },
      trust: {
        mode: "pin",
        anchors: [],
        unsignedSources: [],
        allowWeakAlgorithms: false,
        maxRemovedPercent: 5,
        minCertificates: 1,
        maxListAgeHours: 4320,
      },
      quarantine: { maxBundles: 20, maxBytes: 268_435_456 },
      triggerToken: null,
      origins: {},
    });
  });

  test("reads every setting", () => {
    const { origins: _, ...configuration } = loaded({
      ...service,
      HTTP_TIMEOUT_SECONDS: "1.5",
      MAX_DOWNLOAD_BYTES: "1000",
      SCHEDULER_CRON: "0 */6 * * *",
      SCHEDULER_JITTER_SECONDS: "90.5",
      RUN_ON_STARTUP: "False",
      LOG_LEVEL: "debug",
      DATABASE_DSN: "postgresql://u:p@db/certs",
      HOST: "127.0.0.1",
      PORT: "0",
      ROOT_PATH: "/certs/",
      TRIGGER_TOKEN: "t0ken",
      TRUST_MODE: "off",
      MAX_REMOVED_PERCENT: "12.5",
      MIN_CERTIFICATES: "300",
      MAX_LIST_AGE_HOURS: "48",
      UNSIGNED_SOURCES: " lab, old world,lab",
      TRUST_ALLOW_WEAK_ALGORITHMS: "yes",
      QUARANTINE_MAX_BUNDLES: "5",
      QUARANTINE_MAX_BYTES: "1000",
    });
    assert.deepEqual(configuration, {
      service: {
        authUrl: "https://idp.example/token",
        clientId: "client",
        clientSecret: "the-client-secret",
        username: "user",
        password: "the-password",
        loginUrl: "https://sfc.example/login",
        borderPostId: 7,
        boxId: "box",
        passengerControlType: 2,
        downloadUrl: "https://sfc.example/csca",
        timeoutMs: 1500,
        maxBytes: 1000,
      },
      schedule: { kind: "cron", expression: "0 */6 * * *", jitterMs: 90_500 },
      runOnStartup: false,
      logLevel: "DEBUG",
      database: { kind: "postgresql", dsn: "postgresql://u:p@db/certs" },
      server: { host: "127.0.0.1", port: 0, rootPath: "/certs" },
      trust: {
        mode: "off",
        anchors: [],
        unsignedSources: ["lab", "old world"],
        allowWeakAlgorithms: true,
        maxRemovedPercent: 12.5,
        minCertificates: 300,
        maxListAgeHours: 48,
      },
      quarantine: { maxBundles: 5, maxBytes: 1000 },
      triggerToken: "t0ken",
    });
  });

  test("takes each name with a double underscore after its group", () => {
    const doubled = Object.fromEntries(
      Object.entries(service).map(([name, value]) => [name.replace("_", "__"), value]),
    );
    const names = { ...doubled, SCHEDULER__CRON: "1 2 * * *", DATABASE__DSN: "postgres://db/x" };
    const configuration = loaded(names);
    assert.deepEqual(configuration.service, loaded(service).service);
    assert.deepEqual(configuration.schedule, { kind: "cron", expression: "1 2 * * *", jitterMs: 0 });
    assert.deepEqual(configuration.database, { kind: "postgresql", dsn: "postgres://db/x" });
    assert.equal(configuration.origins?.LOGIN_BORDER_POST_ID, "LOGIN__BORDER_POST_ID");
  });

  test("takes both spellings when they agree, and refuses them when they do not", () => {
    assert.equal(loaded({ LOG_LEVEL: "ERROR", LOG__LEVEL: "ERROR" }).logLevel, "ERROR");
    assert.deepEqual(faultsOf({ LOG_LEVEL: "ERROR", LOG__LEVEL: "INFO" }), [["LOG_LEVEL", "CONFLICT"]]);
  });

  test("counts an empty value as unset", () => {
    const names = settings.map(({ name }) => name).filter((name) => name !== "TRUST_ANCHORS");
    assert.deepEqual(loaded(Object.fromEntries(names.map((name) => [name, ""]))), loaded({}));
  });

  test("but for the anchors: whoever empties them must not get less trust without a word", () => {
    for (const empty of ["", " ", ",", " , "]) {
      const [[name] = []] = faultsOf({ TRUST_ANCHORS: empty });
      assert.equal(name, "TRUST_ANCHORS", JSON.stringify(empty));
    }
    assert.equal(faultsOf({ TRUST__ANCHORS: "" }).length, 1);
  });

  test("reports all the faults at once", () => {
    const found = faultsOf({
      PORT: "http",
      LOG_LEVEL: "LOUD",
      AUTH__URL: "ftp://idp",
      LOGIN_BORDER_POST_ID: "seven",
      DATABASE_HOST: "db",
      TRUST_MODE: "anchor",
    });
    assert.deepEqual(found, [
      ["AUTH__URL", "INVALID"],
      ["LOGIN_BORDER_POST_ID", "INVALID"],
      ["PORT", "INVALID"],
      ["LOG_LEVEL", "INVALID"],
      ["AUTH_CLIENT_ID", "MISSING"],
      ["AUTH_CLIENT_SECRET", "MISSING"],
      ["AUTH_USERNAME", "MISSING"],
      ["AUTH_PASSWORD", "MISSING"],
      ["LOGIN_URL", "MISSING"],
      ["LOGIN_BOX_ID", "MISSING"],
      ["LOGIN_PASSENGER_CONTROL_TYPE", "MISSING"],
      ["DOWNLOAD_URL", "MISSING"],
      ["DATABASE_NAME", "MISSING"],
      ["DATABASE_USERNAME", "MISSING"],
      ["TRUST_ANCHORS", "MISSING"],
    ]);
  });

  test("says what was found and what is expected", () => {
    const [fault] = faults({ PORT: "http" });
    assert.equal(fault?.message, 'is "http"; expected a whole number from 0 to 65535');
  });

  const invalid = [
    ["AUTH_URL", "idp.example/token"],
    ["AUTH_URL", "file:///etc/passwd"],
    ["LOGIN_BORDER_POST_ID", "1.5"],
    ["LOGIN_BORDER_POST_ID", "9007199254740993"],
    ["LOGIN_BOX_ID", "   "],
    ["HTTP_TIMEOUT_SECONDS", "0"],
    ["HTTP_TIMEOUT_SECONDS", "-1"],
    ["HTTP_TIMEOUT_SECONDS", "1e9"],
    ["MAX_DOWNLOAD_BYTES", "64MiB"],
    ["SCHEDULER_INTERVAL_HOURS", "0"],
    ["RUN_ON_STARTUP", "maybe"],
    ["DATABASE_DSN", "mysql://db/x"],
    ["DATABASE_DSN", "host=db dbname=x"],
    ["PORT", "65536"],
    ["ROOT_PATH", "certs"],
    ["ROOT_PATH", "/a b"],
    ["TRIGGER_TOKEN", "two words"],
    ["TRUST_MODE", "maybe"],
    ["MAX_REMOVED_PERCENT", "101"],
    ["MIN_CERTIFICATES", "0"],
    ["MAX_LIST_AGE_HOURS", "old"],
  ] as const;
  for (const [name, value] of invalid) {
    test(`refuses ${name}=${value}`, () => {
      const base: Record<string, string> = /^(AUTH|LOGIN)/.test(name) ? service : {};
      assert.deepEqual(faultsOf({ ...base, [name]: value }), [[name, "INVALID"]]);
    });
  }

  test("shows no secret in a fault", () => {
    const secret = "s3cr3t word";
    const found = faults({
      ...service,
      AUTH_URL: `https://user:${secret}@idp.example/?key=${secret}`,
      LOGIN_URL: `user:${secret.replace(" ", "")}@sfc`,
      DATABASE_DSN: `mysql://u:${secret}@db`,
      TRIGGER_TOKEN: secret,
    });
    assert.equal(found.length, 4);
    assert.doesNotMatch(JSON.stringify(found), /s3cr3t/);
  });

  test("composes a DSN that reads back exactly, whatever the parts hold", () => {
    const { database } = loaded({
      DATABASE_HOST: "db.example",
      DATABASE_NAME: "trust store/1",
      DATABASE_USERNAME: "an@user",
      DATABASE_PASSWORD: "p:/?#[]@%ü w",
    });
    assert.equal(database.kind, "postgresql");
    const url = new URL(database.kind === "postgresql" ? database.dsn : "");
    assert.equal(url.host, "db.example:5432");
    assert.equal(decodeURIComponent(url.username), "an@user");
    assert.equal(decodeURIComponent(url.password), "p:/?#[]@%ü w");
    assert.equal(decodeURIComponent(url.pathname), "/trust store/1");
  });

  test("refuses a DSN beside its parts", () => {
    const found = faults({ DATABASE_DSN: "postgresql://db/x", DATABASE__NAME: "x" });
    assert.deepEqual(
      found.map(({ name, code }) => [name, code]),
      [["DATABASE_DSN", "CONFLICT"]],
    );
    assert.match(found[0]?.message ?? "", /DATABASE__NAME/);
  });

  test("passes over the DATABASE_PORT that Kubernetes sets for a Service named database", () => {
    assert.equal(loaded({ DATABASE_PORT: "tcp://10.0.0.1:5432" }).database.kind, "embedded");
  });

  test("refuses an interval beside a cron expression", () => {
    assert.deepEqual(faultsOf({ SCHEDULER_INTERVAL_HOURS: "6", SCHEDULER__CRON: "* * * * *" }), [
      ["SCHEDULER__CRON", "CONFLICT"],
    ]);
  });

  test("asks the caller about a cron expression", () => {
    const result = loadConfiguration(
      { SCHEDULER_CRON: " 99 * * * * " },
      { validateCron: (expression) => (expression === "99 * * * *" ? "minute is over 59" : null) },
    );
    assert.ok(!result.ok);
    assert.equal(result.error[0]?.code, "INVALID");
    assert.match(result.error[0]?.message ?? "", /minute is over 59/);
  });

  test("takes the mode from the anchors where it is not set", () => {
    const fingerprint = "ab".repeat(32);
    const colons = fingerprint.toUpperCase().replace(/..(?=.)/g, "$&:");
    const { mode, anchors } = loaded({ TRUST_ANCHORS: `${fingerprint}, ${colons}` }).trust;
    assert.deepEqual([mode, anchors], ["anchor", [fingerprint, fingerprint]]);
    assert.equal(loaded({ TRUST_MODE: "ANCHOR", TRUST_ANCHORS: fingerprint }).trust.mode, "anchor");
  });

  for (const mode of ["pin", "off"]) {
    test(`refuses anchors with TRUST_MODE=${mode}`, () => {
      const found = faultsOf({ TRUST_MODE: mode, TRUST_ANCHORS: "ab".repeat(32) });
      assert.deepEqual(found, [["TRUST_MODE", "CONFLICT"]]);
    });
  }

  describe("with secrets in files", () => {
    let directory = "";
    const file = (name: string) => join(directory, name);
    before(() => {
      directory = mkdtempSync(join(tmpdir(), "cert-parser-config-"));
      writeFileSync(file("password"), " pass word \n");
      writeFileSync(file("windows"), "secret\r\n");
      writeFileSync(file("empty"), "\n");
    });
    after(() => rmSync(directory, { recursive: true }));

    const withoutPassword = () => {
      const { AUTH_PASSWORD: _, ...rest } = service;
      return rest;
    };

    test("reads a secret from NAME_FILE and drops the newline at its end, nothing else", () => {
      const { service: read, origins } = loaded({
        ...withoutPassword(),
        AUTH_PASSWORD_FILE: file("password"),
      });
      assert.equal(read?.password, " pass word ");
      assert.equal(origins?.AUTH_PASSWORD, "AUTH_PASSWORD_FILE");
      assert.equal(loaded({ TRIGGER__TOKEN_FILE: file("windows") }).triggerToken, "secret");
    });

    test("refuses a file that is missing, one that is empty, and a directory", () => {
      for (const name of ["missing", "empty", "."]) {
        const environment = { ...withoutPassword(), AUTH_PASSWORD_FILE: file(name) };
        assert.deepEqual(faultsOf(environment), [["AUTH_PASSWORD_FILE", "FILE"]]);
      }
    });

    test("refuses NAME beside NAME_FILE, also when they hold the same text", () => {
      for (const AUTH_PASSWORD of ["other", file("password")]) {
        const environment = { ...service, AUTH_PASSWORD, AUTH_PASSWORD_FILE: file("password") };
        assert.deepEqual(faultsOf(environment), [["AUTH_PASSWORD", "CONFLICT"]]);
      }
    });

    test("refuses the content of a file as it refuses a value, and does not show it", () => {
      const [fault] = faults({ TRIGGER_TOKEN_FILE: file("password") });
      assert.deepEqual([fault?.name, fault?.code], ["TRIGGER_TOKEN_FILE", "INVALID"]);
      assert.doesNotMatch(fault?.message ?? "", /pass/);
    });

    test("takes no NAME_FILE for a setting that is no secret", () => {
      assert.equal(loaded({ LOG_LEVEL_FILE: file("password") }).logLevel, "INFO");
    });
  });
});

function loaded(environment: Readonly<Record<string, string>>): Configuration {
  const result = loadConfiguration(environment);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function faults(environment: Readonly<Record<string, string>>): readonly ConfigurationFault[] {
  const result = loadConfiguration(environment);
  assert.ok(!result.ok, "expected faults");
  return result.error;
}

function faultsOf(environment: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return faults(environment).map(({ name, code }) => [name, code]);
}
