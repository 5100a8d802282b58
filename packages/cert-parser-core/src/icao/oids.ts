/**
 * Object identifiers of ICAO, Doc 9303-12 section 9.
 *
 * @module
 */

/** eContentType of a CSCA Master List. */
export const idIcaoCscaMasterList = "2.23.136.1.1.2";
