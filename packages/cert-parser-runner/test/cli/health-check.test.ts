import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type CliOptions, type Ended, startProcess } from "./run-cli.ts";

const script = join(import.meta.dirname, "../../src/cli/health-check.ts");

/** Runs the check beside a server. */
async function checkBeside(
  answer: RequestListener,
  env: (port: number) => NonNullable<CliOptions["env"]>,
  args: (port: number) => readonly string[] = () => [],
): Promise<Ended> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    return await startProcess(process.execPath, [script, ...args(port)], { env: env(port) }).ended;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const status =
  (code: number): RequestListener =>
  ({ url }, response) =>
    response.writeHead(url === "/health" ? code : 404).end("told");

describe("the health check of the image", () => {
  test("ends with 0 where /health answers 200, and prints what it says", async () => {
    const { code, stdout } = await checkBeside(status(200), (port) => ({ PORT: String(port) }));
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "200 told\n" });
  });

  test("ends with 1 where it answers 503", async () => {
    const { code, stdout } = await checkBeside(status(503), (port) => ({ PORT: String(port) }));
    assert.deepEqual({ code, stdout }, { code: 1, stdout: "503 told\n" });
  });

  for (const HOST of ["0.0.0.0", "127.0.0.1", "localhost", ""]) {
    test(`asks where the service listens: HOST=${HOST}`, async () => {
      const { code } = await checkBeside(status(200), (port) => ({ HOST, PORT: ` ${port} ` }));
      assert.equal(code, 0);
    });
  }

  test("asks the URL that it is given", async () => {
    const { code, stdout } = await checkBeside(
      (request, response) => response.end(request.url),
      () => ({}),
      (port) => [`http://127.0.0.1:${port}/ready?strict`],
    );
    assert.deepEqual({ code, stdout }, { code: 0, stdout: "200 /ready?strict\n" });
  });

  test("ends with 1 where nobody listens, and says so", async () => {
    const { code, stdout } = await startProcess(process.execPath, [script, "http://127.0.0.1:9/health"])
      .ended;
    assert.equal(code, 1);
    assert.match(stdout, /^no answer from http:\/\/127\.0\.0\.1:9\/health: /);
  });

  test("ends with 1, before the image's own timeout of 5 s, where nobody answers", async () => {
    const begun = performance.now();
    const { code } = await checkBeside(
      () => undefined,
      (port) => ({ PORT: String(port) }),
    );
    assert.equal(code, 1);
    assert.ok(performance.now() - begun < 5000);
  });
});
