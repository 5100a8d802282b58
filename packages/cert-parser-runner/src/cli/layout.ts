/**
 * Text for people: aligned rows and columns, no wider than a terminal.
 *
 * @module
 */

import { printable } from "../log/printable.ts";

/** A label and what belongs to it; several texts stand beneath each other. */
export type Row = readonly [label: string, ...texts: string[]];

/** Rows with their texts in one column. */
export function alignRows(rows: readonly Row[], labelWidth = 16): string {
  const indent = " ".repeat(2 + labelWidth);
  return rows
    .map(([label, ...texts]) => {
      const [first = "", ...further] = texts.map(printable);
      const lines = [`  ${label.padEnd(labelWidth)}${first}`, ...further.map((text) => `${indent}${text}`)];
      return `${lines.join("\n")}\n`;
    })
    .join("");
}

/** How often each name occurs, in the order given, several beside each other where they are short. */
export function alignCounts(counts: readonly (readonly [name: string, count: number])[]): readonly string[] {
  const nameWidth = Math.max(...counts.map(([name]) => name.length));
  const countWidth = Math.max(...counts.map(([, count]) => String(count).length));
  const cells = counts.map(
    ([name, count]) => `${name.padEnd(nameWidth)} ${String(count).padStart(countWidth)}`,
  );
  const perLine = Math.max(
    1,
    Math.floor((textWidth + gap.length) / (nameWidth + 1 + countWidth + gap.length)),
  );
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += perLine) lines.push(cells.slice(at, at + perLine).join(gap));
  return lines;
}

/** Counts how often each name occurs: the most frequent first, then by name. */
export function countNames(names: Iterable<string>): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}

const gap = "   ";
// 80 columns less the labels.
const textWidth = 62;
