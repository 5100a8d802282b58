/**
 * The readers of CRLs that are compared: each reads the serial number and the date of every entry.
 *
 * @module
 */

import "reflect-metadata";
import * as peculiar from "@peculiar/x509";
import { parseRevocationList } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import * as pkijs from "pkijs";

/** Reads all entries once and gives how many there were. */
export type CrlContender = (crl: Uint8Array) => number;

/** By the names that the table shows. Node's own crypto reads no CRLs. */
export const crlContenders: Readonly<Record<string, CrlContender>> = {
  "cert-parser-core": (crl) => {
    const seen = createSum();
    for (const { serialNumber, revocationDate } of parseRevocationList(crl, { sha256 }).revokedCertificates) {
      seen.add(serialNumber, revocationDate);
    }
    return seen.count();
  },
  "@peculiar/x509": (crl) => {
    const seen = createSum();
    for (const entry of new peculiar.X509Crl(Uint8Array.from(crl)).entries) {
      seen.add(entry.serialNumber, entry.revocationDate);
    }
    return seen.count();
  },
  pkijs: (crl) => {
    const seen = createSum();
    const list = pkijs.CertificateRevocationList.fromBER(Uint8Array.from(crl).buffer);
    for (const entry of list.revokedCertificates ?? []) {
      seen.add(entry.userCertificate.valueBlock.valueHexView, entry.revocationDate.value);
    }
    return seen.count();
  },
};

/** Uses what was read, so that no compiler may leave the reading out. */
function createSum() {
  let [entries, sum] = [0, 0];
  return {
    add(serialNumber: { readonly length: number }, date: Date): void {
      entries++;
      sum += serialNumber.length + date.getTime();
    },
    count(): number {
      if (!Number.isFinite(sum)) throw new RangeError("a date was no date");
      return entries;
    },
  };
}
