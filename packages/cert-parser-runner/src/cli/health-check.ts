/**
 * What the image's HEALTHCHECK runs: exit 0 where the service on this machine says that it is alive, 1 otherwise.
 *
 * It goes by HOST and PORT, or asks the URL that it is given. ROOT_PATH is not needed: the routes answer without it too.
 *
 * @module
 */

import process from "node:process";

// Less than the image gives the check.
const timeoutMs = 4000;
const { HOST: host = "", PORT: port = "" } = process.env;
const url = process.argv[2] ?? `http://${reachable(host.trim())}:${port.trim() || "8000"}/health`;

try {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  // Docker keeps what is printed here with the container's state.
  process.stdout.write(`${answer.status} ${(await answer.text()).slice(0, 200)}\n`);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  const { message, cause } = error as Error;
  process.stdout.write(`no answer from ${url}: ${cause instanceof Error ? cause.message : message}\n`);
  process.exitCode = 1;
}

/** The address by which this machine reaches a service that listens on `host`. */
function reachable(host: string): string {
  if (host === "" || host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") ? `[${host}]` : host;
}
