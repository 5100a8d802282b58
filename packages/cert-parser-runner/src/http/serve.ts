/**
 * Puts a `fetch(request)` handler on a port: on Node through @hono/node-server, on Deno and Bun as they do it themselves.
 *
 * @module
 */

import type { AddressInfo } from "node:net";

/** What answers a request: the shape that Hono, Deno and Bun share. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** Where to listen. */
export interface ServeHttpOptions {
  /** Address or host name, such as `0.0.0.0` or `127.0.0.1`. */
  readonly host: string;
  /** TCP port; 0 takes a free one. */
  readonly port: number;
  /** How long `close` waits for answers under way before it cuts them off. Default: 2,000 ms. */
  readonly graceMs?: number;
}

/** A server that listens. */
export interface HttpServer {
  /** The port that it listens on, also when 0 was asked for. */
  readonly port: number;
  /** Stops accepting, lets answers under way finish within the grace, and resolves when all is closed. */
  close(): Promise<void>;
}

/** Why a server could not listen: an `Error` with one of these codes. */
export type ListenErrorCode = "ADDRESS_UNAVAILABLE" | "PORT_FORBIDDEN" | "PORT_IN_USE" | "LISTEN_FAILED";

/**
 * Listens and answers with `handler`. Resolves when the port is open.
 *
 * Rejects with an `Error` whose `code` is a {@link ListenErrorCode} and whose message says what to change.
 */
export async function serveHttp(handler: FetchHandler, options: ServeHttpOptions): Promise<HttpServer> {
  const { host, port, graceMs = 2000 } = options;
  try {
    if (runtime.Deno !== undefined) return serveOnDeno(runtime.Deno, handler, { host, port, graceMs });
    if (runtime.Bun !== undefined) return serveOnBun(runtime.Bun, handler, { host, port, graceMs });
    return await serveOnNode(handler, { host, port, graceMs });
  } catch (cause) {
    throw listenError(host, port, cause);
  }
}

async function serveOnNode(handler: FetchHandler, options: Required<ServeHttpOptions>): Promise<HttpServer> {
  // Loaded here, since neither Deno nor Bun needs it.
  const [{ createServer }, { getRequestListener }] = await Promise.all([
    import("node:http"),
    import("@hono/node-server"),
  ]);
  const listener = getRequestListener((request) => handler(request), {
    hostname: options.host,
    // Its own Request and Response would take the place of the global ones, and break `instanceof` in ky.
    overrideGlobalObjects: false,
  });
  let closing = false;
  const server = createServer((incoming, outgoing) => {
    // A connection that was busy when the server closed would be kept alive until it times out.
    outgoing.once("close", () => closing && setImmediate(() => server.closeIdleConnections()));
    void listener(incoming, outgoing);
  });

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });

  const close = once(
    () =>
      new Promise<void>((resolve) => {
        closing = true;
        const cutOff = setTimeout(() => server.closeAllConnections(), options.graceMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        server.closeIdleConnections();
      }),
  );
  return { port: (server.address() as AddressInfo).port, close };
}

function serveOnDeno(
  deno: DenoRuntime,
  handler: FetchHandler,
  options: Required<ServeHttpOptions>,
): HttpServer {
  // `shutdown` waits for every answer, and to abort it meanwhile raises BadResource (Deno 2.9): so the answers are cut off here.
  const cutOff = Promise.withResolvers<Response>();
  const server = deno.serve(
    { hostname: options.host, port: options.port, onListen: () => undefined },
    (request) => Promise.race([handler(request), cutOff.promise]),
  );
  const close = once(async () => {
    const timer = setTimeout(
      () => cutOff.resolve(new Response("stopping", { status: 503 })),
      options.graceMs,
    );
    await server.shutdown();
    clearTimeout(timer);
  });
  return { port: server.addr.port, close };
}

function serveOnBun(bun: BunRuntime, handler: FetchHandler, options: Required<ServeHttpOptions>): HttpServer {
  const server = bun.serve({
    hostname: options.host,
    port: options.port,
    fetch: (request) => handler(request),
  });
  const close = once(async () => {
    const timer = setTimeout(() => void server.stop(true), options.graceMs);
    await server.stop();
    clearTimeout(timer);
  });
  return { port: server.port, close };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}

function listenError(host: string, port: number, cause: unknown): Error {
  const { code, name } = cause as { code?: unknown; name?: unknown };
  const found = reasons[String(code)] ?? reasons[String(name)] ?? "LISTEN_FAILED";
  const text: Record<ListenErrorCode, string> = {
    ADDRESS_UNAVAILABLE: `${host} is no address of this machine: change HOST`,
    PORT_FORBIDDEN: `port ${port} on ${host} is not open to this user: choose a PORT above 1023`,
    PORT_IN_USE: `port ${port} on ${host} is in use: stop the other program, or choose another PORT`,
    LISTEN_FAILED: `cannot listen on ${host} port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
  };
  return Object.assign(new Error(text[found], { cause }), { code: found });
}

// Node and Bun tell the reason by `code`, Deno by the name of the error's class.
const reasons: Readonly<Record<string, ListenErrorCode>> = {
  AddrInUse: "PORT_IN_USE",
  AddrNotAvailable: "ADDRESS_UNAVAILABLE",
  EACCES: "PORT_FORBIDDEN",
  EADDRINUSE: "PORT_IN_USE",
  EADDRNOTAVAIL: "ADDRESS_UNAVAILABLE",
  EAI_AGAIN: "ADDRESS_UNAVAILABLE",
  ENOTFOUND: "ADDRESS_UNAVAILABLE",
  PermissionDenied: "PORT_FORBIDDEN",
};

interface DenoRuntime {
  serve(
    options: { hostname: string; port: number; onListen: () => void },
    handler: FetchHandler,
  ): { readonly addr: { readonly port: number }; shutdown(): Promise<void> };
}

interface BunRuntime {
  serve(options: { hostname: string; port: number; fetch: FetchHandler }): {
    readonly port: number;
    stop(closeActiveConnections?: boolean): Promise<void>;
  };
}

const runtime = globalThis as { readonly Deno?: DenoRuntime; readonly Bun?: BunRuntime };
