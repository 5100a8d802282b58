/**
 * The three-step service on a port of this machine: for the demo, for tests, and for trying a configuration.
 *
 * @module
 */

import { serveHttp } from "../http/serve.ts";
import { createSimulatorApp, type SimulatorAppOptions, simulatorPaths } from "./simulator-app.ts";
import { simulatorCredentials } from "./simulator-credentials.ts";

/** Options of {@link startSimulator}. */
export interface SimulatorOptions extends SimulatorAppOptions {
  /** Address to listen on. Default: 127.0.0.1. */
  readonly host?: string;
  /** Port to listen on; 0 takes a free one. Default: 8087, as the Python predecessor's simulator. */
  readonly port?: number;
}

/** A simulator that listens. */
export interface Simulator {
  readonly port: number;
  /** Where the three steps are. */
  readonly urls: { readonly auth: string; readonly login: string; readonly download: string };
  /** The settings with which a runner uses it. */
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts the simulated service. Rejects as {@link serveHttp} does when the port cannot be had. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = "127.0.0.1", port = 8087, credentials = simulatorCredentials } = options;
  const app = createSimulatorApp(options);
  const server = await serveHttp((request) => app.fetch(request), { host, port });

  const origin = `http://${reachable(host)}:${server.port}`;
  const urls = {
    auth: origin + simulatorPaths.auth,
    login: origin + simulatorPaths.login,
    download: origin + simulatorPaths.download,
  };
  return {
    port: server.port,
    urls,
    environment: {
      AUTH_URL: urls.auth,
      AUTH_CLIENT_ID: credentials.clientId,
      AUTH_CLIENT_SECRET: credentials.clientSecret,
      AUTH_USERNAME: credentials.username,
      AUTH_PASSWORD: credentials.password,
      LOGIN_URL: urls.login,
      LOGIN_BORDER_POST_ID: "1",
      LOGIN_BOX_ID: "BOX-01",
      LOGIN_PASSENGER_CONTROL_TYPE: "1",
      DOWNLOAD_URL: urls.download,
    },
    close: () => server.close(),
  };
}

/** The address by which this machine reaches a server that listens on `host`. */
function reachable(host: string): string {
  if (host === "0.0.0.0" || host === "") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
