/**
 * Keeps the documents in step with the code: `npm run docs` writes their marked sections anew.
 *
 * @module
 */

import { readFileSync, writeFileSync } from "node:fs";
import { commandSections } from "./command-sections.ts";
import { configurationSections } from "./configuration-sections.ts";
import { errorSections } from "./error-sections.ts";
import { httpSections } from "./http-sections.ts";
import { logSections } from "./log-sections.ts";
import { renewSections, type Sections } from "./markdown.ts";
import { metricsSections } from "./metrics-sections.ts";

/** The documents that have such sections, from the root of the repository. */
export const documents: Readonly<Record<string, Sections>> = {
  "docs/commands.md": commandSections,
  "docs/configuration.md": configurationSections,
  "docs/errors.md": errorSections,
  "docs/http.md": httpSections,
  "docs/logs.md": logSections,
  "docs/metrics.md": metricsSections,
};

/** A document as it is. */
export function readDocument(file: string): string {
  return readFileSync(urlOf(file), "utf8");
}

/** A document as it should be. */
export function renewDocument(file: string): Promise<string> {
  return renewSections(readDocument(file), documents[file] ?? {}, file);
}

function urlOf(file: string): URL {
  return new URL(`../../../../${file}`, import.meta.url);
}

if (import.meta.main) {
  for (const file of Object.keys(documents)) {
    const renewed = await renewDocument(file);
    const state = renewed === readDocument(file) ? "as it was" : "renewed";
    writeFileSync(urlOf(file), renewed);
    console.log(`${file}: ${state}`);
  }
}
