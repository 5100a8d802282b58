/**
 * A TCP proxy that spoils connections as it is told, knowing nothing of what goes through it.
 *
 * @module
 */

import { type AddressInfo, createServer, type Server, type Socket, connect as tcpConnect } from "node:net";

/** What becomes of a connection. Bytes are counted from the first one after the marker. */
export type TcpFault =
  /** Nothing. */
  | { readonly kind: "pass" }
  /** A reset, after so many bytes were let through. */
  | (Place & { readonly kind: "reset" })
  /** An orderly end after so many bytes, as though all had been sent. */
  | (Place & { readonly kind: "truncate" })
  /** Silence on both sides after so many bytes: what is sent is taken, and goes nowhere. */
  | (Place & { readonly kind: "black-hole" })
  /** One byte every `everyMs`, after so many bytes. */
  | (Place & { readonly kind: "drip"; readonly everyMs: number })
  /** One bit of the byte at this place is turned over. */
  | (Place & { readonly kind: "corrupt" })
  /** The `length` bytes from this place on are sent twice. */
  | (Place & { readonly kind: "duplicate"; readonly length: number });

/** Where in a stream. */
export interface Place {
  /** Which stream; default: `answer`. */
  readonly in?: "request" | "answer";
  /** Default: 0. */
  readonly at?: number;
  /** Text that must come before; default: none. */
  readonly after?: string;
  /** Asked when the place is reached: false lets the connection pass after all. */
  readonly when?: () => boolean;
}

/** A proxy that listens on a free port of 127.0.0.1. */
export interface TcpProxy {
  readonly port: number;
  /** Connections so far on which something was asked. */
  readonly connections: number;
  /** Says what becomes of the connection with this number, from 1; default: all pass. */
  spoil(choose: (connection: number) => TcpFault): void;
  /** Cuts the connections that no bytes go through any more. */
  hangUp(): void;
  /** Cuts all connections and refuses new ones. */
  refuse(): Promise<void>;
  /** Takes connections again. */
  accept(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a proxy to a port of 127.0.0.1. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const joined: Connection[] = [];
  let choose: (connection: number) => TcpFault = () => ({ kind: "pass" });
  let connections = 0;

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("close", () => sockets.delete(socket));
    // A connection that breaks is what this is for.
    socket.on("error", () => undefined);
    return socket;
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    // Fetch opens a connection in reserve after an abort, and may never use it.
    keep(client).once("data", (first: Buffer) => {
      client.pause();
      client.unshift(first);
      connections += 1;
      const target = tcpConnect({ port: targetPort, host: "127.0.0.1", allowHalfOpen: true });
      joined.push(joinSockets(client, keep(target), choose(connections)));
      client.resume();
    });
  });

  const refuse = async () => {
    const closed = server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const port = await listen(server, 0);
  return {
    port,
    get connections() {
      return connections;
    },
    spoil(chooser) {
      choose = chooser;
    },
    hangUp() {
      for (const { client, target, swallowing } of joined) {
        if (!swallowing) continue;
        client.destroy();
        target.destroy();
      }
    },
    refuse,
    accept: async () => {
      await listen(server, port);
    },
    close: refuse,
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function joinSockets(client: Socket, target: Socket, fault: TcpFault): Connection {
  const connection: Connection = { client, target, swallowing: false };
  const spoiled = fault.kind === "pass" ? undefined : (fault.in ?? "answer");
  forward(client, target, connection, spoiled === "request" ? fault : undefined);
  forward(target, client, connection, spoiled === "answer" ? fault : undefined);
  return connection;
}

interface Connection {
  readonly client: Socket;
  readonly target: Socket;
  swallowing: boolean;
}

function forward(from: Socket, to: Socket, connection: Connection, fault: TcpFault | undefined): void {
  const spoil =
    fault === undefined || fault.kind === "pass" ? undefined : createSpoiler(fault, connection, to);
  from.on("data", (chunk: Buffer) => {
    if (connection.swallowing) return;
    if (spoil === undefined) to.write(chunk);
    else spoil(chunk);
  });
  from.on("end", () => connection.swallowing || to.end());
  // A reset on one side is a reset on the other.
  from.on("error", () => connection.swallowing || to.resetAndDestroy());
  from.on("close", () => connection.swallowing || to.end());
}

/** Lets bytes through up to the place of the fault, and then has it happen, once. */
function createSpoiler(
  fault: Exclude<TcpFault, { kind: "pass" }>,
  connection: Connection,
  to: Socket,
): (chunk: Buffer) => void {
  const { at = 0, after = "", when = () => true } = fault;
  let seen = Buffer.alloc(0);
  let place = after === "" ? at : -1;
  let happened = false;

  return (chunk) => {
    if (happened) return void to.write(chunk);
    const start = seen.length;
    seen = Buffer.concat([seen, chunk]);
    if (place < 0) {
      const marker = seen.indexOf(after, 0, "latin1");
      if (marker < 0) return void to.write(chunk);
      place = marker + after.length + at;
    }
    if (seen.length <= place) return void to.write(chunk);
    happened = true;
    if (!when()) return void to.write(chunk);
    const split = Math.max(0, place - start);
    if (split > 0) to.write(chunk.subarray(0, split));
    strike(fault, connection, to, chunk.subarray(split));
  };
}

/** Has the fault happen in front of these bytes. */
function strike(
  fault: Exclude<TcpFault, { kind: "pass" }>,
  connection: Connection,
  to: Socket,
  rest: Buffer,
): void {
  const { client, target } = connection;
  switch (fault.kind) {
    case "reset":
      connection.swallowing = true;
      // What was let through must arrive first: a reset overtakes it.
      setTimeout(() => {
        client.resetAndDestroy();
        target.resetAndDestroy();
      }, settleMs);
      return;
    case "truncate":
      connection.swallowing = true;
      client.end();
      target.end();
      setTimeout(() => {
        client.destroy();
        target.destroy();
      }, settleMs);
      return;
    case "black-hole":
      connection.swallowing = true;
      return;
    case "drip":
      connection.swallowing = true;
      drip(to, rest, fault.everyMs);
      return;
    case "corrupt":
      to.write(Buffer.concat([Buffer.of((rest[0] ?? 0) ^ 1), rest.subarray(1)]));
      return;
    case "duplicate":
      to.write(Buffer.concat([rest.subarray(0, fault.length), rest]));
  }
}

function drip(to: Socket, bytes: Buffer, everyMs: number): void {
  let at = 0;
  const timer = setInterval(() => {
    to.write(bytes.subarray(at, at + 1));
    at += 1;
  }, everyMs);
  to.on("close", () => clearInterval(timer));
}

const settleMs = 20;
