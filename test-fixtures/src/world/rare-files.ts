/**
 * Lists with what no current real list shows.
 *
 * @module
 */

import { concat } from "../asn1/der-writer.ts";
import type { NameInput } from "../x509/name.ts";
import type { Catalogue } from "./catalogue.ts";
import { type FileDraft, listFile } from "./list-file.ts";
import { drawBytes } from "./random.ts";

/** Every one of them. */
export function rareFiles(catalogue: Catalogue): readonly FileDraft[] {
  const root = catalogue.find(catalogue.rootOf("xa-passport"));
  const common = { publisher: "xa-passport", signingTime, certificates: [root] };
  const trailing = listFile(catalogue, {
    ...common,
    name: "trailing.ml",
    description: "a list of one certificate, and 16 bytes after the end of its CMS",
  });
  return [
    listFile(catalogue, {
      ...common,
      name: "rarities.ml",
      description:
        "certificates that can be read though no current real list has the like: see their oddities",
      certificates: [root, ...catalogue.rare],
    }),
    listFile(catalogue, {
      ...common,
      name: "not-der.ml",
      description:
        "one sound certificate and two that are no DER inside: a length that is not minimal, an indefinite one",
      unreadable: catalogue.broken,
    }),
    listFile(catalogue, {
      ...common,
      name: "two-signers.ml",
      description: "a list of one certificate, signed by two publishers",
      coPublisher: "qz-passport",
    }),
    listFile(catalogue, {
      ...common,
      name: "list-version-1.ml",
      description: "a list of one certificate whose CscaMasterListVersion is 1, which is not defined",
      listVersion: 1,
    }),
    { ...trailing, content: concat(trailing.content, drawBytes("trailing", 16)) },
    listFile(catalogue, {
      ...common,
      name: "unsorted.ml",
      description: "three certificates, the last in DER order first, as in DE lists of 2019 and 2021",
      order: "reversed",
      certificates: ["xa-passport", "qz-passport", "zz-passport"].map((publisher) =>
        catalogue.find(catalogue.rootOf(publisher)),
      ),
    }),
    listFile(catalogue, {
      ...common,
      name: "signer-alone.ml",
      description: "a list of one certificate, with the signer alone in the envelope, as in NL and IT lists",
      hasRoot: false,
    }),
    listFile(catalogue, {
      ...common,
      name: "signer-without-ski.ml",
      description:
        "a list of one certificate; the signer's has no subjectKeyIdentifier, as in CA and CH lists",
      signer: "xa-list-signer-without-ski",
      sid: "issuerAndSerialNumber",
    }),
    listFile(catalogue, {
      ...common,
      name: "sid-respelled.ml",
      description:
        "a list of one certificate; the signer's issuer is named in another string type, as UA lists have it",
      sid: "issuerAndSerialNumber",
      sidIssuer: respelled(root.certificate.subject),
    }),
    listFile(catalogue, {
      ...common,
      name: "csca-signed.ml",
      description: "a list of one certificate, signed by the CSCA itself, as the DE list of 2019-09-25",
      signer: root.name,
    }),
    listFile(catalogue, {
      ...common,
      name: "rare-crls.ml",
      description:
        "a list of one certificate with CRLs in its envelope that are rare, one of them twice: see their oddities",
      revocationLists: [...catalogue.rareCrls, ...catalogue.rareCrls.slice(0, 1)],
    }),
  ];
}

/** The same name to whoever compares as RFC 5280, 7.1 asks. */
function respelled(name: NameInput): NameInput {
  if (name instanceof Uint8Array) throw new Error("the name is known by its parts");
  return name.flat().map((attribute) =>
    attribute.type === "C"
      ? attribute
      : ({
          ...attribute,
          string: attribute.string === "printableString" ? "utf8String" : "printableString",
        } as const),
  );
}

const signingTime = "2026-06-01T12:00:00Z";
