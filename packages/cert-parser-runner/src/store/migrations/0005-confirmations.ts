/**
 * What a run needs that finds nothing new: the validators to ask with, and totals that outlive the log of runs.
 *
 * @module
 */

import { comments, type Migration } from "./migration.ts";

/** The fifth version: validators of the last bundle, and totals of runs. */
export const confirmationsMigration: Migration = {
  version: 5,
  name: "confirmations",
  statements: [
    `alter table certs.sources
      add column etag text check (octet_length(etag) between 1 and 2048),
      add column last_modified text check (octet_length(last_modified) between 1 and 2048)`,
    ...comments("sources", "Where lists come from, and what each last gave that was accepted.", {
      etag: "ETag that came with the last accepted bundle, as it was; null where none did.",
      last_modified: "Last-Modified that came with the last accepted bundle, as it was; null where none did.",
      last_seen: "When the last accepted bundle was last seen to be what the source gives.",
    }),
    ...comments("source_bundles", "Which source gave which bundle, and how it was judged.", {
      last_seen: "When the source last gave it, or said that it has no other.",
    }),

    `create table certs.run_totals (
      outcome text not null check (outcome in ('applied', 'unchanged', 'failed')),
      stage text,
      code text,
      runs bigint not null check (runs > 0),
      check (num_nulls(stage, code) = case when outcome = 'failed' then 0 else 2 end),
      unique nulls not distinct (outcome, stage, code)
    )`,
    `insert into certs.run_totals (outcome, stage, code, runs)
      select outcome, stage, code, count(*) from certs.runs group by outcome, stage, code`,
    ...comments(
      "run_totals",
      "How many runs of all sources ended how, since ever: also those no longer in runs.",
      {
        outcome: "applied, unchanged or failed.",
        stage: "Where failed runs stopped; null for others.",
        code: "Code at the pipeline's edge of failed runs; null for others.",
        runs: "How many.",
      },
    ),
    // The last accepted run is asked for at every look at the store, and may lie behind many that failed.
    `create index runs_source_accepted on certs.runs (source, finished_at desc) where outcome <> 'failed'`,
    ...comments(
      "runs",
      "Runs that reached their end, well or not. Those that changed the store are kept for ever, others for 400 days: " +
        "each run that is recorded removes what its source has that is older (a failed run only failed ones).",
      {},
    ),
  ],
};
