import assert from "node:assert/strict";
import { test } from "node:test";
import { metricTable } from "../../src/metrics/metric-table.ts";
import { readDocument } from "../documents/documents.ts";

test("docs/metrics.md names no metric that does not exist", () => {
  const names = new Set(metricTable.map(({ name }) => name));
  const named = readDocument("docs/metrics.md").match(/\b(?:cert_parser|process|nodejs)_[a-z_0-9]+/g) ?? [];
  assert.deepEqual(
    named.filter((name) => !names.has(name)),
    [],
  );
});

test("names are Prometheus's: base units, _total for counters alone, each once", () => {
  const names = metricTable.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, type, help } of metricTable) {
    assert.match(name, /^(cert_parser|process|nodejs)_[a-z][a-z0-9_]*[a-z0-9]$/);
    assert.doesNotMatch(name, /_(ms|milliseconds|minutes|hours|days|kilobytes|megabytes|percent)\b/);
    assert.equal(type === "counter", name.endsWith("_total"), name);
    assert.match(help, /^[A-Z0-9].*\.$|: [a-z0-9]+\.$/, name);
  }
});
