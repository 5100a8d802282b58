/**
 * What a machine's clock can be compared with.
 *
 * @module
 */

import { type CommonQueryMethods, sql } from "slonik";
import * as v from "valibot";

/** Times that do not come from this machine's clock. */
export interface StoreClock {
  /** Now, by the database. */
  readonly now: Date;
  /** When the latest accepted list or CRL was signed; null in an empty store. */
  readonly latestSigned: Date | null;
}

/** Reads the database's clock, and the latest time that a state has signed. */
export async function readClock(connection: CommonQueryMethods): Promise<StoreClock> {
  const { now, latest_signed: latestSigned } = await connection.one(sql.type(clockRow)`
    select (extract(epoch from clock_timestamp()) * 1000)::float8 as now,
      (extract(epoch from greatest(
        (select max(signing_time) from certs.editions),
        (select max(this_update) from certs.revocation_lists where verdict = 'accepted')
      )) * 1000)::float8 as latest_signed
  `);
  return { now: new Date(now), latestSigned: latestSigned === null ? null : new Date(latestSigned) };
}

const clockRow = v.object({ now: v.number(), latest_signed: v.nullable(v.number()) });
