/**
 * Reads `k8s/prometheus-rules.yaml`: as much of YAML as stands in it, and an error for the rest.
 *
 * @module
 */

import { readFileSync } from "node:fs";

/** One alert. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What a rule file of Prometheus holds: `spec` of the manifest. */
export interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly AlertRule[] }[];
}

/** The manifest. */
export interface RuleManifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: RuleFile;
}

/** Reads the manifest of this repository. */
export function readRules(): RuleManifest {
  const file = new URL("../../../../k8s/prometheus-rules.yaml", import.meta.url);
  return parseYaml(readFileSync(file, "utf8")) as RuleManifest;
}

/** Block mappings, block sequences, plain and double-quoted scalars, and folded ones. */
export function parseYaml(text: string): unknown {
  const lines = text
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"))
    .map((line) => ({ indent: line.length - line.trimStart().length, text: line.trim() }));
  const rest = [...lines];
  const value = parseNode(rest);
  if (rest[0] !== undefined) throw new Error(`not understood: ${rest[0].text}`);
  return value;
}

interface Line {
  readonly indent: number;
  readonly text: string;
}

function parseNode(rest: Line[]): unknown {
  return rest[0]?.text.startsWith("- ") ? parseSequence(rest) : parseMapping(rest);
}

function parseSequence(rest: Line[]): readonly unknown[] {
  const indent = rest[0]?.indent;
  const items: unknown[] = [];
  while (rest[0]?.indent === indent && rest[0]?.text.startsWith("- ")) {
    const { indent: at, text } = rest.shift() as Line;
    // The first key of an item stands behind its dash.
    rest.unshift({ indent: at + 2, text: text.slice(2) });
    items.push(parseNode(rest));
  }
  return items;
}

function parseMapping(rest: Line[]): Readonly<Record<string, unknown>> {
  const indent = rest[0]?.indent ?? 0;
  const mapping: Record<string, unknown> = {};
  while (rest[0]?.indent === indent) {
    const { text } = rest.shift() as Line;
    const [, key = "", value = ""] = /^([\w./-]+):(?: (.*))?$/.exec(text) ?? [];
    if (key === "" || key in mapping) throw new Error(`not understood: ${text}`);
    mapping[key] = parseValue(value, indent, rest);
  }
  return mapping;
}

function parseValue(value: string, indent: number, rest: Line[]): unknown {
  if (value === ">-") return foldedLines(indent, rest).join(" ");
  if (value === "") return parseNode(rest);
  if (value.startsWith('"')) return JSON.parse(value);
  // YAML would take these for something else than text.
  if (/^[[\]{}&*!|>'%@`]|: | #|:$/.test(value)) throw new Error(`not a plain scalar: ${value}`);
  return value;
}

function foldedLines(indent: number, rest: Line[]): readonly string[] {
  const folded: string[] = [];
  while (rest[0] !== undefined && rest[0].indent > indent) folded.push((rest.shift() as Line).text);
  return folded;
}
