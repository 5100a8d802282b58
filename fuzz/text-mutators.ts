/**
 * Mutations of the lines of PEM, base64 and LDIF.
 *
 * @module
 */

import type { Mutator } from "./mutator.ts";
import type { Random } from "./random.ts";

/** Changes lines in place. */
type LineChange = (lines: string[], at: number, random: Random) => void;

export const textMutators: readonly Mutator[] = [
  removeLine,
  repeatLine,
  swapLines,
  joinLines,
  foldLine,
  changeCase,
  insertLine,
  addCarriageReturns,
  repad,
  indent,
].map(toMutator);

function toMutator(change: LineChange): Mutator {
  return (bytes, random) => {
    const lines = latin1.decode(bytes).split("\n");
    change(lines, random.below(lines.length), random);
    return Uint8Array.from(Buffer.from(lines.join("\n"), "latin1"));
  };
}

function removeLine(lines: string[], at: number, random: Random): void {
  lines.splice(at, 1 + random.below(3));
}

function repeatLine(lines: string[], at: number, random: Random): void {
  const times = random.oneIn(8) ? 500 : 2;
  lines.splice(at, 0, ...new Array<string>(times).fill(lines[at] ?? ""));
}

function swapLines(lines: string[], at: number, random: Random): void {
  const other = random.below(lines.length);
  [lines[at], lines[other]] = [lines[other] ?? "", lines[at] ?? ""];
}

function joinLines(lines: string[], at: number): void {
  lines.splice(at, 2, (lines[at] ?? "") + (lines[at + 1] ?? ""));
}

function foldLine(lines: string[], at: number, random: Random): void {
  const line = lines[at] ?? "";
  const cut = random.below(line.length + 1);
  lines.splice(at, 1, line.slice(0, cut), ` ${line.slice(cut)}`);
}

function changeCase(lines: string[], at: number, random: Random): void {
  const line = lines[at] ?? "";
  lines[at] = random.oneIn(2) ? line.toUpperCase() : line.toLowerCase();
}

function insertLine(lines: string[], at: number, random: Random): void {
  lines.splice(at, 0, random.pick(tellingLines));
}

function addCarriageReturns(lines: string[], at: number, random: Random): void {
  if (random.oneIn(2)) lines[at] = `${lines[at] ?? ""}\r`;
  else for (const [index, line] of lines.entries()) lines[index] = `${line}\r`;
}

function repad(lines: string[], at: number, random: Random): void {
  const line = (lines[at] ?? "").replace(/=+$/, "");
  lines[at] = line.slice(0, Math.max(0, line.length - random.below(4))) + "=".repeat(random.below(4));
}

function indent(lines: string[], at: number, random: Random): void {
  lines[at] = random.pick([" ", "\t", "  ", "#", "-", "::", "\0"]) + (lines[at] ?? "");
}

const latin1 = new TextDecoder("latin1");

// What readers of these formats branch on.
const tellingLines = [
  "",
  "-",
  "# comment",
  " ",
  "version: 1",
  "version: 2",
  "dn:",
  "dn: c=XX,dc=data,dc=download,dc=pkd,dc=icao,dc=int",
  "dn:: Yz1YWA==",
  "dn:: !",
  "changetype: add",
  "changetype: modify",
  "changetype: delete",
  "changetype: modrdn",
  "newrdn: cn=x",
  "deleteoldrdn: 1",
  "add: pkdVersion",
  "replace: userCertificate;binary",
  "delete: userCertificate;binary",
  "pkdVersion: 1",
  "pkdVersion: -1",
  "pkdVersion: 99999999999999999999",
  "control: 1.2.3 true",
  "userCertificate;binary:: MAA=",
  "userCertificate;binary:: ",
  "userCertificate:< file:///etc/hostname",
  "CscaMasterListData:: MIAwAAAA",
  "pkdMasterListContent;binary:: MAA",
  "certificateRevocationList;binary:: MAA=",
  "-----BEGIN CERTIFICATE-----",
  "-----END CERTIFICATE-----",
  "-----BEGIN X509 CRL-----",
  "-----BEGIN PKCS7-----",
  "-----BEGIN CMS-----",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN -----",
  "Proc-Type: 4,ENCRYPTED",
  "MAA=",
];
