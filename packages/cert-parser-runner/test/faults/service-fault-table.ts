/**
 * What can go wrong between a runner and its services, and how the run ends each time.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { readFixture } from "cert-parser-fixtures";
import type { ServiceSettings } from "../../src/config/configuration.ts";
import type { ServiceSourceOptions } from "../../src/download/service-source.ts";
import type { ServiceStep } from "../../src/download/service-step.ts";
import { startFaultyServer, startUntrustedServer } from "../download/faulty-server.ts";
import { type ServiceBench, tokenLifetimeSeconds } from "./service-bench.ts";
import type { TcpFault } from "./tcp-proxy.ts";

/** How a run ends: `applied`, or its code and reason. */
export type End = "applied" | readonly [code: string, reason: string];

/** One way to go wrong. */
export interface ServiceFault {
  readonly name: string;
  /** Where it can happen; default: at each step. */
  readonly steps?: readonly ServiceStep[];
  /** Spoils one step of the service; what it answers takes the place of settings. */
  readonly arrange: (
    bench: ServiceBench,
    step: ServiceStep,
    t: TestContext,
  ) => Partial<ServiceSettings> | Promise<Partial<ServiceSettings>>;
  /** Options of the source. */
  readonly options?: ServiceSourceOptions;
  /** How the run ends, and how often the spoiled step was tried. */
  readonly end: End | ((step: ServiceStep) => End);
  readonly attempts: number;
  /** Where the attempts can be counted from outside. */
  readonly counted: "connections" | "requests" | "nowhere";
  /** At most; default 3,000. */
  readonly withinMs?: number;
}

const external = (reason: string): End => ["EXTERNAL_SERVICE_ERROR", reason];
const body = { after: "\r\n\r\n" } as const;
const tcp =
  (fault: TcpFault, times = Number.POSITIVE_INFINITY): ServiceFault["arrange"] =>
  ({ proxies }, step) => {
    proxies[step].spoil((connection) => (connection <= times ? fault : { kind: "pass" }));
    return {};
  };
const http =
  (answer: (number: number) => Response, times = Number.POSITIVE_INFINITY): ServiceFault["arrange"] =>
  ({ front }, step) => {
    front(step, (number) => (number <= times ? answer(number) : null));
    return {};
  };
const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response("busy", { status: code, headers });
const hurried: ServiceSourceOptions = { overallTimeoutMs: 800 };

/** All of them. */
export const serviceFaults: readonly ServiceFault[] = [
  // The connection.
  {
    name: "refused",
    arrange: async ({ proxies }, step) => {
      await proxies[step].refuse();
      return {};
    },
    end: external("CONNECTION_REFUSED"),
    attempts: 4,
    counted: "nowhere",
  },
  {
    name: "reset before the answer",
    arrange: tcp({ kind: "reset" }),
    end: external("CONNECTION_CLOSED"),
    attempts: 4,
    counted: "connections",
  },
  {
    name: "reset as soon as it is open",
    arrange: tcp({ kind: "reset", in: "request" }),
    end: external("CONNECTION_CLOSED"),
    attempts: 4,
    counted: "connections",
  },
  {
    name: "reset in the middle of the body",
    arrange: tcp({ kind: "reset", ...body, at: 10 }),
    end: external("TRUNCATED_BODY"),
    attempts: 4,
    counted: "connections",
  },
  {
    name: "reset twice, then good",
    arrange: tcp({ kind: "reset", ...body, at: 10 }, 2),
    end: "applied",
    attempts: 3,
    counted: "connections",
  },
  {
    name: "a black hole",
    arrange: (bench, step, t) => {
      tcp({ kind: "black-hole", in: "request" })(bench, step, t);
      return { timeoutMs: 100 };
    },
    options: { overallTimeoutMs: 10_000 },
    end: external("TIMEOUT"),
    attempts: 4,
    counted: "connections",
  },
  {
    name: "a black hole in the middle of the body",
    arrange: tcp({ kind: "black-hole", ...body, at: 10 }),
    options: { idleTimeoutMs: 150 },
    end: external("IDLE_TIMEOUT"),
    attempts: 4,
    counted: "connections",
  },
  {
    name: "a black hole once",
    arrange: tcp({ kind: "black-hole", ...body, at: 10 }, 1),
    options: { idleTimeoutMs: 150 },
    end: "applied",
    attempts: 2,
    counted: "connections",
  },
  {
    name: "a slow drip",
    arrange: tcp({ kind: "drip", ...body, everyMs: 20 }),
    options: hurried,
    end: external("OVERALL_TIMEOUT"),
    attempts: 1,
    counted: "connections",
  },
  {
    name: "truncated",
    arrange: tcp({ kind: "truncate", ...body, at: 10 }),
    end: external("TRUNCATED_BODY"),
    attempts: 4,
    counted: "connections",
  },
  {
    name: "truncated once",
    arrange: tcp({ kind: "truncate", ...body, at: 10 }, 1),
    end: "applied",
    attempts: 2,
    counted: "connections",
  },
  {
    name: "truncated before the answer",
    arrange: tcp({ kind: "truncate" }),
    end: external("CONNECTION_CLOSED"),
    attempts: 4,
    counted: "connections",
  },

  // Bytes.
  {
    name: "corrupted in the envelope of the list",
    steps: ["download"],
    arrange: tcp({ kind: "corrupt", ...body, at: 0 }),
    end: ["PARSE_ERROR", "INPUT_UNRECOGNISED"],
    attempts: 1,
    counted: "connections",
  },
  {
    name: "corrupted in a length of the list",
    steps: ["download"],
    arrange: tcp({ kind: "corrupt", ...body, at: 3 }),
    end: ["PARSE_ERROR", "DER_TRUNCATED"],
    attempts: 1,
    counted: "connections",
  },
  {
    name: "corrupted in the JSON of the token",
    steps: ["authenticate"],
    arrange: tcp({ kind: "corrupt", ...body, at: 0 }),
    end: external("NOT_JSON"),
    attempts: 1,
    counted: "connections",
  },
  {
    name: "duplicated in the list",
    steps: ["download"],
    arrange: tcp({ kind: "duplicate", ...body, at: 1000, length: 500 }),
    end: ["PARSE_ERROR", "DER_SYNTAX"],
    attempts: 1,
    counted: "connections",
  },
  {
    name: "duplicated in the JSON of the token",
    steps: ["authenticate"],
    arrange: tcp({ kind: "duplicate", ...body, at: 0, length: 20 }),
    end: external("NOT_JSON"),
    attempts: 1,
    counted: "connections",
  },
  {
    name: "oversized, as announced",
    arrange: http(() => new Response(new Uint8Array(300_000))),
    end: external("TOO_LARGE"),
    attempts: 1,
    counted: "requests",
  },
  {
    name: "oversized without an end",
    arrange: http(() => new Response(endless())),
    end: external("TOO_LARGE"),
    attempts: 1,
    counted: "requests",
  },
  {
    name: "a web page in place of the answer",
    arrange: http(() => new Response(Uint8Array.from(readFixture("html-error.html")))),
    end: external("HTML_BODY"),
    attempts: 1,
    counted: "requests",
  },

  // Answers.
  {
    name: "401 once, where there are tokens to renew",
    steps: ["login", "download"],
    arrange: http(status(401), 1),
    end: "applied",
    attempts: 2,
    counted: "requests",
  },
  {
    name: "401 always, where there are tokens to renew",
    steps: ["login", "download"],
    arrange: http(status(401)),
    end: (step) => [step === "login" ? "AUTHENTICATION_ERROR" : "EXTERNAL_SERVICE_ERROR", "HTTP_401"],
    attempts: 2,
    counted: "requests",
  },
  {
    name: "401 to the password",
    steps: ["authenticate"],
    arrange: http(status(401), 1),
    end: ["AUTHENTICATION_ERROR", "HTTP_401"],
    attempts: 1,
    counted: "requests",
  },
  {
    name: "404",
    arrange: http(status(404)),
    end: external("HTTP_404"),
    attempts: 1,
    counted: "requests",
  },
  {
    name: "429 with Retry-After of a second, then good",
    steps: ["download"],
    arrange: http(status(429, { "retry-after": "1" }), 1),
    end: "applied",
    attempts: 2,
    counted: "requests",
  },
  {
    name: "429 with a Retry-After that the run has no time for",
    arrange: http(status(429, { "retry-after": "5" })),
    options: hurried,
    end: external("HTTP_429"),
    attempts: 1,
    counted: "requests",
    withinMs: 2_500,
  },
  {
    name: "500 twice, then good",
    arrange: http(status(500), 2),
    end: "applied",
    attempts: 3,
    counted: "requests",
  },
  {
    name: "503 for ever",
    arrange: http(status(503)),
    end: external("HTTP_503"),
    attempts: 4,
    counted: "requests",
  },
  {
    name: "a redirect to another host",
    arrange: async ({ front }, step, t) => {
      const other = await startFaultyServer(t, (response) => response.end("0123"));
      t.after(() => assert.deepEqual(other.seen, [], "nothing was sent there"));
      front(step, () => new Response(null, { status: 307, headers: { location: other.origin } }));
      return {};
    },
    end: external("REDIRECT_ORIGIN"),
    attempts: 1,
    counted: "requests",
  },
  {
    name: "tokens that expire between login and download",
    steps: ["download"],
    arrange: ({ front, pass }) => {
      front("download", (number) => {
        if (number === 1) pass(tokenLifetimeSeconds);
        return null;
      });
      return {};
    },
    end: "applied",
    attempts: 2,
    counted: "requests",
  },

  // What comes before the connection.
  {
    name: "a name that is not known",
    arrange: (_, step) => ({ [urls[step]]: "http://no-such-host.invalid/" }),
    end: external("NAME_NOT_FOUND"),
    attempts: 4,
    counted: "nowhere",
  },
  {
    name: "a certificate of an unknown authority",
    arrange: async (_, step, t) => ({ [urls[step]]: (await startUntrustedServer(t)).origin }),
    end: external("TLS_ERROR"),
    attempts: 1,
    counted: "nowhere",
  },
];

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(65_536).fill(0x30)),
  });
}

const urls: Readonly<Record<ServiceStep, keyof ServiceSettings>> = {
  authenticate: "authUrl",
  login: "loginUrl",
  download: "downloadUrl",
};
