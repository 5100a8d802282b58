import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, describe, test } from "node:test";
import { metricTable } from "../../src/metrics/metric-table.ts";
import { readDocument } from "../documents/documents.ts";
import { parseYaml, readRules } from "./rules.ts";

const manifest = readRules();
const rules = manifest.spec.groups.flatMap((group) => group.rules);

describe("k8s/prometheus-rules.yaml", () => {
  test("is a PrometheusRule", () => {
    assert.equal(manifest.apiVersion, "monitoring.coreos.com/v1");
    assert.equal(manifest.kind, "PrometheusRule");
    assert.match(manifest.metadata.name, /^[a-z][a-z-]*$/);
  });

  test("has alerts with names of their own", () => {
    const names = rules.map(({ alert }) => alert);
    assert.ok(names.length >= 10);
    assert.equal(new Set(names).size, names.length);
  });

  for (const { alert, expr, annotations, labels, ...rule } of rules) {
    test(`${alert} asks only for metrics and labels that exist`, () => {
      const rows = new Map(metricTable.map((row) => [row.name, row]));
      const named = namesIn(expr);
      assert.notEqual(named.length, 0);
      for (const { name, matchers } of named) {
        const row = rows.get(name) ?? rows.get(name.replace(/_(bucket|sum|count)$/, ""));
        assert.ok(row, `${name} does not exist`);
        for (const label of matchers) assert.ok(row.labels.includes(label), `${name} has no label ${label}`);
      }
    });

    test(`${alert} says what it means and what to do`, () => {
      assert.match(alert, /^CertParser[A-Z][A-Za-z]+$/);
      assert.match(labels.severity ?? "", /^(critical|warning|info)$/);
      assert.match(annotations.summary ?? "", /\w/);
      assert.match(annotations.description ?? "", /\w.*\.$/);
      assert.equal(annotations.runbook, `docs/metrics.md#${alert.toLowerCase()}`);
      assert.ok(readDocument("docs/metrics.md").includes(`\n### ${alert}\n\n`), "no runbook");
      assert.match(rule.for ?? "1m", /^\d+[smhd]$/);
    });
  }

  test("every runbook of docs/metrics.md belongs to an alert", () => {
    const headings = Array.from(
      readDocument("docs/metrics.md").matchAll(/^### (\w+)$/gm),
      ([, heading]) => heading,
    );
    assert.deepEqual(headings.sort(), rules.map(({ alert }) => alert).sort());
  });
});

describe("the reader of the rules", () => {
  test("reads what stands in them", () => {
    const text = '# c\na: 1 x\nb:\n  - c: "x: y"\n    d: >-\n      e\n      f\n  - c: g\n';
    assert.deepEqual(parseYaml(text), { a: "1 x", b: [{ c: "x: y", d: "e f" }, { c: "g" }] });
  });

  for (const text of ["a: {b: c}\n", "a: b: c\n", "a: b\n  c: d\n", "a: |\n  b\n", "a: 1\na: 2\n"]) {
    test(`refuses ${JSON.stringify(text)}`, () => {
      assert.throws(() => parseYaml(text));
    });
  }
});

/** Metrics and the labels that an expression asks of them. */
function namesIn(expr: string): readonly { readonly name: string; readonly matchers: readonly string[] }[] {
  return Array.from(
    expr.matchAll(/\b((?:cert_parser|process|nodejs)_\w+)(?:\{([^}]*)\})?/g),
    ([, name = "", inBraces = ""]) => ({
      name,
      matchers: Array.from(inBraces.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g), ([, label = ""]) => label),
    }),
  );
}

const pod = 'namespace="trust",pod="a",instance="a:8000"';
const day = 86_400;
const source = `${pod},source="s"`;

/** For each alert, series on which it fires after thirty hours, and series on which it does not. */
const situations: Readonly<
  Record<
    string,
    { readonly bad: Readonly<Record<string, string>>; readonly good: Readonly<Record<string, string>> }
  >
> = {
  CertParserListTooOld: steady(`cert_parser_list_age_seconds{${source}}`, 181 * day, 138 * day),
  CertParserNoAcceptedRun: {
    bad: {
      [`cert_parser_last_accepted_run_age_seconds{${source}}`]: "43300x400",
      [`cert_parser_schedule_interval_seconds{${pod}}`]: "21600x400",
    },
    good: {
      [`cert_parser_last_accepted_run_age_seconds{${source}}`]: "43300x400",
      [`cert_parser_schedule_interval_seconds{${pod}}`]: "86400x400",
    },
  },
  CertParserListRefused: {
    bad: {
      [`cert_parser_runs_total{${pod},outcome="refused",stage="verify",code="TRUST_ERROR"}`]: "0x300 1x100",
    },
    good: {
      [`cert_parser_runs_total{${pod},outcome="refused",stage="verify",code="TRUST_ERROR"}`]: "0x20 1x380",
    },
  },
  CertParserListShrank: {
    bad: { [`cert_parser_source_certificates{${source}}`]: "600x300 560x100" },
    good: { [`cert_parser_source_certificates{${source}}`]: "600x300 580x100" },
  },
  CertParserManyRejections: {
    bad: {
      [`cert_parser_stored_rejections{${pod},code="DER_SYNTAX"}`]: "7x400",
      [`cert_parser_source_certificates{${source}}`]: "600x400",
    },
    good: {
      [`cert_parser_stored_rejections{${pod},code="DER_SYNTAX"}`]: "1x400",
      [`cert_parser_source_certificates{${source}}`]: "600x400",
    },
  },
  CertParserSignerExpiresSoon: steady(`cert_parser_signer_expires_in_seconds{${source}}`, 29 * day, 31 * day),
  CertParserAnchorExpiresSoon: steady(`cert_parser_anchor_expires_in_seconds{${source}}`, 89 * day, 91 * day),
  CertParserCrlOverdue: steady(`cert_parser_crl_expires_in_seconds{${pod}}`, -1, 1),
  CertParserAbsent: { bad: {}, good: { [`cert_parser_up{${pod}}`]: "1x400" } },
  CertParserRunsFailing: steady(`cert_parser_consecutive_failed_runs{${pod}}`, 3, 2),
  CertParserRunHangs: steady(`cert_parser_run_in_progress{${pod}}`, 1, 0),
  CertParserStoreUnreachable: steady(`cert_parser_store_reachable{${pod}}`, 0, 1),
  CertParserSchedulerStopped: steady(`cert_parser_scheduler_running{${pod}}`, 0, 1),
  CertParserEventLoopLag: {
    bad: {
      [`nodejs_eventloop_lag_p99_seconds{${pod}}`]: "0.6x400",
      [`cert_parser_up{${pod}}`]: "1x400",
    },
    good: { [`nodejs_eventloop_lag_p99_seconds{${pod.replace("a:8000", "another:1")}}`]: "0.6x400" },
  },
};

function steady(series: string, bad: number, good: number) {
  return { bad: { [series]: `${bad}x400` }, good: { [series]: `${good}x400` } };
}

const promtool = (process.env.PATH ?? "")
  .split(delimiter)
  .map((folder) => join(folder, "promtool"))
  .find((path) => existsSync(path));
const skip = promtool === undefined ? "promtool is not installed" : false;

describe("promtool", { skip }, () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-rules-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const write = (name: string, content: unknown) => {
    const path = join(directory, name);
    // JSON is YAML too.
    writeFileSync(path, JSON.stringify(content));
    return path;
  };
  const run = (...args: readonly string[]) => execFileSync(promtool ?? "", args, { encoding: "utf8" });

  test("takes the rules", () => {
    assert.match(run("check", "rules", write("rules.json", manifest.spec)), /SUCCESS/);
  });

  for (const { alert } of rules) {
    const given = situations[alert];
    test(`${alert} fires when it should and not before`, () => {
      assert.ok(given, `no situation for ${alert}`);
      write("rules.json", manifest.spec);
      const tests = [
        { values: given.bad, fires: true },
        { values: given.good, fires: false },
      ].map(({ values, fires }) => ({
        interval: "5m",
        input_series: Object.entries(values).map(([series, value]) => ({ series, values: value })),
        // Whether it fires is asked of the series that Prometheus keeps of alerts.
        promql_expr_test: [
          {
            expr: `count(ALERTS{alertname="${alert}",alertstate="firing"})`,
            eval_time: "30h",
            exp_samples: fires ? [{ labels: "{}", value: 1 }] : [],
          },
        ],
      }));
      run(
        "test",
        "rules",
        write("tests.json", { rule_files: ["rules.json"], evaluation_interval: "5m", tests }),
      );
    });
  }
});
