/**
 * The simulated service behind a front that misbehaves in HTTP and three proxies that misbehave in TCP: one a step.
 *
 * @module
 */

import type { TestContext } from "node:test";
import type { ServiceSettings } from "../../src/config/configuration.ts";
import type { ServiceStep } from "../../src/download/service-step.ts";
import { type HttpServer, serveHttp } from "../../src/http/serve.ts";
import { createSimulatorApp, simulatorPaths } from "../../src/simulate/simulator-app.ts";
import { simulatorCredentials } from "../../src/simulate/simulator-credentials.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

/** Answers the request of this step with this number, from 1, in place of the service; null lets the service answer. */
export type Front = (number: number) => Response | null;

/** The steps, in their order. */
export const steps = ["authenticate", "login", "download"] as const;

/** The service, and how to spoil it. */
export interface ServiceBench {
  readonly settings: ServiceSettings;
  readonly proxies: Readonly<Record<ServiceStep, TcpProxy>>;
  /** Requests that reached the front, by step. */
  readonly requests: Readonly<Record<ServiceStep, number>>;
  /** Puts a front before a step. */
  front(step: ServiceStep, answer: Front): void;
  /** Lets time pass at the service. */
  pass(seconds: number): void;
}

/** How long a token of the service holds. */
export const tokenLifetimeSeconds = 300;

/** Starts the bench; it ends with the test. */
export async function startServiceBench(t: TestContext, bundle: Uint8Array): Promise<ServiceBench> {
  let now = Date.parse("2026-03-01T12:00:00Z");
  const app = createSimulatorApp({ bundle, tokenLifetimeSeconds, now: () => new Date(now) });
  const requests = { authenticate: 0, login: 0, download: 0 };
  const fronts = new Map<ServiceStep, Front>();
  const server = await serveHttp(
    (request) => {
      const step = stepOf(request);
      requests[step] += 1;
      return fronts.get(step)?.(requests[step]) ?? app.fetch(request);
    },
    { host: "127.0.0.1", port: 0, graceMs: 100 },
  );
  const [authenticate, login, download] = await startProxies(server.port);
  const proxies = { authenticate, login, download };
  t.after(() => closeAll(server, Object.values(proxies)));

  const url = (step: ServiceStep) => `http://127.0.0.1:${proxies[step].port}${paths[step]}`;
  return {
    settings: {
      ...simulatorCredentials,
      authUrl: url("authenticate"),
      loginUrl: url("login"),
      borderPostId: 1,
      boxId: "BOX-01",
      passengerControlType: 1,
      downloadUrl: url("download"),
      timeoutMs: 5_000,
      maxBytes: 100_000,
    },
    proxies,
    requests,
    front: (step, answer) => void fronts.set(step, answer),
    pass: (seconds) => {
      now += seconds * 1000;
    },
  };
}

function stepOf(request: Request): ServiceStep {
  const { pathname } = new URL(request.url);
  return steps.find((step) => paths[step] === pathname) ?? "download";
}

function startProxies(port: number): Promise<[TcpProxy, TcpProxy, TcpProxy]> {
  return Promise.all([startTcpProxy(port), startTcpProxy(port), startTcpProxy(port)]);
}

async function closeAll(server: HttpServer, proxies: readonly TcpProxy[]): Promise<void> {
  await Promise.all(proxies.map((proxy) => proxy.close()));
  await server.close();
}

const paths: Readonly<Record<ServiceStep, string>> = {
  authenticate: simulatorPaths.auth,
  login: simulatorPaths.login,
  download: simulatorPaths.download,
};
