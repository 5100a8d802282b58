/**
 * `serve` as an operator starts it: in a process of its own, with the settings in its environment.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The sources as they are, or what `npm run build` made of them: that is what an image has. */
export type Form = "sources" | "built";

/** A `serve` that listens. */
export interface Served {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process until `GET /ready` answered 200. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Starts it on a free port and waits until it is ready. What it writes as it fails comes with the error. */
export function startServe(
  environment: Readonly<Record<string, string>>,
  form: Form = "sources",
): Promise<Served> {
  const runner = join(import.meta.dirname, "../packages/cert-parser-runner");
  const program =
    form === "built"
      ? [join(runner, "dist/cli.js")]
      : ["--conditions=cert-parser-source", join(runner, "src/cli.ts")];
  return startProgram([...program, "serve"], { HOST: "127.0.0.1", PORT: "0", ...environment }, "/ready");
}

/** Starts a program of Node that writes `{"port":1234}` or logs as `serve` does, and waits until `path` answers 200. */
export async function startProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  path: string,
): Promise<Served> {
  const begun = performance.now();
  const child = spawn(process.execPath, args, {
    cwd: import.meta.dirname,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written: string[] = [];
  const port = Promise.withResolvers<number>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      written.push(line);
      const found = portOf(line);
      if (found !== null) port.resolve(found);
    });
  }
  child.once("exit", (code) => port.reject(new Error(`ended with ${code}:\n${written.join("\n")}`)));
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  };

  try {
    const url = `http://127.0.0.1:${await port.promise}`;
    while (!(await answers(url + path))) {
      if (performance.now() - begun > 60_000 || child.exitCode !== null)
        throw new Error(`not ready:\n${written.join("\n")}`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return { url, pid: child.pid ?? 0, readyMs: performance.now() - begun, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Asks for a run and waits until it has ended. */
export async function triggerRun(url: string, token: string): Promise<{ readonly outcome: string }> {
  const started = await fetch(`${url}/trigger`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
  });
  const { execution_id } = (await started.json()) as { execution_id?: string };
  if (started.status !== 202) throw new Error(`POST /trigger answered ${started.status}`);
  for (;;) {
    const info = (await (await fetch(`${url}/info`)).json()) as {
      readonly last_run: { readonly execution_id: string; readonly outcome: string } | null;
    };
    const { last_run } = info;
    if (last_run !== null && last_run.execution_id === execution_id) return last_run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The database has a port as well, and is named when the service has started. */
function portOf(line: string): number | null {
  const listening = line.includes('"service.listening"') || line.startsWith('{"port":');
  const [, port = ""] = (listening ? /"port":(\d+)/ : /"url":"http:\/\/[^"/]+:(\d+)"/).exec(line) ?? [];
  return port === "" ? null : Number(port);
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url);
    await answer.body?.cancel();
    return answer.status === 200;
  } catch {
    return false;
  }
}
