/**
 * The world list and what becomes of it: its next edition, and one that lost too much.
 *
 * @module
 */

import type { Catalogue, Named } from "./catalogue.ts";
import { publishers } from "./cscas.ts";
import { type FileDraft, listFile } from "./list-file.ts";
import type { Inhabitant } from "./population.ts";
import { drawOrder } from "./random.ts";

/** `world.ml`, `next.ml` and `shrunk.ml`. */
export function largeFiles(catalogue: Catalogue): readonly FileDraft[] {
  const world = catalogue.world.map(toNamed);
  const next = [...withoutThree(catalogue), ...catalogue.next.map(toNamed)];
  return [
    listFile(catalogue, {
      name: "world.ml",
      description: "a world list with the mix and the oddities of real ones",
      publisher,
      signingTime: worldTime,
      certificates: world,
    }),
    listFile(catalogue, {
      name: "next.ml",
      description: "the next edition of world.ml: five certificates more, three fewer",
      publisher,
      signingTime: nextTime,
      certificates: next,
    }),
    listFile(catalogue, {
      name: "shrunk.ml",
      description: "world.ml less a tenth of the certificates that are still valid at its later signing time",
      publisher,
      signingTime: nextTime,
      certificates: withoutTenth(catalogue),
    }),
  ];
}

/** Two that have expired and one that has not, as real editions drop them. */
function withoutThree({ world }: Catalogue): readonly Named[] {
  const ordinary = drawOrder("next", world.filter(isOrdinary), ({ plan }) => plan.name);
  const expired = ordinary.filter(({ certificate }) => certificate.notAfter < nextTime);
  const valid = ordinary.filter(({ certificate }) => certificate.notAfter >= nextTime);
  return without(world, [...expired.slice(0, 2), ...valid.slice(0, 1)]);
}

function withoutTenth({ world }: Catalogue): readonly Named[] {
  const valid = world.filter(({ certificate }) => certificate.notAfter >= nextTime);
  const ordinary = drawOrder("shrunk", valid.filter(isOrdinary), ({ plan }) => plan.name);
  return without(world, ordinary.slice(0, Math.ceil(valid.length / 10)));
}

function without(world: readonly Inhabitant[], removed: readonly Inhabitant[]): readonly Named[] {
  return world.filter((inhabitant) => !removed.includes(inhabitant)).map(toNamed);
}

function isOrdinary({ plan }: Inhabitant): boolean {
  return !(plan.csca in publishers);
}

function toNamed({ plan, certificate }: Inhabitant): Named {
  return { name: plan.name, certificate };
}

const publisher = "zz-passport";
const worldTime = "2026-06-01T12:00:00Z";
const nextTime = "2026-09-01T12:00:00Z";
