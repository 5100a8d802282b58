/**
 * Opens any list of this field by what it says that it is.
 *
 * @module
 */

import { expectContent, parseSignedData, type SignedData } from "../cms/signed-data.ts";
import { idIcaoCscaMasterList, idIcaoDeviationList } from "../der/oids.ts";
import { type DeviationList, readDeviationList } from "./deviation-list.ts";
import { unexpectedContentType } from "./envelope.ts";
import { isBareMasterList, type MasterList, readBareMasterList, readMasterList } from "./master-list.ts";
import type { PartReading } from "./parts.ts";

/** Opens the Master List, in CMS or bare, or the Deviation List that is all of the input. */
export function openSignedObject(reading: PartReading): MasterList | DeviationList {
  if (isBareMasterList(reading)) return readBareMasterList(reading);
  return readSignedObject(reading, parseSignedData(reading.input, reading.limits));
}

/** Reads the list in the SignedData that is all of the input. */
export function readSignedObject(reading: PartReading, signedData: SignedData): MasterList | DeviationList {
  expectContent(signedData);
  switch (signedData.contentType) {
    case idIcaoCscaMasterList:
      return readMasterList(reading, signedData);
    case idIcaoDeviationList:
      return readDeviationList(reading, signedData);
    default:
      throw unexpectedContentType(signedData.contentType, "a CSCA Master List or a Deviation List");
  }
}
