/**
 * A strict reader of Prometheus's text format 0.0.4, which shares nothing with what writes it.
 *
 * @module
 */

/** One metric with all its lines. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** One line with a value. */
export interface Sample {
  /** As written: with `_bucket`, `_sum` or `_count` in a histogram. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads an exposition. Throws where it deviates from the format, with the line. */
export function parseExposition(text: string): ReadonlyMap<string, MetricFamily> {
  if (!text.endsWith("\n")) throw new Error("the last line does not end");
  const lines = text.split("\n").filter((line) => line !== "");
  const starts = lines.flatMap((line, index) => (line.startsWith("# HELP ") ? [index] : []));
  if (lines.length > 0 && starts[0] !== 0) throw new Error(`no HELP before: ${lines[0]}`);

  const families = new Map<string, MetricFamily>();
  for (const [at, start] of starts.entries()) {
    const family = parseFamily(lines.slice(start, starts[at + 1]));
    if (families.has(family.name)) throw new Error(`the lines of ${family.name} are apart`);
    families.set(family.name, family);
  }
  return families;
}

function parseFamily([first = "", second = "", ...rest]: readonly string[]): MetricFamily {
  const [, name = "", help = ""] = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(first) ?? [];
  const [, typed, type = ""] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(second) ?? [];
  if (name === "" || typed !== name) throw new Error(`TYPE does not follow its HELP: ${first}`);

  const samples = rest.map(parseSample);
  const names = type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name];
  const stray = samples.find((sample) => !names.includes(sample.name));
  if (stray !== undefined) throw new Error(`${stray.name} stands among the lines of ${name}`);
  const keys = new Set(samples.map((sample) => `${sample.name} ${keyOf(sample.labels)}`));
  if (keys.size < samples.length) throw new Error(`${name} has the same sample twice`);

  const family = { name, type, help: unescapeHelp(help), samples };
  checkFamily(family);
  return family;
}

function parseSample(line: string): Sample {
  const [, name = "", inBraces = "", value = ""] =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === "") throw new Error(`not a sample: ${line}`);
  return { name, labels: parseLabels(inBraces, line), value: parseValue(value) };
}

function parseLabels(text: string, line: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"(?:,|$)/y;
  while (label.lastIndex < text.length) {
    const [, name = "", value = ""] = label.exec(text) ?? [];
    if (name === "" || name in labels) throw new Error(`no label, or one twice: ${line}`);
    labels[name] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === "n" ? "\n" : escaped));
  }
  return labels;
}

function parseValue(text: string): number {
  if (text === "+Inf") return Number.POSITIVE_INFINITY;
  if (text === "-Inf") return Number.NEGATIVE_INFINITY;
  if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new Error(`not a value: ${text}`);
  return Number(text);
}

function unescapeHelp(text: string): string {
  return text.replace(/\\(.?)/g, (_, escaped: string) => {
    if (escaped !== "n" && escaped !== "\\") throw new Error(`an escape that HELP does not know: ${text}`);
    return escaped === "n" ? "\n" : escaped;
  });
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort());
}

function checkFamily(family: MetricFamily): void {
  const { name, type, samples } = family;
  if ((type === "counter") !== name.endsWith("_total"))
    throw new Error(`${name} is a ${type}: _total is for counters`);
  if (type === "counter" && samples.some(({ value }) => !(value >= 0 && Number.isFinite(value)))) {
    throw new Error(`${name} is a counter and negative or not finite`);
  }
  if (type === "histogram") checkHistogram(family);
}

/** Buckets are cumulative and end at +Inf, which equals the count. */
function checkHistogram({ name, samples }: MetricFamily): void {
  for (const [key, own] of Map.groupBy(samples, ({ labels: { le: _, ...labels } }) => keyOf(labels))) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const counts = buckets.map(({ value }) => value);
    const bounds = buckets.map(({ labels }) => parseValue(labels.le ?? ""));
    const [count, sum] = ["count", "sum"].map(
      (figure) => own.find((sample) => sample.name === `${name}_${figure}`)?.value,
    );
    if (bounds.some((bound, at) => at > 0 && bound <= (bounds[at - 1] ?? 0)) || bounds.at(-1) !== Infinity) {
      throw new Error(`${name}${key}: the bounds do not rise to +Inf`);
    }
    if (counts.some((value, at) => value < (counts[at - 1] ?? 0))) {
      throw new Error(`${name}${key}: the buckets are not cumulative`);
    }
    if (counts.at(-1) !== count) throw new Error(`${name}${key}: the last bucket is not the count`);
    if (sum === undefined || !Number.isFinite(sum)) throw new Error(`${name}${key} has no sum`);
  }
}
