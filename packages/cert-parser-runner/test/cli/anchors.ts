/**
 * Certificates of the fixtures as files, for `--anchor`.
 *
 * @module
 */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import { readCertificates, readFixture, readManifest } from "cert-parser-fixtures";

/** A directory of anchors; it goes with `remove`. */
export interface AnchorFiles {
  readonly directory: string;
  /** The file of a certificate of the fixtures, by its name. */
  fileOf(name: string): Promise<string>;
  remove(): void;
}

export function createAnchorFiles(): AnchorFiles {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-anchors-"));
  // Written once: another command may be reading it.
  const written = new Map<string, Promise<string>>();
  const write = async (name: string) => {
    const file = join(directory, `${name}.cer`);
    writeFileSync(file, await derOf(name));
    return file;
  };
  return {
    directory,
    fileOf(name) {
      const file = written.get(name) ?? write(name);
      written.set(name, file);
      return file;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** From whichever list has it. */
async function derOf(name: string): Promise<Uint8Array> {
  const wanted = readCertificates().find((certificate) => certificate.name === name);
  for (const file of readManifest().files) {
    if (file.list === undefined) continue;
    if (![...file.list.listed, ...file.list.envelope].includes(name)) continue;
    const { objects } = await readBundle(readFixture(file.name as never), { sha256 });
    const all = objects.flatMap((object) => [...object.certificates, ...object.envelopeCertificates]);
    const found = all.find((certificate) => certificate.sha256 === wanted?.sha256);
    if (found !== undefined) return found.der;
  }
  throw new Error(`no list of the fixtures has ${name}`);
}
