/**
 * Certificates of the other roles, and the ways in which document signers spell documentTypeList.
 *
 * @module
 */

import { element, integer, sequence, setOf, Tag } from "../asn1/der-writer.ts";
import * as oids from "../asn1/oids.ts";
import type { CertificateOptions } from "../x509/certificate.ts";
import * as ext from "../x509/extension.ts";
import type { Rarity } from "./rarity.ts";

const types = ["P", "ID"];
const [p, id] = [printableString("P"), printableString("ID")];

/** The table. */
export const signerRarities: readonly Rarity[] = [
  {
    id: "document-signer",
    description: "a document signer's certificate as Doc 9303-12 has it",
    role: "dsc",
    change: (signer) => withDocumentTypes(ext.documentTypeList(types))(signer),
  },
  {
    id: "deviation-list-signer",
    description: "a Deviation List signer, known by its key purpose",
    role: "dl-signer",
    change: withPurpose(oids.idIcaoDeviationListSigningKey),
  },
  {
    id: "seal-signer",
    description: "a signer of visible digital seals, known by its key purpose",
    role: "vds-signer",
    change: withPurpose(oids.idIcaoVdsSigningKey),
  },
  {
    id: "document-types-apart",
    description: "documentTypeList with each type in a SET of its own, as in MD certificates",
    role: "dsc",
    change: withDocumentTypes(documentTypes(sequence(integer(0), setOf([p]), setOf([id])))),
  },
  {
    id: "document-types-without-version",
    description: "documentTypeList as a SEQUENCE OF types without version, as in CN, TZ and PH certificates",
    role: "dsc",
    change: withDocumentTypes(documentTypes(sequence(p, id))),
  },
  {
    id: "document-types-former",
    description: "documentTypeList under its former OID, 2.23.136.1.1.4, as in FR certificates",
    role: "dsc",
    change: withDocumentTypes(
      ext.rawExtension(oids.idIcaoFormerDocumentTypeList, sequence(integer(0), setOf([p, id]))),
    ),
  },
  {
    id: "document-types-bare",
    description:
      "documentTypeList that is a PrintableString and nothing else, as in two of ICAO's collection 003",
    role: "dsc",
    change: withDocumentTypes(documentTypes(p)),
  },
];

function withPurpose(purpose: string): Rarity["change"] {
  return ({ extensions = [] }) => ({
    extensions: ext.withExtension(
      ext.withoutExtension(extensions, oids.idIcaoExtensionsDocumentTypeList),
      ext.extendedKeyUsage([purpose]),
    ),
  });
}

function withDocumentTypes(
  extension: ext.Extension,
): (signer: CertificateOptions) => Pick<CertificateOptions, "extensions"> {
  return ({ extensions = [] }) => ({
    extensions: [...ext.withoutExtension(extensions, oids.idIcaoExtensionsDocumentTypeList), extension],
  });
}

function documentTypes(value: Uint8Array): ext.Extension {
  return ext.rawExtension(oids.idIcaoExtensionsDocumentTypeList, value);
}

function printableString(text: string): Uint8Array {
  return element(Tag.printableString, Buffer.from(text, "latin1"));
}
