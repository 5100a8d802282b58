/**
 * Every event that is logged, by name: here is what dashboards and alerts rely on.
 *
 * @module
 */

/** From the most to the least talkative. */
export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR";

/** What one event looks like. */
export interface LogEvent {
  /** The level or levels that it is written at; the last one is for when something is wrong. */
  readonly levels: readonly LogLevel[];
  /** The fields that it may carry, besides those of every entry and of {@link runFields}. */
  readonly fields: readonly string[];
  /** When it is written, for people. */
  readonly meaning: string;
}

const stageStarted = { levels: ["DEBUG"], fields: ["stage"], meaning: "a stage of a run begins" } as const;
const storeFields = [
  "added",
  "removed",
  "unchanged",
  "new_to_store",
  "crls_added",
  "revoked_added",
  "rejections_added",
] as const;
const rejection = {
  levels: ["WARNING"],
  fields: ["index", "found_in", "origin", "offset", "bytes", "sha256", "code", "reason_offset", "path"],
  meaning: "a part of the list that cannot be read: where it stands, and why; its neighbours are kept",
} as const;

const table = {
  "configuration.suspicious": {
    levels: ["WARNING"],
    fields: ["name"],
    meaning:
      "a setting that is probably not meant so: a name misspelled, or no DATABASE_DSN in a Kubernetes pod",
  },
  "service.listening": {
    levels: ["INFO"],
    fields: ["version", "host", "port"],
    meaning: "the routes answer; the store is yet to be opened",
  },
  "service.started": {
    levels: ["INFO"],
    fields: [
      "version",
      "url",
      "location",
      "schedule",
      "run_on_startup",
      "next_run",
      "signatures_verified",
      "duration_ms",
    ],
    meaning: "the store is open and the schedule runs",
  },
  "service.stopping": {
    levels: ["INFO", "WARNING"],
    fields: ["signal"],
    meaning: "a signal asks for the end; WARNING when not all was released in time",
  },
  "service.stopped": {
    levels: ["INFO"],
    fields: ["signal", "duration_ms"],
    meaning: "all is released",
  },
  "process.failed": {
    levels: ["ERROR"],
    fields: ["causes", "stack"],
    meaning: "unexpected error; the process exits with code 1",
  },
  "store.opened": {
    levels: ["DEBUG"],
    fields: ["schema_version", "location"],
    meaning: "the database answers, and its schema is up to date",
  },
  "store.migrated": {
    levels: ["INFO"],
    fields: ["version", "name"],
    meaning: "a migration of the schema was applied",
  },
  "store.unavailable": {
    levels: ["WARNING"],
    fields: ["code", "attempt", "delay_ms", "causes"],
    meaning: "the store cannot be opened yet; it is tried again after delay_ms",
  },
  "schedule.next": {
    levels: ["INFO"],
    fields: ["next_run"],
    meaning: "after each run: when the next one is due, which after a failure is soon",
  },
  "schedule.missed": {
    levels: ["INFO"],
    fields: ["last_run"],
    meaning: "a run came due while nobody was there, and is made up for now",
  },
  "schedule.skipped": {
    levels: ["WARNING"],
    fields: ["execution_id"],
    meaning: "a run came due while another went on, and is left out",
  },
  "schedule.failed": {
    levels: ["ERROR"],
    fields: ["cause"],
    meaning: "a run that was due could not be started: a fault of the program",
  },
  "pipeline.started": { levels: ["INFO"], fields: [], meaning: "a run begins" },
  "authentication.started": stageStarted,
  "login.started": stageStarted,
  "download.started": stageStarted,
  "parse.started": stageStarted,
  "verification.started": stageStarted,
  "store.started": stageStarted,
  "authentication.completed": {
    levels: ["INFO"],
    fields: ["stage", "duration_ms"],
    meaning: "the identity provider gave an access token",
  },
  "login.completed": {
    levels: ["INFO"],
    fields: ["stage", "duration_ms"],
    meaning: "the service gave its token",
  },
  "download.retried": {
    levels: ["WARNING"],
    fields: ["step", "attempt", "reason", "delay_ms"],
    meaning: "an attempt at one of the three steps failed, and another follows",
  },
  "download.completed": {
    levels: ["INFO"],
    fields: ["stage", "duration_ms", "modified", "bytes"],
    meaning: "the list has come, or the service has no newer one: modified is false",
  },
  "parse.completed": {
    levels: ["INFO"],
    fields: ["stage", "duration_ms", "kind", "certificates", "envelope_certificates", "crls", "rejected"],
    meaning: "the list was read",
  },
  "certificate.rejected": rejection,
  "crl.rejected": rejection,
  "deviation.rejected": rejection,
  "list.rejected": rejection,
  "verification.completed": {
    levels: ["INFO", "WARNING"],
    fields: ["stage", "duration_ms", "outcome", "reasons"],
    meaning: "the bundle was judged: outcome is accepted or, at WARNING, partial, pending or refused",
  },
  "object.unaccepted": {
    levels: ["WARNING"],
    fields: ["index", "outcome", "codes", "publisher", "country", "bundle_sha256"],
    meaning: "an object of the bundle that waits for an operator (outcome pending) or was refused, and why",
  },
  "store.completed": {
    levels: ["INFO"],
    fields: ["stage", "duration_ms", ...storeFields],
    meaning: "the store holds the list, or knows that it holds it still",
  },
  "pipeline.completed": {
    levels: ["INFO", "WARNING"],
    fields: [
      "outcome",
      "duration_ms",
      "bundle_sha256",
      "bytes",
      "certificates",
      "distinct",
      "countries",
      "crls",
      "revoked",
      "rejected",
      "findings",
      "signing_time",
      "judgment",
      "objects_accepted",
      "objects_pending",
      "objects_refused",
      "signatures_verified",
      ...storeFields,
    ],
    meaning:
      "a run reached its end: outcome is applied or unchanged; WARNING if not all of the bundle was accepted; no figures of a bundle if none came",
  },
  "pipeline.failed": {
    levels: ["WARNING", "ERROR"],
    fields: ["stage", "code", "reason", "duration_ms", "causes", "stack"],
    meaning: "a run stopped; WARNING when it was cancelled, the stack with DEBUG only",
  },
  "trust.unapproved": {
    levels: ["WARNING"],
    fields: ["publishers"],
    meaning: "after each run, until trust approve was run: publishers that were trusted on first use",
  },
  "trust.unverified": {
    levels: ["INFO", "WARNING"],
    fields: ["unverified", "unsigned"],
    meaning:
      "after each run: unsigned certificates are listed or, at WARNING, certificates whose signatures were not verified",
  },
  "trust.quarantined": {
    levels: ["WARNING"],
    fields: ["refused", "pending"],
    meaning: "after each run: bundles are quarantined",
  },
  "trust.weakened": {
    levels: ["WARNING"],
    fields: [],
    meaning: "at the start and in each run: TRUST_ALLOW_WEAK_ALGORITHMS lets SHA-1 and short keys pass",
  },
  "source.new": {
    levels: ["WARNING"],
    fields: ["others"],
    meaning:
      "a run of a source that the store does not know, though it holds others: its name may be misspelled",
  },
  "clock.skewed": {
    levels: ["WARNING"],
    fields: ["skew_ms"],
    meaning:
      "before a run: this machine's clock differs from the database's by over five minutes; above 0 it is ahead",
  },
  "clock.behind": {
    levels: ["WARNING"],
    fields: ["latest_signed"],
    meaning: "before a run: the store holds a list or CRL that was signed over a day after now",
  },
  "sync.ended": {
    levels: ["INFO", "WARNING", "ERROR"],
    fields: [
      "runs",
      "applied",
      "partial",
      "unchanged",
      "failed",
      "added",
      "removed",
      "rejected",
      "duration_ms",
    ],
    meaning:
      "the last line of the command sync: what its runs did together; WARNING if one was applied in part, ERROR if one failed",
  },
  "run.unrecorded": {
    levels: ["WARNING"],
    fields: ["execution_id", "cause"],
    meaning: "a failed run could not be recorded in the store",
  },
  "http.failed": {
    levels: ["ERROR"],
    fields: ["cause"],
    meaning: "a route failed: a fault of the program",
  },
  "simulator.started": {
    levels: ["INFO"],
    fields: ["urls", "bytes"],
    meaning: "the simulated service answers",
  },
  "simulator.request": {
    levels: ["DEBUG"],
    fields: ["method", "path", "status"],
    meaning: "the simulated service was asked something",
  },
  "simulator.stopped": { levels: ["INFO"], fields: ["signal"], meaning: "the simulated service has ended" },
} as const satisfies Readonly<Record<string, LogEvent>>;

/** The stable name of an event. */
export type LogEventName = keyof typeof table;

/** Every event, in the order in which docs show them. */
export const logEvents: Readonly<Record<LogEventName, LogEvent>> = table;

/** What every entry of a run carries, and `file` where its list is one. */
export const runFields = ["execution_id", "trigger", "source", "file"] as const;
