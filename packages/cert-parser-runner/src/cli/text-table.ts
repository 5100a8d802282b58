/**
 * Tables for people: a column of names and columns of figures.
 *
 * @module
 */

import { printable } from "../log/printable.ts";

/** A column: its head, and the side on which its cells stand. */
export type Column = readonly [head: string, side: "left" | "right"];

/** The head and the rows as lines of one width. Cells longer than `maxCell` are cut. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  maxCell = 40,
): readonly string[] {
  const cells = rows.map((row) => row.map((cell) => clip(printable(cell), maxCell)));
  const widths = columns.map(([head], column) =>
    cells.reduce((width, row) => Math.max(width, row[column]?.length ?? 0), head.length),
  );
  const line = (row: readonly string[]) =>
    columns
      .map(([, side], column) => {
        const [cell = "", width = 0] = [row[column], widths[column]];
        return side === "left" ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ");
  return [line(columns.map(([head]) => head)), ...cells.map(line)];
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3)}...`;
}
