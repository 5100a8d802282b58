/**
 * Text for people: aligned rows and columns, no wider than a terminal.
 *
 * @module
 */

import { formatCount } from "../log/figures.ts";
import { printable } from "../log/printable.ts";
import { wrapText } from "./wrap-text.ts";

/** A label and what belongs to it; several texts stand beneath each other. */
export type Row = readonly [label: string, ...texts: string[]];

/** How rows are laid out. */
export interface RowLayout {
  /** Columns for the labels. */
  readonly labelWidth?: number;
  /** Columns for all of a line; longer texts go on beneath. By default none is broken. */
  readonly width?: number;
}

/** Rows with their texts in one column. */
export function alignRows(rows: readonly Row[], { labelWidth = 16, width }: RowLayout = {}): string {
  const indent = " ".repeat(2 + labelWidth);
  return rows
    .map(([label, ...texts]) => {
      const lines = texts.flatMap((text) => wrapText(printable(text), (width ?? Infinity) - indent.length));
      const [first = "", ...further] = lines;
      return `${[`  ${label.padEnd(labelWidth)}${first}`, ...further.map((text) => indent + text)].join("\n")}\n`;
    })
    .join("");
}

/** How often each name occurs, in the order given, several beside each other where they are short. */
export function alignCounts(counts: readonly (readonly [name: string, count: number])[]): readonly string[] {
  const nameWidth = Math.max(...counts.map(([name]) => name.length));
  const countWidth = Math.max(...counts.map(([, count]) => String(count).length));
  return besideEachOther(
    counts.map(([name, count]) => `${name.padEnd(nameWidth)} ${String(count).padStart(countWidth)}`),
    textWidth,
  );
}

/** Cells of one width in lines, as many in each as fit. */
export function besideEachOther(cells: readonly string[], width: number): readonly string[] {
  const perLine = cellsPerLine(cells[0] ?? "", width);
  const lines: string[] = [];
  for (let at = 0; at < cells.length; at += perLine) lines.push(cells.slice(at, at + perLine).join(gap));
  return lines;
}

/** How many cells as wide as this one fit in a line. */
export function cellsPerLine(cell: string, width: number): number {
  return Math.max(1, Math.floor((width + gap.length) / (cell.length + gap.length)));
}

/** The first of a list that is too long for people, and how many more there are. */
export function cutList<T>(
  list: readonly T[],
  most: number,
  lines: (item: T) => readonly string[],
): readonly string[] {
  const shown = list.slice(0, most).flatMap(lines);
  return list.length > most ? [...shown, andMore(list.length - most)] : shown;
}

/** What stands in the place of those that are left out. */
export function andMore(count: number): string {
  return `and ${formatCount(count)} more: use --json`;
}

const gap = "   ";
// 80 columns less the labels.
const textWidth = 62;
