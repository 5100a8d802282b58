/**
 * The tables of `docs/configuration.md`.
 *
 * @module
 */

import * as v from "valibot";
import { spellings } from "../../src/config/setting-spellings.ts";
import {
  type Setting,
  type SettingGroup,
  type SettingName,
  settings,
  settingsSchema,
} from "../../src/config/settings.ts";
import { code, codes, type Sections, table } from "./markdown.ts";

// A record, so that a group without a place in the document is a fault of types.
const groups: Readonly<Record<SettingGroup, () => string>> = {
  service: () => groupTable("service"),
  schedule: () => groupTable("schedule"),
  database: () => groupTable("database"),
  server: () => groupTable("server"),
  trust: () => groupTable("trust"),
  process: () => groupTable("process"),
};

export const configurationSections: Sections = { ...groups, spellings: spellingTable };

function groupTable(group: SettingGroup): string {
  return table(
    ["setting", "default", "form", "secret", "meaning"],
    settings
      .filter((setting) => setting.group === group)
      .map((setting) => [
        code(setting.name),
        defaultText(setting),
        formOf(setting.name),
        setting.secret ? "yes" : "",
        setting.meaning,
      ]),
  );
}

function defaultText({ default: fallback }: Setting): string {
  if (fallback === null) return "";
  return fallback === "" ? "(empty)" : code(fallback);
}

/** What a setting's format says when it is given something else. */
function formOf(name: SettingName): string {
  const ruled = formsByRule[name];
  if (ruled !== undefined) return ruled;
  for (const wrong of ["", "\0 is of no form"]) {
    const { issues = [] } = v.safeParse(settingsSchema, { [name]: wrong });
    const [issue] = issues;
    if (issue !== undefined) return issue.message;
  }
  return "some text; blanks count";
}

function spellingTable(): string {
  return table(
    ["setting", "also", "from a file"],
    settings.map(({ name }) => {
      const ways = spellings.filter((spelling) => spelling.name === name && spelling.spelled !== name);
      const spelled = (file: boolean) =>
        codes(ways.filter((way) => way.file === file).map((way) => way.spelled));
      return [code(name), spelled(false), spelled(true)];
    }),
  );
}

// Their texts are looked at by rules, not by their formats.
const formsByRule: Readonly<Partial<Record<SettingName, string>>> = {
  SCHEDULER_CRON: "a cron expression",
  TRUST_ANCHORS: "paths or digests, separated by commas",
};
