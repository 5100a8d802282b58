/**
 * What the routes answer, for `docs/http.md`: asked of the routes themselves.
 *
 * @module
 */

import { createRoutes } from "../../src/http/routes.ts";
import type { EndedRun, ServiceView, StoredState } from "../../src/http/service-view.ts";
import { code, type Sections, table } from "./markdown.ts";

export const httpSections: Sections = {
  health: () =>
    answers([
      ["the scheduler runs", "/health"],
      ["the scheduler is dead", "/health", { schedulerRunning: () => false }],
      ["the event loop was blocked lately", "/health", { eventLoopLagMs: () => 12_000 }],
    ]),
  ready: () =>
    answers([
      ["a list is stored", "/ready"],
      ["a list is stored, and the last run failed", "/ready", { lastRun: () => failedRun }],
      ["nothing is stored, and the first run has not ended", "/ready", nothingStored],
      ["the same, asked strictly", "/ready?strict", nothingStored],
      [
        "nothing is stored, and the last run failed",
        "/ready",
        { ...nothingStored, lastRun: () => failedRun },
      ],
      ["the store is being opened", "/ready", { stored: () => Promise.reject(coded("STORE_OPENING")) }],
      [
        "the database does not answer",
        "/ready",
        { stored: () => Promise.reject(coded("STORE_UNREACHABLE")) },
      ],
    ]),
  trigger: () =>
    answers([
      ["a run starts", "/trigger", {}, withToken],
      ["a run goes on already", "/trigger", { trigger: () => null, currentRun: () => run }, withToken],
      ["the service is starting or stopping", "/trigger", { trigger: () => null }, withToken],
      ["the token is wrong or missing", "/trigger", {}, { method: "POST" }],
      ["the body is over 1 KiB", "/trigger", {}, { ...withToken, body: "x".repeat(2000) }],
      ["another method", "/trigger"],
    ]),
  info: async () => `\`\`\`json\n${await infoOf({})}\n\`\`\`\n`,
};

/** The routes that are asked here. */
export const documentedRoutes: readonly string[] = ["/health", "/info", "/metrics", "/ready", "/trigger"];

type Case = readonly [when: string, path: string, changes?: Partial<ServiceView>, init?: RequestInit];

async function answers(cases: readonly Case[]): Promise<string> {
  const rows: string[][] = [];
  for (const [when, path, changes = {}, init = {}] of cases) {
    const response = await ask(path, changes, init);
    rows.push([when, String(response.status), code(await response.text())]);
  }
  return table(["when", "status", "body"], rows);
}

async function infoOf(changes: Partial<ServiceView>): Promise<string> {
  const response = await ask("/info", changes, {});
  return JSON.stringify(await response.json(), null, 2);
}

async function ask(path: string, changes: Partial<ServiceView>, init: RequestInit): Promise<Response> {
  const routes = createRoutes(
    { ...view, ...changes },
    { triggerToken, now: () => new Date("2026-06-02T08:00:00Z") },
  );
  return routes(new Request(`http://localhost:8000${path}`, init));
}

function coded(name: string): Error {
  return Object.assign(new Error("not shown"), { code: name });
}

const triggerToken = "a-token";
const withToken: RequestInit = { method: "POST", headers: { authorization: `Bearer ${triggerToken}` } };
const run = { executionId: "0f6c8a52-7c1e-4d0b-9a55-2f1f0f3c9d11", trigger: "http" };
const started = new Date("2026-06-02T06:00:00Z");

const endedRun: EndedRun = {
  ...run,
  trigger: "schedule",
  source: "icao-masterlist",
  startedAt: started,
  finishedAt: new Date("2026-06-02T06:00:01Z"),
  outcome: "applied",
  failure: null,
};
const failedRun: EndedRun = {
  ...endedRun,
  outcome: "failed",
  failure: { stage: "authenticate", code: "AUTHENTICATION_ERROR", reason: "HTTP_401" },
};
const trust: StoredState["trust"] = {
  unapprovedPins: 1,
  unverifiedCertificates: 0,
  unsignedCertificates: 0,
  refusedBundles: 0,
  pendingBundles: 0,
  lastRollover: null,
};
const stored: StoredState = {
  lists: [{ source: "icao-masterlist", acceptedAt: started, signingTime: new Date("2026-06-01T12:00:00Z") }],
  lastRun: endedRun,
  counts: { certificates: 581, countries: 94, crls: 0, revoked: 0, rejections: 0 },
  trust,
};
const nothingStored: Partial<ServiceView> = {
  stored: async () => ({
    lists: [],
    lastRun: null,
    counts: { certificates: 0, countries: 0, crls: 0, revoked: 0, rejections: 0 },
    trust: { ...trust, unapprovedPins: 0 },
  }),
};

const view: ServiceView = {
  name: "cert-parser-runner",
  version: "0.1.0",
  signaturesVerified: true,
  schedulerRunning: () => true,
  eventLoopLagMs: () => 0,
  nextRun: () => new Date("2026-06-02T12:00:00Z"),
  currentRun: () => null,
  lastRun: () => null,
  stored: async () => stored,
  trigger: () => run,
};
