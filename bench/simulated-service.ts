/**
 * The simulated service on a port of its own, whose list can be changed and which can be made to fail.
 *
 * @module
 */

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { parseMasterList } from "cert-parser-core";
import { buildSimulatedList } from "../packages/cert-parser-runner/src/simulate/simulated-list.ts";
import {
  createSimulatorApp,
  simulatorPaths,
} from "../packages/cert-parser-runner/src/simulate/simulator-app.ts";
import { simulatorCredentials } from "../packages/cert-parser-runner/src/simulate/simulator-credentials.ts";

/** What goes wrong with the download: 500 for ever, a body cut in half, or nobody who listens. */
export type Fault = "error" | "truncated" | "refused";

/** A service that listens. */
export interface SimulatedService {
  /** The settings with which a runner uses it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Gives this list from now on. Tokens given out before no longer hold. */
  give(list: Uint8Array): void;
  /** Fails in this way from now on; null mends it. */
  fail(fault: Fault | null): Promise<void>;
  close(): Promise<void>;
}

/** Starts the service with a list. */
export async function startSimulatedService(list: Uint8Array): Promise<SimulatedService> {
  let app = createSimulatorApp({ bundle: list });
  let fault: Fault | null = null;
  const listener = getRequestListener((request) => app.fetch(request), { overrideGlobalObjects: false });
  const server = createServer((incoming, outgoing) => {
    if (fault === null || incoming.url !== simulatorPaths.download) return void listener(incoming, outgoing);
    if (fault === "truncated") return cutInHalf(outgoing);
    return void outgoing.writeHead(500).end("out of order");
  });
  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(at, host, () => resolve(void server.off("error", reject)));
    });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });

  await listen(0);
  const { port } = server.address() as AddressInfo;
  const origin = `http://${host}:${port}`;
  return {
    environment: {
      AUTH_URL: origin + simulatorPaths.auth,
      AUTH_CLIENT_ID: simulatorCredentials.clientId,
      AUTH_CLIENT_SECRET: simulatorCredentials.clientSecret,
      AUTH_USERNAME: simulatorCredentials.username,
      AUTH_PASSWORD: simulatorCredentials.password,
      LOGIN_URL: origin + simulatorPaths.login,
      LOGIN_BORDER_POST_ID: "1",
      LOGIN_BOX_ID: "BOX-01",
      LOGIN_PASSENGER_CONTROL_TYPE: "1",
      DOWNLOAD_URL: origin + simulatorPaths.download,
    },
    give(next) {
      app = createSimulatorApp({ bundle: next });
    },
    async fail(next) {
      fault = next;
      if (fault === "refused") await close();
      else if (!server.listening) await listen(port);
    },
    close,
  };
}

/**
 * The list with other certificates: the last bytes of each one's signature are `version`. It is signed anew, each edition a
 * second after the one before.
 */
export function listVersion(
  list: Uint8Array,
  version: number,
  edition: number = version,
): Promise<Uint8Array> {
  const certificates = parseMasterList(list).certificates.map(({ der }) => {
    const copy = Uint8Array.from(der);
    new DataView(copy.buffer).setUint32(copy.length - 4, version);
    return copy;
  });
  return buildSimulatedList(new Date(firstEdition + edition * 1000), certificates);
}

/** Says how long the body is, and breaks off half-way. */
function cutInHalf(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "content-type": "application/octet-stream", "content-length": "100000" });
  outgoing.write(new Uint8Array(50_000), () => outgoing.destroy());
}

// Many editions later it is still the past.
const firstEdition = Date.now() - 24 * 60 * 60 * 1000;
const host = "127.0.0.1";
