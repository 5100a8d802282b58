/**
 * An open database: the slonik pool, where it is, and how to close it.
 *
 * @module
 */

import type { DatabasePool } from "slonik";
import type { StoreLocation } from "./store-location.ts";

/** An open database. */
export interface Database {
  readonly pool: DatabasePool;
  readonly location: StoreLocation;
  /** Ends the pool, after the queries in progress; the embedded database and its lock go with it. */
  close(): Promise<void>;
}
