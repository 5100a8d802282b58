/**
 * Applies a table of oddities to named things: which ones is drawn once, from their names.
 *
 * @module
 */

import { drawOrder } from "./random.ts";

/** One row of a table of oddities. */
export interface Oddity<T> {
  readonly id: string;
  /** What is odd, and where it has been seen. */
  readonly description: string;
  /** How many things get it, or which share of those that could. */
  readonly pick: { readonly count: number } | { readonly share: number };
  /** Which things could get it. */
  readonly from: (item: T) => boolean;
  /** At most one oddity of a group goes to a thing. */
  readonly group?: string;
  readonly change: (item: T) => T;
  /** Another thing that belongs to it: it is changed too, and carries the oddity as well. */
  readonly partner?: { readonly nameOf: (item: T) => string; readonly change: (item: T) => T };
}

/** What oddities need to know of a thing. */
export interface Odd {
  readonly name: string;
  /** Ids of the oddities applied so far. */
  readonly oddities: readonly string[];
}

/**
 * Applies each row in turn to things that are eligible. Throws an Error if a row finds fewer things than it wants: the
 * table then promises what the fixtures do not hold.
 */
export function applyOddities<T extends Odd>(
  items: readonly T[],
  table: readonly Oddity<T>[],
  isEligible: (item: T) => boolean,
): readonly T[] {
  let current = items;
  for (const oddity of table) {
    const rivals = rivalsOf(oddity, table);
    const chosen = choose(
      current.filter((item) => isEligible(item) && oddity.from(item) && !carriesAny(item, rivals)),
      oddity,
    );
    const { partner } = oddity;
    const names = new Set(chosen.map(({ name }) => name));
    const partners = new Set(partner ? chosen.map(partner.nameOf) : []);
    current = current.map((item) => {
      if (names.has(item.name)) return marked(oddity.change(item), oddity.id);
      return partner && partners.has(item.name) ? marked(partner.change(item), oddity.id) : item;
    });
  }
  return current;
}

function choose<T extends Odd>(candidates: readonly T[], { id, pick }: Oddity<T>): readonly T[] {
  const count = "count" in pick ? pick.count : Math.round(candidates.length * pick.share);
  if (candidates.length < count || count === 0) {
    throw new Error(`${id} wants ${count} of ${candidates.length} candidates`);
  }
  return drawOrder(id, candidates, ({ name }) => name).slice(0, count);
}

function rivalsOf<T>({ group }: Oddity<T>, table: readonly Oddity<T>[]): readonly string[] {
  return group === undefined ? [] : table.filter((other) => other.group === group).map(({ id }) => id);
}

function carriesAny({ oddities }: Odd, ids: readonly string[]): boolean {
  return oddities.some((id) => ids.includes(id));
}

function marked<T extends Odd>(item: T, id: string): T {
  return { ...item, oddities: [...item.oddities, id] };
}
