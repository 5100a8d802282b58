/**
 * Takes fixture lists apart for the tests, by means of their own.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { type FixtureName, fixtureNames, readFixture, readManifest } from "cert-parser-fixtures";
import { at, readAll, type Tlv } from "./tlv.ts";

/** The lists with a CMS around them and no text around that, by name. */
export const listNames: readonly FixtureName[] = fixtureNames.filter(
  (name) =>
    name.endsWith(".ml") &&
    readManifest().files.some((file) => file.name === name && file.kind === "master-list"),
);

/** Elements of certList in a CscaMasterList, in its order. */
export function elementsOf(content: Uint8Array): readonly Buffer[] {
  return readAll(at(content, 1).content).map(({ der }) => der);
}

/** The CscaMasterList in a list that is DER all over. */
export function contentOf(name: FixtureName): Buffer {
  return signedData(name, 2, 1, 0).content;
}

/** An element inside the SignedData of a list that is DER all over. */
export function signedData(name: FixtureName, ...path: readonly number[]): Tlv {
  return at(readFixture(name), 1, 0, ...path);
}

/** A reason to skip what needs OpenSSL's command, or false. */
export const withoutOpenssl: string | false =
  spawnSync("openssl", ["version"]).status === 0 ? false : "openssl is not installed";

/** Runs openssl over `input`; gives its output and what it had to say. */
export function openssl(input: Uint8Array, ...args: readonly string[]): { stdout: Buffer; stderr: string } {
  const { stdout, stderr, error } = spawnSync("openssl", args, { input, maxBuffer: 64 * 1024 * 1024 });
  if (error !== undefined) throw error;
  return { stdout, stderr: stderr.toString() };
}
