import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { simulatorCredentials } from "../../src/simulate/simulator-credentials.ts";
import { runCli } from "./run-cli.ts";

const service = {
  AUTH_URL: "https://id.example/token",
  AUTH_CLIENT_ID: "client-1234",
  AUTH_CLIENT_SECRET: "secret-1234",
  AUTH_USERNAME: "user-1234",
  AUTH_PASSWORD: simulatorCredentials.password,
  LOGIN_URL: "https://sfc.example/login",
  LOGIN_BORDER_POST_ID: "1",
  LOGIN_BOX_ID: "box",
  LOGIN_PASSENGER_CONTROL_TYPE: "2",
  DOWNLOAD_URL: "https://sfc.example/list",
};

describe("check-config", { concurrency: 2 }, () => {
  test("shows settings and where they are from, and no secret", async () => {
    const dsn = "postgresql://owner:hunter2@db.example/trust";
    const env = { ...service, DATABASE_DSN: dsn, TRIGGER_TOKEN: "token-12345678" };
    const { code, stdout, stderr } = await runCli(["check-config"], { env });
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(stdout, /AUTH_URL +https:\/\/id\.example\/token\n/);
    assert.match(stdout, /AUTH_PASSWORD +\(hidden\)\n/);
    assert.match(stdout, /PORT +8000 {2}\(default\)\n/);
    assert.match(stdout, /no faults/);
    const secrets = ["secret-1234", simulatorCredentials.password, "hunter2", "token-12345678"];
    for (const secret of secrets) assert.doesNotMatch(stdout, new RegExp(secret));
  });

  test("--json gives every fault at once and exits with 2", async () => {
    const env = { AUTH_URL: "nowhere", SCHEDULER_CRON: "every day", TRUST_MODE: "anchor" };
    const { code, stdout } = await runCli(["check-config", "--json"], { env });
    assert.equal(code, 2);
    const { ok, faults } = JSON.parse(stdout) as {
      ok: boolean;
      faults: readonly { name: string; code: string; message: string }[];
    };
    assert.equal(ok, false);
    const codes = new Map(faults.map(({ name, code: fault }) => [name, fault]));
    assert.equal(codes.get("AUTH_URL"), "INVALID");
    assert.equal(codes.get("SCHEDULER_CRON"), "INVALID");
    // There is no anchor without one being named.
    assert.ok(codes.has("TRUST_ANCHORS") || codes.has("TRUST_MODE"), [...codes].join(" "));
    assert.equal(codes.get("AUTH_PASSWORD"), "MISSING");
  });

  test("reads .env of the working directory beneath the environment", async () => {
    const cwd = mkdtempSync(join(tmpdir(), "cert-parser-env-"));
    try {
      writeFileSync(join(cwd, ".env"), "PORT=9001\nHOST=127.0.0.1\n");
      const { stdout } = await runCli(["check-config"], { cwd, env: { PORT: "9002" } });
      assert.match(stdout, /PORT +9002\n/);
      assert.match(stdout, /HOST +127\.0\.0\.1\n/);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  test("warns of a name that looks like a setting misspelled", async () => {
    const { code, stdout } = await runCli(["check-config"], { env: { DATABASE_DNS: "x" } });
    assert.equal(code, 0);
    assert.match(stdout, /warning: DATABASE_DNS is not a setting; DATABASE_DSN is/);
  });
});
