/**
 * The purposes of extended key usage by name: RFC 5280 section 4.2.1.12, Doc 9303-12 and 9303-13.
 *
 * @module
 */

import {
  idIcaoDeviationListSigningKey,
  idIcaoMasterListSigningKey,
  idIcaoVdsSigningKey,
} from "../der/oids.ts";

/** Names by dotted OID, as their standards write them. */
export const keyPurposes: ReadonlyMap<string, string> = new Map([
  [idIcaoMasterListSigningKey, "icao-mrtd-security-masterListSigningKey"],
  [idIcaoDeviationListSigningKey, "icao-mrtd-security-deviationListSigningKey"],
  [idIcaoVdsSigningKey, "icao-mrtd-security-vdsSigningKey"],
  ["2.5.29.37.0", "anyExtendedKeyUsage"],
  ["1.3.6.1.5.5.7.3.1", "id-kp-serverAuth"],
  ["1.3.6.1.5.5.7.3.2", "id-kp-clientAuth"],
  ["1.3.6.1.5.5.7.3.3", "id-kp-codeSigning"],
  ["1.3.6.1.5.5.7.3.4", "id-kp-emailProtection"],
  ["1.3.6.1.5.5.7.3.8", "id-kp-timeStamping"],
  ["1.3.6.1.5.5.7.3.9", "id-kp-OCSPSigning"],
]);
