import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { serveHttp } from "../../src/http/serve.ts";

const loopback = { host: "127.0.0.1", port: 0 } as const;

describe("serveHttp", () => {
  test("answers on the free port that it names", async () => {
    const server = await serveHttp((request) => new Response(new URL(request.url).pathname), loopback);
    try {
      assert.ok(server.port > 0);
      const answer = await fetch(`http://127.0.0.1:${server.port}/a/b?c`);
      assert.equal(await answer.text(), "/a/b");
    } finally {
      await server.close();
    }
  });

  test("names the port that is in use and says what to change", async () => {
    const server = await serveHttp(() => new Response("first"), loopback);
    try {
      await assert.rejects(
        serveHttp(() => new Response("second"), { host: "127.0.0.1", port: server.port }),
        { code: "PORT_IN_USE", message: new RegExp(`port ${server.port} .*PORT`) },
      );
    } finally {
      await server.close();
    }
  });

  test("refuses an address of another machine by code", async () => {
    await assert.rejects(
      // TEST-NET-1 of RFC 5737: no machine has it.
      serveHttp(() => new Response(""), { host: "192.0.2.1", port: 0 }),
      { code: "ADDRESS_UNAVAILABLE" },
    );
  });

  test("lets an answer under way finish before it closes", async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await serveHttp(async () => {
      arrived();
      await held;
      return new Response("finished");
    }, loopback);
    const answer = fetch(`http://127.0.0.1:${server.port}/`);
    await arrival;
    const closed = server.close();
    release();
    assert.equal(await (await answer).text(), "finished");
    await closed;
    await assert.rejects(fetch(`http://127.0.0.1:${server.port}/`));
  });

  test("cuts off an answer that outlasts the grace", async () => {
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await serveHttp(
      () => {
        arrived();
        return new Promise<Response>(() => undefined);
      },
      { ...loopback, graceMs: 50 },
    );
    // Node and Bun drop the connection; Deno has no means to, and answers 503.
    const answer = fetch(`http://127.0.0.1:${server.port}/`).then(
      ({ status }) => status,
      () => 503,
    );
    await arrival;
    await server.close();
    assert.equal(await answer, 503);
  });

  test("leaves the runtime's own Request and Response in place", async () => {
    const before = [globalThis.Request, globalThis.Response];
    const server = await serveHttp(() => new Response(""), loopback);
    await server.close();
    assert.deepEqual([globalThis.Request, globalThis.Response], before);
  });

  test("may be closed twice", async () => {
    const server = await serveHttp(() => new Response(""), loopback);
    await Promise.all([server.close(), server.close()]);
  });
});
