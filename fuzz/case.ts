/**
 * One case: which function is given which bytes. All of it follows from the number of the seed and that of the case.
 *
 * @module
 */

import { byteMutators } from "./byte-mutators.ts";
import { derMutators } from "./der-mutators.ts";
import type { Mutator } from "./mutator.ts";
import { createRandom, type Random } from "./random.ts";
import type { Seed } from "./seeds.ts";
import { type Reading, targets } from "./targets.ts";
import { textMutators } from "./text-mutators.ts";
import { type Format, type Formed, wrap } from "./wrappings.ts";
import { zipMutators } from "./zip-mutators.ts";

/** What is read, and how. */
export interface Case {
  readonly target: string;
  readonly reading: Reading;
  readonly bytes: Uint8Array;
  /** Whether it is read a second time with other bytes around it, to compare. */
  readonly twice: boolean;
}

/** Makes case number `index`, of one of the targets that `names` lists. */
export function createCase(
  seed: number,
  index: number,
  seeds: readonly Seed[],
  names: readonly string[],
): Case {
  const random = createRandom(seed, index);
  const name = random.pick(names);
  const target = targets[name];
  if (target === undefined) throw new TypeError(`there is no target ${name}`);
  // Now and then something that does not belong there at all.
  const kind = random.oneIn(16) ? "other" : random.pick(target.kinds);
  const suitable = seeds.filter((candidate) => candidate.kind === kind);
  const from = random.pick(suitable.length > 0 ? suitable : seeds);
  const donor = random.pick(seeds).bytes;
  const { bytes } = target.recognises ? mutateWrapped(from, random, donor) : mutate(from, random, donor);
  return {
    target: name,
    reading: { tight: random.oneIn(8), chunkBytes: random.oneIn(2) ? 0 : chunkBytes(bytes, random) },
    bytes,
    twice: random.oneIn(16),
  };
}

/** Mostly short chunks, but not so many that handing them over takes longer than reading them. */
function chunkBytes({ length }: Uint8Array, random: Random): number {
  return 1 + Math.max(random.below(random.pick([4, 100, 5000])), Math.floor(length / 200));
}

/** Changes what is inside, or what is around it, or both. */
function mutateWrapped(seed: Seed, random: Random, donor: Uint8Array): Formed {
  if (seed.format !== "der") return mutate(seed, random, donor);
  const inside = random.oneIn(4) ? seed : mutate(seed, random, donor);
  const wrapped = wrap(inside.bytes, random);
  return wrapped.format === "der" || random.oneIn(2) ? wrapped : mutate(wrapped, random, donor);
}

function mutate({ format, bytes }: Formed, random: Random, donor: Uint8Array): Formed {
  let mutated = bytes;
  for (let times = 1 + random.below(random.pick([1, 2, 5])); times > 0; times--) {
    const mutators = random.oneIn(6) ? byteMutators : mutatorsOf[format];
    const changed = random.pick(mutators)(mutated, random, donor);
    // Growth by doubling would make the later cases of a run slow for no reason of the reader's.
    if (changed.length <= longest) mutated = changed;
  }
  return { format, bytes: mutated };
}

const mutatorsOf: Readonly<Record<Format, readonly Mutator[]>> = {
  der: derMutators,
  text: textMutators,
  zip: zipMutators,
};
const longest = 65_536;
