/**
 * Finds the text of every setting in an environment: spellings, secrets in files, and what contradicts itself.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import type { ConfigurationFault } from "./configuration-fault.ts";
import type { Environment } from "./environment.ts";
import { type Spelling, spellings } from "./setting-spellings.ts";
import type { SettingName } from "./settings.ts";

/** The text of one setting, and the name under which it stood. */
export interface SettingText {
  readonly spelled: string;
  readonly text: string;
}

/** What an environment says, before it is read as values. */
export interface SettingTexts {
  readonly texts: ReadonlyMap<SettingName, SettingText>;
  /** Also those that stood there but could not be had, such as a secret in a missing file. */
  readonly present: ReadonlySet<SettingName>;
  readonly faults: readonly ConfigurationFault[];
}

/** Collects the settings of an environment. An empty value counts as unset, but for the anchors. */
export function collectSettingTexts(environment: Environment): SettingTexts {
  const found = new Map<SettingName, Spelling[]>();
  for (const spelling of spellings) {
    const value = environment[spelling.spelled];
    if (value === undefined || isUnset(spelling, value) || isServiceLink(spelling, value)) continue;
    found.set(spelling.name, [...(found.get(spelling.name) ?? []), spelling]);
  }

  const texts = new Map<SettingName, SettingText>();
  const faults: ConfigurationFault[] = [];
  for (const [name, [first, ...others]] of found) {
    if (first === undefined) continue;
    const rival = others.find(
      (other) => other.file !== first.file || environment[other.spelled] !== environment[first.spelled],
    );
    if (rival !== undefined) {
      faults.push({
        name: first.spelled,
        code: "CONFLICT",
        message: `is set, and so is ${rival.spelled}: unset one`,
      });
      continue;
    }
    const value = environment[first.spelled] ?? "";
    const text = first.file ? readSecretFile(first.spelled, value, faults) : value;
    if (text !== undefined) texts.set(name, { spelled: first.spelled, text });
  }
  return { texts, present: new Set(found.keys()), faults };
}

/** Whoever empties TRUST_ANCHORS, by a variable that is missing in a template say, must not get less without a word. */
function isUnset({ name }: Spelling, value: string): boolean {
  return value === "" && name !== "TRUST_ANCHORS";
}

/** Kubernetes sets `DATABASE_PORT=tcp://10.0.0.1:5432` in each pod beside a Service named `database`. */
function isServiceLink({ name }: Spelling, value: string): boolean {
  return name === "DATABASE_PORT" && value.startsWith("tcp://");
}

function readSecretFile(spelled: string, path: string, faults: ConfigurationFault[]): string | undefined {
  const fault = (message: string) => {
    faults.push({ name: spelled, code: "FILE", message });
    return undefined;
  };
  try {
    const text = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    return text === "" ? fault(`names ${path}, which is empty; expected a file that holds the secret`) : text;
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "unknown error";
    return fault(`names ${path}, which cannot be read (${code}); expected a file that holds the secret`);
  }
}
