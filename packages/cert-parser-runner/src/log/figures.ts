/**
 * Numbers as people read them: `905,345 bytes`, `1 certificate`, `1.2 s`.
 *
 * @module
 */

/** A number with commas between the thousands. */
export function formatCount(count: number): string {
  return grouped.format(count);
}

/** A number with its noun, in the singular for one: `1 entry`, `3 entries`. */
export function formatQuantity(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Milliseconds below a second, seconds with one decimal below a minute, minutes and seconds from there. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${(durationMs / 1000).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const grouped = new Intl.NumberFormat("en-US");
