/**
 * The lock on a data directory: two processes on one PGlite directory lose data.
 *
 * The lock is a file that says who holds it. One whose holder is gone is taken over.
 *
 * @module
 */

import { open, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { storeError } from "../store-error.ts";

/** A lock that is held. */
export interface DirectoryLock {
  /** Lets go; a lock that another process took over meanwhile is left alone. */
  release(): Promise<void>;
}

/** Locks the directory. Throws `STORE_LOCKED`, naming the process, where another one holds it. */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, lockName);
  const token = crypto.randomUUID();
  const holder: Holder = {
    pid: process.pid,
    started: await startOfProcess(process.pid),
    host: hostname(),
    since: new Date().toISOString(),
    token,
  };

  while (!(await create(path, JSON.stringify(holder)))) await clearStaleLock(path);

  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();

  return {
    async release() {
      clearInterval(heartbeat);
      if ((await readHolder(path))?.token === token) await rm(path, { force: true });
    },
  };
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** Removes a lock whose holder is gone, and throws where it is not. */
async function clearStaleLock(path: string): Promise<void> {
  const holder = await readHolder(path);
  const quietMs = await sinceHeartbeat(path);
  if (quietMs === undefined) return;
  if (await isHeld(holder, quietMs)) {
    const who = holder === undefined ? "another process" : `process ${holder.pid} on ${holder.host}`;
    throw storeError(
      "STORE_LOCKED",
      `${who} has the data directory open: stop it, give this one another directory, or use PostgreSQL (${path})`,
    );
  }

  // Moved aside rather than removed: another process may have taken the lock over since it was read.
  const aside = `${path}.${crypto.randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved?.token === holder?.token) await rm(aside, { force: true });
  else await rename(aside, path);
}

async function isHeld(holder: Holder | undefined, quietMs: number): Promise<boolean> {
  // Without a holder: either it is being written at this moment, or its writer died over it.
  if (holder === undefined) return quietMs < writingMs;
  // Of another machine or container we see no processes, only whether the file is still being touched.
  if (holder.host !== hostname()) return quietMs < silenceMs;
  return isAlive(holder.pid) && (await startOfProcess(holder.pid)) === holder.started;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there, and belongs to someone else.
    return hasCode(error, "EPERM");
  }
}

/**
 * When a process began, in a form that only compares: a number is given to another process sooner or later, and in a
 * container the first one is always 1. Null where the system does not tell; then the number alone decides.
 */
async function startOfProcess(pid: number): Promise<string | null> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, "utf8");
    // proc_pid_stat(5): the name, in parentheses, may hold spaces; field 22 is the start in ticks since boot.
    const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
    return fields[19] ?? null;
  } catch {
    return null;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(await readFile(path, "utf8")));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** Milliseconds since the holder last touched the file; undefined where it is gone. */
async function sinceHeartbeat(path: string): Promise<number | undefined> {
  try {
    return Date.now() - (await stat(path)).mtimeMs;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

type Holder = v.InferOutput<typeof holderSchema>;

const holderSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  started: v.nullable(v.string()),
  host: v.string(),
  since: v.string(),
  token: v.string(),
});

const lockName = "store.lock";
const heartbeatMs = 10_000;
const writingMs = 2_000;
// Six beats: PGlite may keep the event loop for seconds while it works.
const silenceMs = 60_000;
