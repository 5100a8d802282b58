/**
 * Names as OpenSSL prints them.
 *
 * @module
 */

import type { GeneralNameRecord, NameAttributeRecord } from "cert-parser-core";

/** A distinguished name in the order of its encoding: `C = DE, O = bund, CN = csca-germany`. */
export function nameText(rdns: readonly (readonly NameAttributeRecord[])[]): string {
  return rdns.map((rdn) => rdn.map(attributeText).join(" + ")).join(", ");
}

/** GeneralNames on one line: `email:a@b, DirName:L=D`. */
export function generalNamesText(names: readonly GeneralNameRecord[]): string {
  return names.map(({ type, value }) => `${generalNames[type]}:${value}`).join(", ");
}

function attributeText({ type, name, value, der }: NameAttributeRecord): string {
  return `${name ?? type} = ${value === null ? `#${der}` : quoted(value)}`;
}

function quoted(value: string): string {
  if (!/^[ #]|["+,;<>\\]| $/.test(value)) return value;
  return `"${value.replace(/["\\]/g, "\\$&")}"`;
}

const generalNames: Readonly<Record<GeneralNameRecord["type"], string>> = {
  otherName: "othername",
  rfc822Name: "email",
  dNSName: "DNS",
  x400Address: "X400Name",
  directoryName: "DirName",
  ediPartyName: "EdiPartyName",
  uniformResourceIdentifier: "URI",
  iPAddress: "IP Address",
  registeredID: "Registered ID",
};
