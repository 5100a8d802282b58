/**
 * Builds all files with their manifest.
 *
 * @module
 */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../crypto/hash.ts";
import type { FixtureCertificate, FixtureFile, FixtureManifest, OddityDescription } from "../manifest.ts";
import { buildCatalogue } from "./catalogue.ts";
import { certificateOddities } from "./certificate-oddities.ts";
import type { KeySource } from "./certificate-plan.ts";
import { generationOddities } from "./generation-oddities.ts";
import { largeFiles } from "./large-files.ts";
import type { FileDraft } from "./list-file.ts";
import { rarities } from "./rarities.ts";
import { rareFiles, smallFiles } from "./small-files.ts";

/** Every file of the fixtures by name, the manifest and the certificates' records among them. */
export function buildFixtureSet(keys: KeySource): ReadonlyMap<string, Uint8Array> {
  const catalogue = buildCatalogue(keys);
  const drafts = [...largeFiles(catalogue), ...smallFiles(catalogue), ...rareFiles(catalogue)];
  const shown = new Set(drafts.flatMap(namesIn));
  const certificates = [...catalogue.records.values()].filter(({ name }) => shown.has(name));
  const manifest: FixtureManifest = {
    certListOrder: "der",
    files: drafts.map(measure),
    oddities: [...generationOddities, ...certificateOddities, ...rarities].map((oddity) =>
      describe(oddity, certificates),
    ),
  };
  return new Map([
    ...drafts.map(({ name, content }): [string, Uint8Array] => [name, content]),
    ["manifest.json", encodeManifest(manifest)],
    ["certificates.json", encode(`${lines(certificates)}\n`)],
  ]);
}

/** Writes the files into a directory. */
export function writeFixtureSet(files: ReadonlyMap<string, Uint8Array>, directory: string): void {
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of files) {
    rmSync(join(directory, name), { force: true });
    writeFileSync(join(directory, name), content);
  }
}

function measure({ content, ...draft }: FileDraft): FixtureFile {
  const { name, description, kind, ...answers } = draft;
  return { name, description, kind, bytes: content.length, sha256: sha256Hex(content), ...answers };
}

function describe(
  { id, description }: Pick<OddityDescription, "id" | "description">,
  certificates: readonly FixtureCertificate[],
): OddityDescription {
  const carriers = certificates.filter(({ oddities }) => oddities.includes(id));
  return { id, description, certificates: carriers.map(({ name }) => name) };
}

function namesIn({ list, certificate }: FileDraft): readonly string[] {
  const listed = list?.listed.filter((name) => name !== null) ?? [];
  return [...listed, ...(list?.envelope ?? []), ...(certificate === undefined ? [] : [certificate])];
}

/** Each file and each oddity has a line of its own, and so has each certificate: a change of one shows as such. */
function encodeManifest({ certListOrder, files, oddities }: FixtureManifest): Uint8Array {
  const head = `"certListOrder":${JSON.stringify(certListOrder)}`;
  return encode(`{${head},\n"files":${lines(files)},\n"oddities":${lines(oddities)}}\n`);
}

function lines(values: readonly unknown[]): string {
  return `[\n${values.map((value) => JSON.stringify(value)).join(",\n")}\n]`;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
