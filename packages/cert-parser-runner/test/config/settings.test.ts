import assert from "node:assert/strict";
import { test } from "node:test";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { settings } from "../../src/config/settings.ts";

test("every default is a value that the setting itself accepts, and changes nothing when it is set", () => {
  const unset = loadConfiguration({});
  assert.ok(unset.ok);
  // A database port alone asks for the host; all the others stand alone.
  for (const { name, default: value } of settings.filter(({ name }) => name !== "DATABASE_PORT")) {
    if (value === null) continue;
    const set = loadConfiguration({ [name]: value });
    assert.ok(set.ok, `${name}=${value}`);
    assert.deepEqual({ ...set.value, origins: {} }, { ...unset.value, origins: {} }, name);
  }
});

test("every setting has one line of meaning and a name of its own", () => {
  for (const { meaning } of settings) assert.match(meaning, /^[^\n]{10,100}[^.\n]$/);
  assert.equal(new Set(settings.map(({ name }) => name)).size, settings.length);
});

test("the secrets are the credentials, and nothing else", () => {
  const secrets = settings.filter(({ secret }) => secret).map(({ name }) => name);
  assert.deepEqual(secrets, [
    "AUTH_CLIENT_ID",
    "AUTH_CLIENT_SECRET",
    "AUTH_USERNAME",
    "AUTH_PASSWORD",
    "DATABASE_DSN",
    "DATABASE_PASSWORD",
    "TRIGGER_TOKEN",
  ]);
});
