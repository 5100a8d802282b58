/**
 * What the benchmarks print: tables, and the figures that were aimed at beside those that were met.
 *
 * @module
 */

/** A figure of the project's own, and what was measured. */
export interface Target {
  readonly aim: string;
  readonly measured: string;
  readonly met: boolean;
}

/** What one section found, for the file of results. */
export interface Section {
  readonly results: unknown;
  readonly targets: readonly Target[];
}

/** The first column is text, the others are figures. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ");
  for (const row of [head, widths.map((width) => "-".repeat(width)), ...rows]) console.log(line(row));
}

/** Ten times the input, in a table of two lines. */
export function printGrowth(counted: string, growth: Growth): void {
  printTable(
    [counted, "warm ms", "microseconds each", "times the first"],
    growth.counts.map((count, index) => {
      const warmMs = growth.warmMs[index] ?? 0;
      const times = index === 0 ? "1.00" : growth.times.toFixed(2);
      return [String(count), warmMs.toFixed(2), ((warmMs * 1000) / count).toFixed(2), times];
    }),
  );
}

/** What ten times the input cost. */
export interface Growth {
  readonly counts: readonly [number, number];
  /** Median of the rounds. */
  readonly warmMs: readonly [number, number];
  /** Median of the rounds' own ratios. */
  readonly times: number;
  readonly rounds: number;
}

/** Ten times the input costs at most eleven times. */
export function growthTarget(what: string, { times }: Growth): Target {
  return {
    aim: `${what}: ten times the input costs at most eleven times`,
    measured: times.toFixed(2),
    met: times <= 11,
  };
}
