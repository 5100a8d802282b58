import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { describeConfiguration } from "../../src/config/configuration-rows.ts";
import { publicDsn, publicUrl } from "../../src/config/public-url.ts";

describe("describeConfiguration", () => {
  test("shows values, and the names under which they were set", () => {
    const rows = rowsOf({ PORT: "9000", LOG__LEVEL: "DEBUG" });
    assert.deepEqual(rows.get("PORT"), ["9000", "PORT"]);
    assert.deepEqual(rows.get("LOG_LEVEL"), ["DEBUG", "LOG__LEVEL"]);
    assert.deepEqual(rows.get("HOST"), ["0.0.0.0", "default"]);
    assert.deepEqual(rows.get("AUTH_URL"), ["(not set)", "default"]);
    assert.deepEqual(rows.get("DATABASE_DSN"), ["(not set)", "default"]);
    assert.deepEqual(rows.get("SCHEDULER_INTERVAL_HOURS"), ["6", "default"]);
    assert.equal(rows.has("SCHEDULER_CRON"), false);
  });

  test("hides every secret", () => {
    const environment = {
      AUTH_URL: "https://idp.example/token?key=s3cr3t",
      AUTH_CLIENT_ID: "s3cr3t-1",
      AUTH_CLIENT_SECRET: "s3cr3t-2",
      AUTH_USERNAME: "s3cr3t-3",
      AUTH_PASSWORD: "s3cr3t-4",
      LOGIN_URL: "https://sfc.example/login",
      LOGIN_BORDER_POST_ID: "7",
      LOGIN_BOX_ID: "box",
      LOGIN_PASSENGER_CONTROL_TYPE: "2",
      DOWNLOAD_URL: "https://sfc.example/csca",
      DATABASE_DSN: "postgresql://user:s3cr3t@db:5432/certs?sslpassword=s3cr3t&sslmode=require",
      TRIGGER_TOKEN: "s3cr3t-5",
    };
    const rows = rowsOf(environment);
    assert.doesNotMatch(JSON.stringify([...rows]), /s3cr3t/);
    assert.deepEqual(rows.get("AUTH_PASSWORD"), ["(hidden)", "AUTH_PASSWORD"]);
    assert.deepEqual(rows.get("AUTH_URL"), ["https://idp.example/token", "AUTH_URL"]);
    assert.deepEqual(rows.get("DATABASE_DSN"), [
      "postgresql://user:(hidden)@db:5432/certs?sslmode=require",
      "DATABASE_DSN",
    ]);
  });

  test("shows a DSN composed from parts, and the parts it came from", () => {
    const rows = rowsOf({
      DATABASE_HOST: "::1",
      DATABASE__NAME: "certs",
      DATABASE_USERNAME: "me",
      DATABASE_PASSWORD: "x",
    });
    assert.deepEqual(rows.get("DATABASE_DSN"), [
      "postgresql://me:(hidden)@::1:5432/certs",
      "DATABASE_HOST, DATABASE__NAME, DATABASE_USERNAME, DATABASE_PASSWORD",
    ]);
    assert.equal(rows.has("DATA_DIR"), false);
  });
});

test("publicUrl and publicDsn show nothing of a text that is no URL", () => {
  assert.equal(publicUrl("secret"), "(not a URL)");
  assert.equal(publicDsn("secret"), "(hidden)");
  assert.equal(publicUrl("https://u:p@host:8443/path?q=1#f"), "https://host:8443/path");
  assert.equal(publicDsn("postgresql://db/x"), "postgresql://db/x");
});

function rowsOf(environment: Readonly<Record<string, string>>): Map<string, readonly [string, string]> {
  const result = loadConfiguration(environment);
  assert.ok(result.ok, JSON.stringify(result));
  return new Map(
    describeConfiguration(result.value).map(({ name, value, source }) => [name, [value, source]]),
  );
}
