/**
 * The tables of `docs/errors.md`.
 *
 * @module
 */

import { waitedFor } from "../../src/patient-store.ts";
import type { StoreErrorCode } from "../../src/store/store-error.ts";
import {
  type CodeText,
  configurationTexts,
  exitTexts,
  fileTexts,
  findingTexts,
  httpTexts,
  judgmentTexts,
  leniencyTexts,
  listenTexts,
  otherTexts,
  parserTexts,
  pipelineTexts,
  routeTexts,
  statusTexts,
  storeTexts,
} from "./error-texts.ts";
import { code, type Sections, table } from "./markdown.ts";

export const errorSections: Sections = {
  exit: () => codeTable("exit code", exitTexts),
  pipeline: () =>
    table(
      ["code", "stages", "meaning", "what to do"],
      Object.entries(pipelineTexts).map(([name, texts]) => [code(name), ...texts]),
    ),
  http: () => codeTable("reason", httpTexts),
  statuses: () => codeTable("reason", statusTexts),
  files: () => codeTable("reason", fileTexts),
  parser: () => codeTable("reason", parserTexts),
  judgment: () => codeTable("reason", judgmentTexts),
  leniencies: () =>
    table(
      ["leniency", "what is let pass"],
      Object.entries(leniencyTexts).map(([name, text]) => [code(name), text]),
    ),
  store: () =>
    table(
      ["reason", "at the start, `serve`", "meaning", "what to do"],
      Object.entries(storeTexts).map(([name, texts]) => [
        code(name),
        atTheStart(name as StoreErrorCode),
        ...texts,
      ]),
    ),
  configuration: () => codeTable("code", configurationTexts),
  listen: () => codeTable("reason", listenTexts),
  routes: () => codeTable("code", routeTexts),
  others: () => codeTable("code", otherTexts),
  findings: () =>
    table(
      ["finding", "meaning"],
      Object.entries(findingTexts).map(([name, text]) => [code(name), text]),
    ),
};

function atTheStart(reason: StoreErrorCode): string {
  if (onlyInRuns.has(reason)) return "";
  return waitedFor.has(reason) ? "waits" : "ends";
}

function codeTable(head: string, texts: Readonly<Record<string, CodeText>>): string {
  return table(
    [head, "meaning", "what to do"],
    Object.entries(texts).map(([name, text]) => [code(name), ...text]),
  );
}

const onlyInRuns: ReadonlySet<StoreErrorCode> = new Set([
  "BUNDLE_REFUSED",
  "BUNDLE_REPLACED",
  "CANCELLED",
  "STORE_CLOSED",
] as const satisfies readonly StoreErrorCode[]);
