/**
 * Object identifiers of CMS, under their registered names.
 *
 * @module
 */

// RFC 5652, 5.1 and 11.3
export const idSignedData = "1.2.840.113549.1.7.2";
export const idSigningTime = "1.2.840.113549.1.9.5";
