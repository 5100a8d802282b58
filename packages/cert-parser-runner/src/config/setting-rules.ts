/**
 * What must hold between settings, and how a fault is put into words.
 *
 * @module
 */

import type { ConfigurationFault } from "./configuration-fault.ts";
import { publicUrl } from "./public-url.ts";
import type { SettingTexts } from "./setting-texts.ts";
import { type SettingName, settings } from "./settings.ts";
import { readTrustAnchors } from "./trust-anchors.ts";

/** What {@link contradictions} cannot know by itself. */
export interface SettingRules {
  /** Says what is wrong with a cron expression, or null. */
  readonly validateCron?: (expression: string) => string | null;
}

/** The faults between settings: what is missing beside another, and what excludes another. */
export function contradictions(found: SettingTexts, rules: SettingRules): readonly ConfigurationFault[] {
  return [
    ...missingServiceSettings(found),
    ...databaseFaults(found),
    ...scheduleFaults(found, rules),
    ...trustFaults(found),
  ];
}

/** The fault of a setting whose text is not of the form that is expected. */
export function invalidSetting(found: SettingTexts, name: SettingName, expected: string): ConfigurationFault {
  const { spelled, text } = found.texts.get(name) ?? { spelled: name, text: "" };
  const seen = isSecret(name) ? "is not right" : `is ${shown(text)}`;
  return { name: spelled, code: "INVALID", message: `${seen}; expected ${expected}` };
}

function missingServiceSettings({ present }: SettingTexts): ConfigurationFault[] {
  const cause = serviceNames.find((name) => present.has(name));
  if (cause === undefined) return [];
  return missing(serviceNames, present, cause);
}

function databaseFaults({ present, texts }: SettingTexts): ConfigurationFault[] {
  const part = databaseParts.find((name) => present.has(name));
  if (part === undefined) return [];
  if (!present.has("DATABASE_DSN")) return missing(neededDatabaseParts, present, part);
  return [
    {
      name: texts.get("DATABASE_DSN")?.spelled ?? "DATABASE_DSN",
      code: "CONFLICT",
      message: `is set, and so is ${texts.get(part)?.spelled ?? part}: set the DSN or its parts, not both`,
    },
  ];
}

function missing(
  names: readonly SettingName[],
  present: ReadonlySet<SettingName>,
  cause: SettingName,
): ConfigurationFault[] {
  return names
    .filter((name) => !present.has(name))
    .map((name) => ({
      name,
      code: "MISSING",
      message: `is not set; expected a value, since ${cause} is set${isSecret(name) ? ` (or ${name}_FILE)` : ""}`,
    }));
}

function scheduleFaults({ present, texts }: SettingTexts, rules: SettingRules) {
  const cron = texts.get("SCHEDULER_CRON");
  if (cron === undefined) return [];
  const faults: ConfigurationFault[] = [];
  if (present.has("SCHEDULER_INTERVAL_HOURS")) {
    const interval = texts.get("SCHEDULER_INTERVAL_HOURS")?.spelled ?? "SCHEDULER_INTERVAL_HOURS";
    faults.push({
      name: cron.spelled,
      code: "CONFLICT",
      message: `is set, and so is ${interval}: unset one`,
    });
  }
  const flaw = rules.validateCron?.(cron.text.trim()) ?? null;
  if (flaw !== null) {
    const message = `is ${shown(cron.text)}; expected a cron expression such as "0 */6 * * *" (${flaw})`;
    faults.push({ name: cron.spelled, code: "INVALID", message });
  }
  return faults;
}

/** Whoever asks for verification must not get less without a word. */
function trustFaults({ texts }: SettingTexts): ConfigurationFault[] {
  const [mode, anchors] = [texts.get("TRUST_MODE"), texts.get("TRUST_ANCHORS")];
  const word = mode?.text.trim().toLowerCase();
  if (mode !== undefined && word === "anchor" && anchors === undefined) {
    const message = `is not set; expected CSCA certificates, since ${mode.spelled} is anchor`;
    return [{ name: "TRUST_ANCHORS", code: "MISSING", message }];
  }
  if (mode !== undefined && anchors !== undefined && (word === "pin" || word === "off")) {
    const message = `is ${word}, and ${anchors.spelled} is set: unset one`;
    return [{ name: mode.spelled, code: "CONFLICT", message }];
  }
  // What is blank is of no form at all, and said to be so already.
  if (anchors === undefined || anchors.text.trim() === "") return [];
  const read = readTrustAnchors(anchors.text);
  return read.ok ? [] : [{ name: anchors.spelled, code: "FILE", message: read.error }];
}

/** A value for a message: short, and without what a URL may carry in secret. */
function shown(text: string): string {
  const harmless = (/:\/\//.test(text) ? publicUrl(text) : text).replace(/[^\s/]*@/g, "(hidden)@");
  return JSON.stringify(harmless.length > 60 ? `${harmless.slice(0, 60)}...` : harmless);
}

function isSecret(name: SettingName): boolean {
  return settings.some((setting) => setting.name === name && setting.secret);
}

const serviceNames: readonly SettingName[] = [
  "AUTH_URL",
  "AUTH_CLIENT_ID",
  "AUTH_CLIENT_SECRET",
  "AUTH_USERNAME",
  "AUTH_PASSWORD",
  "LOGIN_URL",
  "LOGIN_BORDER_POST_ID",
  "LOGIN_BOX_ID",
  "LOGIN_PASSENGER_CONTROL_TYPE",
  "DOWNLOAD_URL",
];

const neededDatabaseParts: readonly SettingName[] = ["DATABASE_HOST", "DATABASE_NAME", "DATABASE_USERNAME"];
const databaseParts: readonly SettingName[] = [...neededDatabaseParts, "DATABASE_PORT", "DATABASE_PASSWORD"];
