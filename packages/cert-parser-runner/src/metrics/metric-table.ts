/**
 * Every metric by name: here are the names that dashboards and alerts rely on.
 *
 * @module
 */

/** One metric, as Prometheus is told of it. */
export interface MetricRow<Label extends string = string> {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels: readonly Label[];
  readonly help: string;
  /** Upper bounds of a histogram's buckets, in the unit of its name. */
  readonly buckets?: readonly number[];
}

/** What the runs of this process count; it begins at zero when the process does. */
export const runMetricRows = {
  runs: {
    name: "cert_parser_runs_total",
    type: "counter",
    labels: ["outcome", "stage", "code"],
    help: "Runs that ended: applied, partial, unchanged, pending, refused, failed or cancelled; partial applied what was accepted, and the rest is quarantined; stage and code tell where and why a run stopped.",
  },
  runDuration: {
    name: "cert_parser_run_duration_seconds",
    type: "histogram",
    labels: ["outcome"],
    help: "How long runs took, from the first stage to the end.",
    buckets: [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900],
  },
  stageDuration: {
    name: "cert_parser_stage_duration_seconds",
    type: "histogram",
    labels: ["stage"],
    help: "How long the stages took that reached their end.",
    buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
  },
  runInProgress: {
    name: "cert_parser_run_in_progress",
    type: "gauge",
    labels: [],
    help: "1 while a run is in progress.",
  },
  consecutiveFailures: {
    name: "cert_parser_consecutive_failed_runs",
    type: "gauge",
    labels: [],
    help: "Runs in a row of which nothing was accepted: failed, refused or waiting for approval; cancelled ones do not count.",
  },
  lastRun: {
    name: "cert_parser_last_run_timestamp_seconds",
    type: "gauge",
    labels: ["outcome"],
    help: "When the last run with this outcome ended, in seconds since 1970.",
  },
  downloadedBytes: {
    name: "cert_parser_downloaded_bytes_total",
    type: "counter",
    labels: [],
    help: "Bytes of the bundles that were downloaded to their end.",
  },
  notModified: {
    name: "cert_parser_downloads_not_modified_total",
    type: "counter",
    labels: [],
    help: "Downloads that the service answered with word that there is no newer bundle.",
  },
  retries: {
    name: "cert_parser_retries_total",
    type: "counter",
    labels: ["step", "reason"],
    help: "Attempts at a step of the download that failed and were made again.",
  },
  refusals: {
    name: "cert_parser_refusal_reasons_total",
    type: "counter",
    labels: ["code"],
    help: "Reasons for which lists were refused or wait for approval, each once for each list; one list may count under several.",
  },
  lastRunRejections: {
    name: "cert_parser_last_run_rejections",
    type: "gauge",
    labels: ["kind", "code"],
    help: "Certificates and CRLs that could not be read, in the last bundle that was read, whether accepted or not.",
  },
  lastRunFindings: {
    name: "cert_parser_last_run_findings",
    type: "gauge",
    labels: ["code"],
    help: "Deviations from the standards in the last bundle that was read and accepted.",
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** What the store holds and the service does: as good after a restart as before. */
export const stateMetricRows = {
  up: {
    name: "cert_parser_up",
    type: "gauge",
    labels: [],
    help: "Always 1 while the service answers. Its version is told by /info alone.",
  },
  storeReachable: {
    name: "cert_parser_store_reachable",
    type: "gauge",
    labels: [],
    help: "1 when the store answered when it was last asked. While 0, figures of the store are those of its last answer.",
  },
  schedulerRunning: {
    name: "cert_parser_scheduler_running",
    type: "gauge",
    labels: [],
    help: "1 as long as another run will be due some time.",
  },
  nextRun: {
    name: "cert_parser_next_run_timestamp_seconds",
    type: "gauge",
    labels: [],
    help: "When the next run is due, in seconds since 1970; absent when none is.",
  },
  interval: {
    name: "cert_parser_schedule_interval_seconds",
    type: "gauge",
    labels: [],
    help: "Longest time between two regular runs.",
  },
  certificates: {
    name: "cert_parser_certificates",
    type: "gauge",
    labels: ["country", "role"],
    help: "Distinct certificates that sources list now; country is empty where a certificate names none, and other beyond the 300 largest.",
  },
  certificatesExpired: {
    name: "cert_parser_certificates_expired",
    type: "gauge",
    labels: [],
    help: "Certificates listed now that have expired; lists keep them for old passports.",
  },
  certificatesExpiring: {
    name: "cert_parser_certificates_expiring",
    type: "gauge",
    labels: ["within_days"],
    help: "Certificates listed now that expire within 30, 90 or 365 days, each span with the shorter ones.",
  },
  crls: {
    name: "cert_parser_crls",
    type: "gauge",
    labels: [],
    help: "CRLs that sources give now.",
  },
  revoked: {
    name: "cert_parser_revoked_certificates",
    type: "gauge",
    labels: [],
    help: "Entries of those CRLs.",
  },
  rejections: {
    name: "cert_parser_stored_rejections",
    type: "gauge",
    labels: ["code"],
    help: "Parts of the stored bundles, one of each source, that could not be read.",
  },
  findings: {
    name: "cert_parser_stored_findings",
    type: "gauge",
    labels: ["code"],
    help: "Deviations from the standards in the stored bundles, one of each source.",
  },
  recordedRuns: {
    name: "cert_parser_recorded_runs_total",
    type: "counter",
    labels: ["outcome", "stage", "code"],
    help: "Runs of all processes that the store was told of, ever: a restart does not set this back.",
  },
  crlExpiry: {
    name: "cert_parser_crl_expires_in_seconds",
    type: "gauge",
    labels: [],
    help: "Time until the first of those CRLs is due to be replaced; negative when it is overdue.",
  },
  unapprovedPublishers: {
    name: "cert_parser_unapproved_publishers",
    type: "gauge",
    labels: [],
    help: "Publishers that were trusted on first use and have not been approved.",
  },
  unverifiedCertificates: {
    name: "cert_parser_unverified_certificates",
    type: "gauge",
    labels: [],
    help: "Certificates that sources list now and whose signatures were not verified: TRUST_MODE was off.",
  },
  unsignedCertificates: {
    name: "cert_parser_unsigned_certificates",
    type: "gauge",
    labels: [],
    help: "Unsigned certificates that sources list now.",
  },
  quarantinedBundles: {
    name: "cert_parser_quarantined_bundles",
    type: "gauge",
    labels: ["outcome"],
    help: "Quarantined bundles: refused, or pending until an operator approves.",
  },
  lastRollover: {
    name: "cert_parser_last_rollover_timestamp_seconds",
    type: "gauge",
    labels: [],
    help: "When a publisher last rolled over to another key, in seconds since 1970; absent where none has.",
  },
  sourceCertificates: {
    name: "cert_parser_source_certificates",
    type: "gauge",
    labels: ["source"],
    help: "Certificates that the source lists now.",
  },
  listAge: {
    name: "cert_parser_list_age_seconds",
    type: "gauge",
    labels: ["source"],
    help: "Time since the source's list was signed; absent where the list does not say.",
  },
  lastAcceptedAge: {
    name: "cert_parser_last_accepted_run_age_seconds",
    type: "gauge",
    labels: ["source"],
    help: "Time since the last run that applied or confirmed the source's list; absent before the first.",
  },
  signerExpiry: {
    name: "cert_parser_signer_expires_in_seconds",
    type: "gauge",
    labels: ["source"],
    help: "Time until the first signer in the envelope of the source's list expires; negative afterwards.",
  },
  anchorExpiry: {
    name: "cert_parser_anchor_expires_in_seconds",
    type: "gauge",
    labels: ["source"],
    help: "Time until the first CSCA certificate in the envelope of the source's list expires; negative afterwards.",
  },
} as const satisfies Readonly<Record<string, MetricRow>>;

/** Figures of the process, where the runtime has them: Node has them all, on Linux. */
export const processMetricRows: readonly MetricRow[] = [
  gaugeOrCounter("process_cpu_user_seconds_total", "Processor time spent in this program's own code."),
  gaugeOrCounter("process_cpu_system_seconds_total", "Processor time spent in the kernel for this program."),
  gaugeOrCounter("process_cpu_seconds_total", "Both of these together."),
  gaugeOrCounter("process_start_time_seconds", "When the process started, in seconds since 1970."),
  gaugeOrCounter("process_resident_memory_bytes", "Memory that the process occupies."),
  gaugeOrCounter("process_virtual_memory_bytes", "Address space that the process has reserved."),
  gaugeOrCounter("process_heap_bytes", "Size of the data segment of the process."),
  gaugeOrCounter("process_open_fds", "Open files and sockets."),
  gaugeOrCounter("process_max_fds", "How many files and sockets may be open."),
  gaugeOrCounter("nodejs_eventloop_lag_seconds", "How late the event loop was when it was asked."),
  ...["max", "p50", "p90", "p99"].map((figure) =>
    gaugeOrCounter(
      `nodejs_eventloop_lag_${figure}_seconds`,
      `Delay between two turns of the event loop since the last scrape, 10 ms of which is the sampling itself: ${figure}.`,
    ),
  ),
  gaugeOrCounter(
    "nodejs_active_resources",
    "What keeps the event loop alive: sockets, timers, requests, by type.",
    ["type"],
  ),
  gaugeOrCounter("nodejs_heap_size_total_bytes", "Size of the JavaScript heap."),
  gaugeOrCounter("nodejs_heap_size_used_bytes", "How much of the JavaScript heap is in use."),
  gaugeOrCounter("nodejs_external_memory_bytes", "Memory of objects outside the JavaScript heap."),
  {
    name: "nodejs_gc_duration_seconds",
    type: "histogram",
    labels: ["kind"],
    help: "How long garbage collections took, by kind.",
  },
];

/** All of them, in the order of the exposition. */
export const metricTable: readonly MetricRow[] = [
  ...Object.values(runMetricRows),
  ...Object.values(stateMetricRows),
  ...processMetricRows,
];

function gaugeOrCounter(name: string, help: string, labels: readonly string[] = []): MetricRow {
  return { name, type: name.endsWith("_total") ? "counter" : "gauge", labels, help };
}
