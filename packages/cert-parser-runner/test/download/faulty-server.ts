/**
 * HTTP servers on this machine that misbehave as they are told.
 *
 * @module
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { TestContext } from "node:test";
import { untrustedCertificate, untrustedKey } from "./untrusted-certificate.ts";

/** A request that a server saw, with its body. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A server on a free port, and what it saw so far. */
export interface FaultyServer {
  readonly origin: string;
  readonly seen: readonly SeenRequest[];
}

/** Answers the request with this number, from 1. */
export type Answer = (response: ServerResponse, number: number, request: SeenRequest) => void;

/** Starts a server that ends with the test. */
export function startFaultyServer(t: TestContext, answer: Answer): Promise<FaultyServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = "", url = "", headers } = incoming;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") };
    seen.push(request);
    answer(response, seen.length, request);
  });
  return listen(t, server, "http", seen);
}

/** Starts an https server that signed its certificate itself. */
export function startUntrustedServer(t: TestContext): Promise<FaultyServer> {
  const seen: SeenRequest[] = [];
  const server = createTlsServer({ key: untrustedKey, cert: untrustedCertificate }, (incoming, response) => {
    const { method = "", url = "", headers } = incoming;
    seen.push({ method, path: url, headers, body: "" });
    response.end("0123");
  });
  return listen(t, server, "https", seen);
}

async function listen(
  t: TestContext,
  server: Server | TlsServer,
  scheme: string,
  seen: readonly SeenRequest[],
): Promise<FaultyServer> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  });
  return { origin: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** An origin where nothing listens: the port was free a moment ago. */
export async function deadOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return `http://127.0.0.1:${port}`;
}
