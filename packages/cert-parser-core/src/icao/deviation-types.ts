/**
 * What can be wrong with a document: the types of deviations, Doc 9303-12 section 10.2.
 *
 * @module
 */

import {
  idDeviationCertOrKey,
  idDeviationCertOrKeyAaKeyCompromised,
  idDeviationCertOrKeyCscaEncoding,
  idDeviationCertOrKeyDsEncoding,
  idDeviationCertOrKeyDsSignature,
  idDeviationChip,
  idDeviationLds,
  idDeviationLdsComInconsistent,
  idDeviationLdsDgHashWrong,
  idDeviationLdsDgMalformed,
  idDeviationLdsSodSignatureWrong,
  idDeviationMrz,
  idDeviationMrzWrongCheckDigit,
  idDeviationMrzWrongData,
  idDeviationNationalUse,
} from "../der/oids.ts";

/** The types by their names in the standard, without its `id-Deviation-`. */
export type DeviationTypeName =
  | "certOrKey"
  | "certOrKey.dsSignature"
  | "certOrKey.dsEncoding"
  | "certOrKey.cscaEncoding"
  | "certOrKey.aaKeyCompromised"
  | "lds"
  | "lds.dgMalformed"
  | "lds.dgHashWrong"
  | "lds.sodSignatureWrong"
  | "lds.comInconsistent"
  | "mrz"
  | "mrz.wrongData"
  | "mrz.wrongCheckDigit"
  | "chip"
  | "nationalUse";

/** The names by dotted OID. A type that is not here is one of a state's own, or newer than the eighth edition. */
export const deviationTypeNames: ReadonlyMap<string, DeviationTypeName> = new Map([
  [idDeviationCertOrKey, "certOrKey"],
  [idDeviationCertOrKeyDsSignature, "certOrKey.dsSignature"],
  [idDeviationCertOrKeyDsEncoding, "certOrKey.dsEncoding"],
  [idDeviationCertOrKeyCscaEncoding, "certOrKey.cscaEncoding"],
  [idDeviationCertOrKeyAaKeyCompromised, "certOrKey.aaKeyCompromised"],
  [idDeviationLds, "lds"],
  [idDeviationLdsDgMalformed, "lds.dgMalformed"],
  [idDeviationLdsDgHashWrong, "lds.dgHashWrong"],
  [idDeviationLdsSodSignatureWrong, "lds.sodSignatureWrong"],
  [idDeviationLdsComInconsistent, "lds.comInconsistent"],
  [idDeviationMrz, "mrz"],
  [idDeviationMrzWrongData, "mrz.wrongData"],
  [idDeviationMrzWrongCheckDigit, "mrz.wrongCheckDigit"],
  [idDeviationChip, "chip"],
  [idDeviationNationalUse, "nationalUse"],
]);
