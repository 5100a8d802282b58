/**
 * The ways to write a setting's name: `AUTH_PASSWORD`, `AUTH__PASSWORD`, and with `_FILE` behind for a secret.
 *
 * @module
 */

import { type SettingName, settings } from "./settings.ts";

/** One way to write a setting. */
export interface Spelling {
  readonly name: SettingName;
  /** As it stands in the environment. */
  readonly spelled: string;
  /** True when the value is the path of a file that holds the setting. */
  readonly file: boolean;
}

/** Every spelling of every setting, in the order of the settings. */
export const spellings: readonly Spelling[] = settings.flatMap(({ name, secret }) => {
  // The Python predecessor wrote two underscores after the group; one without an underscore has no group.
  const direct = [...new Set([name, name.replace("_", "__")])];
  return [
    ...direct.map((spelled) => ({ name, spelled, file: false })),
    ...(secret ? direct.map((spelled) => ({ name, spelled: `${spelled}_FILE`, file: true })) : []),
  ];
});

/** The setting that a name of the environment means, or that name itself when it is none of ours. */
export function canonicalName(spelled: string): string {
  return bySpelling.get(spelled)?.name ?? spelled;
}

/**
 * Names in the environment that look like a setting misspelled, each with the setting that was probably meant.
 *
 * Only names that begin with a group of ours are looked at, and only at two letters' distance: Kubernetes puts
 * `DATABASE_SERVICE_HOST` and the like there for a Service of that name.
 */
export function misspelledSettings(
  environment: Readonly<Record<string, string | undefined>>,
): readonly { readonly name: string; readonly message: string }[] {
  return Object.keys(environment).flatMap((name) => {
    if (
      bySpelling.has(name) ||
      !/^(AUTH|DATABASE|DOWNLOAD|LOGIN|QUARANTINE|SCHEDULER|TRIGGER|TRUST|UNSIGNED)_/.test(name)
    )
      return [];
    const meant = spellings.find(({ spelled }) => distance(name, spelled) <= 2);
    return meant === undefined ? [] : [{ name, message: `is not a setting; ${meant.spelled} is` }];
  });
}

/** Levenshtein's: letters to insert, drop or replace. */
function distance(from: string, to: string): number {
  // Cheaper than the matrix, and most pairs end here.
  if (Math.abs(from.length - to.length) > 2) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replace = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

const bySpelling: ReadonlyMap<string, Spelling> = new Map(
  spellings.map((spelling) => [spelling.spelled, spelling]),
);
