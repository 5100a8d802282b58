/**
 * Peers outside of Node that read the same certificates: OpenSSL's command line, and asn1crypto in Python.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isInstalled, timeProgram } from "./processes.ts";

/** One row of the table. */
export interface Reading {
  readonly contender: string;
  readonly certificates: number;
  /** The first run in a process. */
  readonly coldMs: number;
  readonly warmMs: number;
  /** Undefined where another program holds the memory. */
  readonly grownMiB?: number;
}

/** Measures those that are installed, on files in `folder`, and says which are not. */
export function measurePeers(certificates: readonly Uint8Array[], folder: string): readonly Reading[] {
  return [...measureOpenssl(certificates, folder), ...measureAsn1crypto(certificates, folder)];
}

/** It prints what it reads, as text: there is no other way to have the fields from it. */
function measureOpenssl(certificates: readonly Uint8Array[], folder: string): readonly Reading[] {
  if (!isInstalled("openssl", "version")) return leftOut("openssl", "it is not installed");
  const file = join(folder, "certificates.pem");
  writeFileSync(file, certificates.map(toPem).join(""));
  const ms = timeProgram("openssl", ["storeutl", "-noout", "-text", "-certs", file], ["version"]);
  return [{ contender: "openssl storeutl -text", certificates: certificates.length, coldMs: ms, warmMs: ms }];
}

function measureAsn1crypto(certificates: readonly Uint8Array[], folder: string): readonly Reading[] {
  const python = process.env.PYTHON ?? "python3";
  if (!isInstalled(python, "-c", "import asn1crypto")) {
    return leftOut("asn1crypto", `${python} does not have it; PYTHON names another one`);
  }
  const file = join(folder, "certificates.der");
  writeFileSync(file, Buffer.concat(certificates));
  const script = join(import.meta.dirname, "read-with-asn1crypto.py");
  const reading = JSON.parse(execFileSync(python, [script, file], { encoding: "utf8" })) as Reading;
  return [{ ...reading, contender: "asn1crypto (Python)" }];
}

function leftOut(contender: string, reason: string): readonly [] {
  console.log(`${contender} is left out: ${reason}`);
  return [];
}

function toPem(der: Uint8Array): string {
  const lines = Buffer.from(der)
    .toString("base64")
    .replace(/.{1,64}/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`;
}
