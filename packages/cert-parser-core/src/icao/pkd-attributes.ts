/**
 * The attributes of ICAO's directory in which certificates, CRLs and lists are.
 *
 * @module
 */

import type { ValueKind } from "./recognise.ts";

/** What the attributes of the directory hold, by their names in lower case. */
export const attributeKinds: ReadonlyMap<string, ValueKind> = new Map([
  ["usercertificate", "certificate"],
  ["cacertificate", "certificate"],
  ["certificaterevocationlist", "crl"],
  ["authorityrevocationlist", "crl"],
  ["deltarevocationlist", "crl"],
  ["pkdmasterlistcontent", "cms"],
  // Its name before 2018, which collections in circulation still have.
  ["cscamasterlistdata", "cms"],
]);
