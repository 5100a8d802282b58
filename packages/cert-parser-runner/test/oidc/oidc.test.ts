import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { RunReport } from "cert-parser-core";
import { readFixture } from "cert-parser-fixtures";
import { startService } from "../../src/index.ts";
import { createLogger } from "../../src/log/logger.ts";
import { readConfiguration } from "../../src/main.ts";
import { type Simulator, startSimulator } from "../../src/simulate/simulator.ts";
import type { SimulatedRequest } from "../../src/simulate/simulator-app.ts";
import { simulatorCredentials } from "../../src/simulate/simulator-credentials.ts";
import { anyAge } from "../any-age.ts";
import { type IdentityProvider, resourceServer, startIdentityProvider } from "./identity-provider.ts";

describe("with a real identity provider, a run", () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-oidc-"));
  const requests: SimulatedRequest[] = [];
  let provider: IdentityProvider;
  let simulator: Simulator;
  before(async () => {
    provider = await startIdentityProvider({ ...simulatorCredentials, tokenLifetimeSeconds: 600 });
    simulator = await startSimulator({
      port: 0,
      bundle: readFixture("crl-envelope.ml"),
      acceptAccessToken: provider.introspect,
      onRequest: (request) => requests.push(request),
    });
  });
  after(async () => {
    await simulator.close();
    await provider.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Starts the service as an operator does, and runs it by its route. */
  const run = async (
    settings: Record<string, string>,
    work: (next: () => Promise<LastRun>) => Promise<void>,
  ) => {
    const configuration = readConfiguration({
      ...simulator.environment,
      ...anyAge,
      AUTH_URL: provider.tokenUrl,
      DATA_DIR: directory,
      HOST: "127.0.0.1",
      PORT: "0",
      RUN_ON_STARTUP: "false",
      TRIGGER_TOKEN: triggerToken,
      ...settings,
    });
    assert.ok(configuration.ok, JSON.stringify(configuration));
    const service = await startService(configuration.value, silent);
    try {
      await work(() => triggeredRun(service.url));
    } finally {
      await service.stop();
    }
  };

  test("logs in with the password grant, keeps its tokens, and renews those that were taken back", async () => {
    await run({}, async (next) => {
      requests.length = 0;
      assert.equal((await next()).outcome, "applied");
      assert.deepEqual(seen(requests), ["POST /auth/v1/login 200", "GET /certificates/csca 200"]);
      assert.equal(provider.issued.length, 1);

      assert.equal((await next()).outcome, "unchanged");
      assert.deepEqual(seen(requests).slice(2), ["GET /certificates/csca 304"]);
      assert.equal(provider.issued.length, 1);

      await provider.revoke(provider.issued[0] ?? "");
      assert.equal((await next()).outcome, "unchanged");
      assert.deepEqual(seen(requests).slice(3), [
        "GET /certificates/csca 401",
        "POST /auth/v1/login 200",
        "GET /certificates/csca 304",
      ]);
      assert.equal(provider.issued.length, 2);
    });
  });

  const refused = [
    ["a wrong password", { AUTH_PASSWORD: "wrong" }, "AUTHENTICATION_ERROR", "HTTP_400"],
    ["a wrong user", { AUTH_USERNAME: "wrong" }, "AUTHENTICATION_ERROR", "HTTP_400"],
    ["a wrong client", { AUTH_CLIENT_ID: "wrong" }, "AUTHENTICATION_ERROR", "HTTP_401"],
    ["a wrong client secret", { AUTH_CLIENT_SECRET: "wrong" }, "AUTHENTICATION_ERROR", "HTTP_401"],
    [
      "a client without this grant",
      { AUTH_CLIENT_ID: resourceServer.client_id, AUTH_CLIENT_SECRET: resourceServer.client_secret },
      "EXTERNAL_SERVICE_ERROR",
      "HTTP_400",
    ],
  ] as const;
  for (const [flaw, settings, code, reason] of refused) {
    test(`is refused with ${flaw}, and asks once`, async () => {
      await run(settings, async (next) => {
        requests.length = 0;
        const asked = provider.tokenRequests;
        const { outcome, failure } = await next();
        assert.equal(outcome, "failed");
        assert.deepEqual(failure, { stage: "authenticate", code, reason });
        assert.equal(provider.tokenRequests, asked + 1);
        assert.deepEqual(requests, []);
      });
    });
  }
});

interface LastRun {
  readonly execution_id: string;
  readonly outcome: RunReport["outcome"] | "failed" | "cancelled";
  readonly failure: unknown;
}

/** Starts a run and waits until it is told of as the last one. */
async function triggeredRun(url: string): Promise<LastRun> {
  const headers = { authorization: `Bearer ${triggerToken}` };
  const started = await fetch(`${url}/trigger`, { method: "POST", headers });
  assert.equal(started.status, 202);
  const { execution_id: id } = (await started.json()) as { execution_id: string };
  for (;;) {
    const { last_run: last } = (await (await fetch(`${url}/info`)).json()) as { last_run: LastRun | null };
    if (last?.execution_id === id) return last;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function seen(requests: readonly SimulatedRequest[]): readonly string[] {
  return requests.map(({ method, path, status }) => `${method} ${path} ${status}`);
}

const triggerToken = "trigger-token-of-this-test";
const silent = createLogger({
  level: "ERROR",
  stream: { write: () => undefined },
  terminal: false,
  colour: false,
});
