/**
 * The short names of attribute types, as LDAP's registry of descriptors gives them.
 *
 * @module
 */

import {
  idAtBusinessCategory,
  idAtCommonName,
  idAtCountryName,
  idAtDescription,
  idAtDnQualifier,
  idAtGenerationQualifier,
  idAtGivenName,
  idAtInitials,
  idAtLocalityName,
  idAtOrganizationalUnitName,
  idAtOrganizationIdentifier,
  idAtOrganizationName,
  idAtPostalCode,
  idAtPseudonym,
  idAtSerialNumber,
  idAtStateOrProvinceName,
  idAtStreetAddress,
  idAtSurname,
  idAtTitle,
  idDomainComponent,
  idEmailAddress,
  idUserId,
} from "../der/oids.ts";

/** Short names by dotted OID: the table of RFC 4514, section 3, then others that stand in names of CSCAs. */
export const attributeDescriptors: ReadonlyMap<string, string> = new Map([
  [idAtCommonName, "CN"],
  [idAtLocalityName, "L"],
  [idAtStateOrProvinceName, "ST"],
  [idAtOrganizationName, "O"],
  [idAtOrganizationalUnitName, "OU"],
  [idAtCountryName, "C"],
  [idAtStreetAddress, "STREET"],
  [idDomainComponent, "DC"],
  [idUserId, "UID"],
  [idAtSurname, "sn"],
  [idAtSerialNumber, "serialNumber"],
  [idAtTitle, "title"],
  [idAtDescription, "description"],
  [idAtBusinessCategory, "businessCategory"],
  [idAtPostalCode, "postalCode"],
  [idAtGivenName, "givenName"],
  [idAtInitials, "initials"],
  [idAtGenerationQualifier, "generationQualifier"],
  [idAtDnQualifier, "dnQualifier"],
  [idAtPseudonym, "pseudonym"],
  [idAtOrganizationIdentifier, "organizationIdentifier"],
  [idEmailAddress, "emailAddress"],
]);
