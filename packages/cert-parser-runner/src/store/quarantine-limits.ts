/**
 * How much of what was not accepted is kept, and what goes if it is too much: no source can push out what another waits for.
 *
 * @module
 */

/** How much is kept. */
export interface QuarantineLimits {
  readonly maxBundles: number;
  /** Of all bundles together, with their judgments. */
  readonly maxBytes: number;
}

/** Twenty lists of four years, and more bytes than they ever have. */
export const defaultQuarantine: QuarantineLimits = { maxBundles: 20, maxBytes: 256 * 1024 * 1024 };

/** What decides which bundle goes. */
export interface KeptBundle {
  readonly source: string;
  readonly sha256: string;
  readonly outcome: "pending" | "refused";
  /** Of the file and its judgment, in bytes. */
  readonly size: number;
}

/**
 * The bundles to discard, of all in the order in which they were last seen: refused ones before those that wait, and of them
 * the oldest of the source that has most.
 */
export function surplusOf(bundles: readonly KeptBundle[], limits: QuarantineLimits): readonly KeptBundle[] {
  const kept = new Set(bundles);
  const surplus: KeptBundle[] = [];
  for (;;) {
    const measure = excessOf(kept, limits);
    const victim = measure === undefined ? undefined : nextVictim([...kept], measure);
    if (victim === undefined) return surplus;
    kept.delete(victim);
    surplus.push(victim);
  }
}

/** What of a bundle there is too much of; undefined if all is within the limits. */
function excessOf(
  kept: ReadonlySet<KeptBundle>,
  { maxBundles, maxBytes }: QuarantineLimits,
): ((bundle: KeptBundle) => number) | undefined {
  if (sumOf(kept, ({ size }) => size) > maxBytes) return ({ size }) => size;
  return kept.size > maxBundles ? () => 1 : undefined;
}

function nextVictim(
  kept: readonly KeptBundle[],
  measure: (bundle: KeptBundle) => number,
): KeptBundle | undefined {
  const refused = kept.filter(({ outcome }) => outcome === "refused");
  const candidates = refused.length > 0 ? refused : kept;
  const bySource = [...Map.groupBy(candidates, ({ source }) => source).values()];
  const [most] = bySource.toSorted((a, b) => sumOf(b, measure) - sumOf(a, measure));
  return most?.[0];
}

function sumOf(bundles: Iterable<KeptBundle>, measure: (bundle: KeptBundle) => number): number {
  let sum = 0;
  for (const bundle of bundles) sum += measure(bundle);
  return sum;
}
