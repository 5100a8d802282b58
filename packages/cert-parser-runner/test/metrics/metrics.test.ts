import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { BundleJudgment, BundleSource, SyncError } from "cert-parser-core";
import { readFixture } from "cert-parser-fixtures";
import { metricTable, processMetricRows } from "../../src/metrics/metric-table.ts";
import { createMetrics, type Metrics } from "../../src/metrics/metrics.ts";
import { type MetricFamily, parseExposition, type Sample } from "./exposition.ts";
import { given, notModified, openRunBench, type RunBench, unreachable } from "./runs.ts";
import { daysAgo, now, sourceFigures, state, storedFigures } from "./state.ts";

const make = () => createMetrics({ now: () => now });

async function scrape(metrics: Metrics): Promise<ReadonlyMap<string, MetricFamily>> {
  return parseExposition((await metrics.text()).text);
}

/** The samples of a metric as `label=value,... -> value`. */
function series(families: ReadonlyMap<string, MetricFamily>, name: string): Readonly<Record<string, number>> {
  const family = families.get(name);
  assert.ok(family, `${name} is missing`);
  const key = ({ labels }: Sample) =>
    Object.entries(labels)
      .map(([label, value]) => `${label}=${value}`)
      .join(",");
  return Object.fromEntries(family.samples.map((sample) => [key(sample), sample.value]));
}

/** The samples that are not zero. */
function risen(families: ReadonlyMap<string, MetricFamily>, name: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(series(families, name)).filter(([, value]) => value !== 0));
}

describe("metrics of runs", () => {
  let bench: RunBench;
  before(async () => {
    bench = await openRunBench();
  });
  after(() => bench.close());

  test("every documented metric is there after a run, with its labels, and every metric is documented", async () => {
    const metrics = make();
    metrics.describe(state);
    metrics.retried({ step: "download", reason: "HTTP_503" });
    // No list of the fixtures has rejections and findings.
    await bench.run(given(readFixture("one-bad.ml")), metrics.observe);
    const rejecting = await scrape(metrics);
    await bench.run(given(readFixture("rarities.ml")), metrics.observe);
    const families = await scrape(metrics);

    assert.deepEqual([...families.keys()].sort(), metricTable.map(({ name }) => name).sort());
    const ofProcess = new Set(processMetricRows.map(({ name }) => name));
    for (const { name, type, labels, help } of metricTable) {
      const family = families.get(name);
      assert.equal(family?.type, type, name);
      const samples = [...(rejecting.get(name)?.samples ?? []), ...family.samples];
      if (!ofProcess.has(name)) {
        assert.equal(family.help, help, name);
        assert.notEqual(samples.length, 0, `${name} has no samples`);
      }
      for (const sample of samples) {
        const written = Object.keys(sample.labels).filter((label) => label !== "le");
        assert.deepEqual(written.sort(), labels.toSorted(), name);
      }
    }
  });

  test("a run that applies a list counts its stages, bytes, rejections and findings", async () => {
    const metrics = make();
    const bytes = readFixture("one-bad.ml");
    let rejections = 0;
    await bench.run(given(bytes), (event) => {
      metrics.observe(event);
      if (event.type === "part.rejected") rejections++;
    });
    const families = await scrape(metrics);
    const [[end = "", count] = []] = Object.entries(risen(families, "cert_parser_runs_total"));
    assert.match(end, /^outcome=(applied|unchanged),stage=,code=$/);
    assert.equal(count, 1);
    assert.deepEqual(series(families, "cert_parser_downloaded_bytes_total"), { "": bytes.length });
    const rejected = Object.values(series(families, "cert_parser_last_run_rejections"));
    assert.equal(
      rejected.reduce((sum, value) => sum + value, 0),
      rejections,
    );
    assert.equal(rejections, 1);
    const stages = families.get("cert_parser_stage_duration_seconds")?.samples ?? [];
    const ended = stages.filter(({ name, value }) => name.endsWith("_count") && value === 1);
    assert.deepEqual(
      ended.map(({ labels }) => labels.stage).filter((stage) => stage !== "verify"),
      ["download", "parse", "store"],
    );
    assert.deepEqual(series(families, "cert_parser_run_in_progress"), { "": 0 });
    assert.deepEqual(Object.values(series(families, "cert_parser_last_run_timestamp_seconds")), [
      now.getTime() / 1000,
    ]);
  });

  test("a run without a newer list is unchanged, and what the last one read still stands", async () => {
    const metrics = make();
    await bench.run(given(readFixture("one-bad.ml")), metrics.observe);
    const before = await scrape(metrics);
    const report = await bench.run(notModified, metrics.observe);
    assert.ok("outcome" in report && report.bundle === null, JSON.stringify(report));
    const families = await scrape(metrics);
    assert.deepEqual(series(families, "cert_parser_downloads_not_modified_total"), { "": 1 });
    assert.equal(series(families, "cert_parser_runs_total")["outcome=unchanged,stage=,code="] !== 0, true);
    for (const name of [
      "cert_parser_last_run_rejections",
      "cert_parser_last_run_findings",
      "cert_parser_downloaded_bytes_total",
    ]) {
      assert.deepEqual(series(families, name), series(before, name));
    }
  });

  test("a refused list is told apart from a failure, with the reasons", async () => {
    const metrics = make();
    await bench.run(given(readFixture("empty.ml")), metrics.observe);
    const families = await scrape(metrics);
    assert.deepEqual(risen(families, "cert_parser_runs_total"), {
      "outcome=refused,stage=verify,code=TRUST_ERROR": 1,
    });
    const reasons = risen(families, "cert_parser_refusal_reasons_total");
    assert.equal(reasons["code=TOO_FEW_CERTIFICATES"], 1);
    assert.equal("code=SIGNATURE_UNCHECKED" in reasons, false);
  });

  test("a list that waits for approval is told apart from one that is refused", async () => {
    const metrics = make();
    const identity = { executionId: "e", source: "s", trigger: "manual" };
    const message = "unknown publisher";
    const judgment: BundleJudgment = {
      outcome: "pending",
      reasons: [],
      objects: [{ outcome: "pending", reasons: [{ code: "PUBLISHER_UNKNOWN", weight: "pending", message }] }],
    };
    const error: SyncError = {
      ...identity,
      stage: "verify",
      code: "TRUST_ERROR",
      reason: "PUBLISHER_UNKNOWN",
      message,
      judgment,
    };
    metrics.observe({ ...identity, type: "pipeline.failed", error, durationMs: 1 });
    const families = await scrape(metrics);
    assert.deepEqual(risen(families, "cert_parser_runs_total"), {
      "outcome=pending,stage=verify,code=TRUST_ERROR": 1,
    });
    assert.deepEqual(risen(families, "cert_parser_refusal_reasons_total"), { "code=PUBLISHER_UNKNOWN": 1 });
  });

  test("a run that is applied in part is told apart, counts its reasons, and is no failure", async () => {
    const metrics = make();
    const identity = { executionId: "e", source: "s", trigger: "manual" };
    const message = "unknown publisher";
    const judgment: BundleJudgment = {
      outcome: "partial",
      reasons: [],
      objects: [
        { outcome: "accepted", reasons: [] },
        { outcome: "pending", reasons: [{ code: "PUBLISHER_UNKNOWN", weight: "pending", message }] },
      ],
    };
    const done = await bench.run(given(readFixture("one-bad.ml")), () => undefined);
    assert.ok("judgment" in done && "store" in done);
    const report = { ...done, ...identity, outcome: "applied", judgment } as const;
    metrics.observe({ ...identity, type: "pipeline.completed", report });
    const families = await scrape(metrics);
    assert.deepEqual(risen(families, "cert_parser_runs_total"), { "outcome=partial,stage=,code=": 1 });
    assert.deepEqual(risen(families, "cert_parser_refusal_reasons_total"), { "code=PUBLISHER_UNKNOWN": 1 });
    assert.equal(series(families, "cert_parser_consecutive_failed_runs")[""], 0);
  });

  test("failures in a row are counted until a run succeeds; a cancelled one says nothing", async () => {
    const metrics = make();
    const failures = async () => series(await scrape(metrics), "cert_parser_consecutive_failed_runs")[""];
    await bench.run(unreachable, metrics.observe);
    await bench.run(unreachable, metrics.observe);
    assert.equal(await failures(), 2);
    await bench.run(given(readFixture("one-bad.ml")), metrics.observe, AbortSignal.abort());
    assert.equal(await failures(), 2);
    await bench.run(given(readFixture("one-bad.ml")), metrics.observe);
    assert.equal(await failures(), 0);
    const ends = risen(await scrape(metrics), "cert_parser_runs_total");
    assert.equal(ends["outcome=failed,stage=download,code=EXTERNAL_SERVICE_ERROR"], 2);
    assert.equal(
      Object.entries(ends).filter(([end]) => end.startsWith("outcome=cancelled,stage=")).length,
      1,
    );
  });

  test("the rejections of one list do not count for the next", async () => {
    const metrics = make();
    await bench.run(given(readFixture("one-bad.ml")), metrics.observe);
    await bench.run(given(readFixture("empty.ml")), metrics.observe);
    assert.deepEqual(series(await scrape(metrics), "cert_parser_last_run_rejections"), {});
  });

  test("a run that goes on is seen as one", async () => {
    const metrics = make();
    const seen: (number | undefined)[] = [];
    const source = given(readFixture("one-bad.ml"));
    const slow: BundleSource = {
      async read(signal, progress) {
        seen.push(series(await scrape(metrics), "cert_parser_run_in_progress")[""]);
        return source.read(signal, progress);
      },
    };
    await bench.run(slow, metrics.observe);
    assert.deepEqual(seen, [1]);
  });
});

describe("counters", () => {
  test("stand at zero before anything happens, for what can be foreseen", async () => {
    const families = await scrape(make());
    const ends = series(families, "cert_parser_runs_total");
    assert.equal(ends["outcome=applied,stage=,code="], 0);
    assert.equal(ends["outcome=failed,stage=store,code=DATABASE_ERROR"], 0);
    assert.ok(Object.values(ends).every((value) => value === 0));
    assert.equal(series(families, "cert_parser_refusal_reasons_total")["code=SHRINK"], 0);
  });

  test("reasons of retries cannot grow without bound", async () => {
    const metrics = make();
    for (let status = 0; status < 1000; status++) {
      metrics.retried({ step: "login", reason: `HTTP_${status}` });
    }
    const retries = series(await scrape(metrics), "cert_parser_retries_total");
    assert.equal(Object.keys(retries).length, 101);
    assert.equal(retries["step=login,reason=other"], 900);
  });
});

describe("metrics of the state", () => {
  test("are absent before the first state, so that nothing passes for a measurement", async () => {
    const families = await scrape(make());
    assert.deepEqual(series(families, "cert_parser_up"), { "": 1 });
    for (const name of ["cert_parser_store_reachable", "cert_parser_scheduler_running", "cert_parser_crls"]) {
      assert.deepEqual(series(families, name), {}, name);
    }
  });

  test("are the figures of the store", async () => {
    const metrics = make();
    metrics.describe(state);
    const families = await scrape(metrics);
    const expected: Readonly<Record<string, Readonly<Record<string, number>>>> = {
      cert_parser_store_reachable: { "": 1 },
      cert_parser_scheduler_running: { "": 1 },
      cert_parser_unapproved_publishers: { "": 1 },
      cert_parser_unverified_certificates: { "": 6 },
      cert_parser_unsigned_certificates: { "": 8 },
      cert_parser_quarantined_bundles: { "outcome=refused": 2, "outcome=pending": 5 },
      cert_parser_last_rollover_timestamp_seconds: { "": daysAgo(3).getTime() / 1000 },
      cert_parser_next_run_timestamp_seconds: { "": now.getTime() / 1000 + 21_600 },
      cert_parser_schedule_interval_seconds: { "": 21_600 },
      cert_parser_certificates: {
        "country=DE,role=csca": 12,
        "country=DE,role=link": 5,
        "country=,role=unknown": 1,
      },
      cert_parser_certificates_expired: { "": 40 },
      cert_parser_certificates_expiring: { "within_days=30": 1, "within_days=90": 3, "within_days=365": 20 },
      cert_parser_crls: { "": 3 },
      cert_parser_revoked_certificates: { "": 1234 },
      cert_parser_stored_rejections: { "code=DER_SYNTAX": 2 },
      cert_parser_stored_findings: { "code=SERIAL_NEGATIVE": 7 },
      cert_parser_recorded_runs_total: {
        "outcome=applied,stage=,code=": 9,
        "outcome=failed,stage=download,code=EXTERNAL_SERVICE_ERROR": 2,
      },
      cert_parser_crl_expires_in_seconds: { "": 10 * 86_400 },
      cert_parser_source_certificates: { "source=icao-masterlist": 404 },
      cert_parser_list_age_seconds: { "source=icao-masterlist": 30 * 86_400 },
      cert_parser_last_accepted_run_age_seconds: { "source=icao-masterlist": 21_600 },
      cert_parser_signer_expires_in_seconds: { "source=icao-masterlist": 100 * 86_400 },
      cert_parser_anchor_expires_in_seconds: { "source=icao-masterlist": 1000 * 86_400 },
    };
    for (const [name, values] of Object.entries(expected))
      assert.deepEqual(series(families, name), values, name);
  });

  test("ages go on while the store is silent, and its figures stay", async () => {
    let instant = now;
    const metrics = createMetrics({ now: () => instant });
    metrics.describe(state);
    instant = daysAgo(-1);
    metrics.describe({ ...state, statistics: null, storeReachable: false });
    const families = await scrape(metrics);
    assert.deepEqual(series(families, "cert_parser_store_reachable"), { "": 0 });
    assert.deepEqual(series(families, "cert_parser_crls"), { "": 3 });
    assert.deepEqual(Object.values(series(families, "cert_parser_list_age_seconds")), [31 * 86_400]);
    assert.deepEqual(Object.values(series(families, "cert_parser_signer_expires_in_seconds")), [99 * 86_400]);
  });

  test("what is no longer in the store is no longer shown", async () => {
    const metrics = make();
    metrics.describe(state);
    const unknown = { signingTime: null, lastAccepted: null, signerNotAfter: null, anchorNotAfter: null };
    const statistics = {
      ...storedFigures,
      certificates: [{ country: "FR", role: "csca", count: 2 }],
      rejections: [],
      crls: { count: 0, revoked: 0, earliestNextUpdate: null },
      findings: [],
      sources: [{ ...sourceFigures, ...unknown, source: "other-list" }],
    };
    metrics.describe({ ...state, statistics, nextRun: null, intervalMs: null, schedulerRunning: false });
    const families = await scrape(metrics);
    assert.deepEqual(series(families, "cert_parser_certificates"), { "country=FR,role=csca": 2 });
    assert.deepEqual(series(families, "cert_parser_source_certificates"), { "source=other-list": 404 });
    assert.deepEqual(series(families, "cert_parser_scheduler_running"), { "": 0 });
    for (const name of [
      "cert_parser_stored_rejections",
      "cert_parser_stored_findings",
      "cert_parser_next_run_timestamp_seconds",
      "cert_parser_schedule_interval_seconds",
      "cert_parser_crl_expires_in_seconds",
      "cert_parser_list_age_seconds",
      "cert_parser_last_accepted_run_age_seconds",
      "cert_parser_signer_expires_in_seconds",
      "cert_parser_anchor_expires_in_seconds",
    ]) {
      assert.deepEqual(series(families, name), {}, name);
    }
  });

  test("countries cannot grow without bound, and the largest keep their names", async () => {
    const metrics = make();
    const certificates = Array.from({ length: 1000 }, (_, index) => ({
      country: `X${index}`,
      role: "csca",
      count: index + 1,
    }));
    metrics.describe({ ...state, statistics: { ...storedFigures, certificates } });
    const shown = series(await scrape(metrics), "cert_parser_certificates");
    assert.equal(Object.keys(shown).length, 301);
    assert.equal(shown["country=X999,role=csca"], 1000);
    assert.equal(shown["country=other,role=csca"], (700 * 701) / 2);
  });

  test("whatever a certificate or a user writes is escaped and cut short", async () => {
    const metrics = make();
    const country = 'A"\\\n} 1';
    const source = `list "${"x".repeat(500)}"`;
    metrics.describe({
      ...state,
      statistics: {
        ...storedFigures,
        certificates: [{ country, role: "csca", count: 1 }],
        sources: [{ ...sourceFigures, source }],
      },
    });
    const families = await scrape(metrics);
    assert.equal(families.get("cert_parser_certificates")?.samples[0]?.labels.country, country);
    const shown = families.get("cert_parser_list_age_seconds")?.samples[0]?.labels.source ?? "";
    assert.ok(shown.startsWith('list "xxx'));
    assert.equal(shown.length, 64);
  });
});

describe("createMetrics", () => {
  test("gives each a registry of its own", async () => {
    const [one, other] = [make(), make()];
    one.describe(state);
    assert.deepEqual(series(await scrape(other), "cert_parser_crls"), {});
  });

  test("says in which format it answers", async () => {
    assert.equal((await make().text()).contentType, "text/plain; version=0.0.4; charset=utf-8");
  });

  test("tells no version of the runtime", async () => {
    const { text } = await make().text();
    assert.doesNotMatch(text, /nodejs_version/);
    assert.equal(text.includes(process.version), false);
  });

  test("answers scrapes that come at once", async () => {
    const metrics = make();
    metrics.describe(state);
    const answers = await Promise.all(Array.from({ length: 20 }, () => scrape(metrics)));
    for (const families of answers) assert.deepEqual(series(families, "cert_parser_crls"), { "": 3 });
  });
});
