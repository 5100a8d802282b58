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
import { containerFiles } from "./container-files.ts";
import { type CrlRarity, crlRarities, type NamedRevocationList } from "./crl-rarities.ts";
import { deviationFile } from "./deviation-file.ts";
import { generationOddities } from "./generation-oddities.ts";
import { largeFiles } from "./large-files.ts";
import { ldifFiles } from "./ldif-files.ts";
import type { FileDraft } from "./list-file.ts";
import { rareFiles } from "./rare-files.ts";
import { rarities } from "./rarities.ts";
import { smallFiles } from "./small-files.ts";
import { trustFiles } from "./trust-files.ts";

/** Every file of the fixtures by name, the manifest and the certificates' records among them. */
export function buildFixtureSet(keys: KeySource): ReadonlyMap<string, Uint8Array> {
  const catalogue = buildCatalogue(keys);
  const lists = [...largeFiles(catalogue), ...smallFiles(catalogue), ...rareFiles(catalogue)];
  const drafts = [
    ...lists,
    ...containerFiles(catalogue, lists),
    ...ldifFiles(catalogue, lists),
    deviationFile(catalogue),
    ...trustFiles(catalogue, lists),
  ];
  const shown = new Set(drafts.flatMap(namesIn));
  const certificates = [...catalogue.records.values()].filter(({ name }) => shown.has(name));
  const manifest: FixtureManifest = {
    certListOrder: "der",
    files: drafts.map(measure),
    oddities: [
      ...[...generationOddities, ...certificateOddities, ...rarities].map((oddity) =>
        describe(oddity, certificates),
      ),
      ...crlRarities.map((rarity, index) => describeCrl(rarity, catalogue.rareCrls[index])),
    ],
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

function describeCrl(
  { id, description }: CrlRarity,
  revocationList: NamedRevocationList | undefined,
): OddityDescription {
  const revocationLists = revocationList === undefined ? [] : [revocationList.answers.sha256];
  return { id, description, certificates: [], revocationLists };
}

function namesIn({ list, certificate, deviationList, parts = [] }: FileDraft): readonly string[] {
  const certificates = [{ list, certificate }, ...parts].flatMap((part) => [
    ...(part.list?.listed.filter((name) => name !== null) ?? []),
    ...(part.list?.envelope ?? []),
    ...(part.certificate === undefined ? [] : [part.certificate]),
  ]);
  return [...certificates, ...(deviationList?.envelope ?? [])];
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
