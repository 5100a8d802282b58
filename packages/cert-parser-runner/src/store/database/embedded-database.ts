/**
 * PGlite in a directory, for one process at a time.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { type ClientConfigurationInput, createPool } from "slonik";
import { isStoreError, storeError } from "../store-error.ts";
import { lockDirectory } from "./directory-lock.ts";
import type { Database } from "./open-handle.ts";
import { createPgliteDriverFactory } from "./pglite-driver.ts";
import type { StoreLocation } from "./store-location.ts";

/** Opens the database in the directory, making both where they do not exist. Throws a `StoreError`. */
export async function openEmbeddedDatabase(
  directory: string,
  configuration: ClientConfigurationInput,
): Promise<Database> {
  const location: StoreLocation = { kind: "embedded", directory: resolve(directory) };
  try {
    return await openLocked(location, configuration);
  } catch (error) {
    if (isStoreError(error)) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw storeError(
      "STORE_DIRECTORY",
      `the data directory ${location.directory} cannot be used: ${why}`,
      error,
    );
  }
}

/** Not mkdir's own `recursive`, which never ends where a directory can be opened but holds nothing new, as in /proc. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    if (code !== "ENOENT" || existsSync(dirname(directory))) throw error;
    await makeDirectory(dirname(directory));
    await mkdir(directory, { mode: 0o700 });
  }
}

async function openLocked(
  location: Extract<StoreLocation, { kind: "embedded" }>,
  configuration: ClientConfigurationInput,
): Promise<Database> {
  const { directory } = location;
  await makeDirectory(directory);
  const lock = await lockDirectory(directory);
  try {
    // Beside the lock, since PostgreSQL wants a directory of its own.
    const engine = await PGlite.create(join(directory, "pgdata"));
    const pool = await createPool("", {
      ...configuration,
      driverFactory: createPgliteDriverFactory(engine),
      // There is one session; a second connection would find itself inside the first one's transaction.
      maxPoolSize: 1,
    });
    pool.on("error", () => {});
    const close = async (): Promise<void> => {
      await pool.end();
      await engine.close();
      await lock.release();
    };
    return { pool, location, close };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
