/**
 * The ways in which certificates, CRLs and lists are handed around: base64, PEM, PKCS#7, ZIP.
 *
 * @module
 */

import { type Zippable, zipSync } from "fflate";
import { buildCertificateBundle } from "../cms/certificate-bundle.ts";
import { writeKeyPair } from "../crypto/key-pair.ts";
import type { FixturePart } from "../manifest.ts";
import { encodeBase64, encodePem } from "../text/pem.ts";
import { type Catalogue, inDerOrder, type Named } from "./catalogue.ts";
import type { FileDraft } from "./list-file.ts";
import { soundRevocationList } from "./small-files.ts";

/** All of them but LDIF. `lists` are the Master Lists made so far, to be wrapped. */
export function containerFiles(catalogue: Catalogue, lists: readonly FileDraft[]): readonly FileDraft[] {
  const list = (name: string): FileDraft => {
    const found = lists.find((draft) => draft.name === name);
    if (found === undefined) throw new Error(`no list ${name}`);
    return found;
  };
  return [
    pemFile(catalogue),
    textList(list("signer-alone.ml"), {
      name: "list.b64",
      description: "signer-alone.ml in base64 and nothing around it",
      encode: encodeBase64,
    }),
    textList(list("signer-alone.ml"), {
      name: "list.pem",
      description: "signer-alone.ml in PEM, under the label CMS",
      encode: (der) => encodePem("CMS", der),
    }),
    bundle(catalogue, {
      name: "bundle.p7b",
      description: "a PKCS#7 bundle of certificates, one of each role",
      encoding: "der",
    }),
    bundle(catalogue, {
      name: "bundle-ber.p7b",
      description: "the same certificates and a CRL in a PKCS#7 bundle in BER, with indefinite lengths",
      encoding: "ber",
      revocationList: soundRevocationList(catalogue),
    }),
    zipFile(catalogue, list("duplicates.ml")),
  ];
}

/** Text around the blocks is for people (RFC 7468, 2); openssl pkcs12 writes such attributes. */
function pemFile(catalogue: Catalogue): FileDraft {
  const options = { lineEnding: "\r\n" } as const;
  const [xa, aa, qz] = ["xa-passport", "aa-passport", "qz-passport"].map((publisher) =>
    catalogue.find(catalogue.rootOf(publisher)),
  );
  if (xa === undefined || aa === undefined || qz === undefined) throw new Error("a publisher has no root");
  const crl = soundRevocationList(catalogue);
  const heading = ({ name }: Named) => `Bag Attributes\r\n    friendlyName: ${name}\r\n`;
  const block = (named: Named) => encodePem("CERTIFICATE", named.certificate.der, options);
  const text = [
    "CSCA certificates of three countries, and a CRL.\r\n\r\n",
    ...[xa, aa].flatMap((named) => [heading(named), block(named)]),
    encodePem("X509 CRL", crl.der, options),
    writeKeyPair(catalogue.find("xa-document-signer-1").certificate.key).replaceAll("\n", "\r\n"),
    ...[qz, xa].map(block),
    "The last one was the first.\r\n",
  ];
  const certificate = ({ name }: Named): FixturePart => ({ origin: "CERTIFICATE", certificate: name });
  return {
    name: "certificates.pem",
    description:
      "four certificates, two of them the same, a CRL and a private key in PEM, with text around and CRLF",
    kind: "certificates",
    content: encode(text.join("")),
    parts: [
      certificate(xa),
      certificate(aa),
      { origin: "X509 CRL", revocationList: crl.answers },
      certificate(qz),
      certificate(xa),
    ],
    skipped: ["PRIVATE KEY"],
  };
}

function textList(
  list: FileDraft,
  {
    encode: toText,
    ...fields
  }: Pick<FileDraft, "name" | "description"> & { readonly encode: (der: Uint8Array) => string },
): FileDraft {
  return { ...list, ...fields, content: encode(toText(list.content)) };
}

function bundle(
  catalogue: Catalogue,
  {
    name,
    description,
    encoding,
    revocationList,
  }: Pick<FileDraft, "name" | "description"> & {
    readonly encoding: "der" | "ber";
    readonly revocationList?: ReturnType<typeof soundRevocationList>;
  },
): FileDraft {
  const certificates = inDerOrder(rolesShown.map(catalogue.find));
  const content = buildCertificateBundle({
    certificates: certificates.map(({ certificate }) => certificate.der),
    crls: revocationList === undefined ? [] : [revocationList.der],
    encoding,
  });
  return {
    name,
    description,
    kind: "certificates",
    content,
    parts: [
      ...certificates.map((named) => ({ origin: null, certificate: named.name })),
      ...(revocationList === undefined ? [] : [{ origin: null, revocationList: revocationList.answers }]),
    ],
  };
}

/** BSI publishes its list so: the list, and a text beside it. */
function zipFile(catalogue: Catalogue, list: FileDraft): FileDraft {
  const certificate = catalogue.find(catalogue.rootOf("aa-passport"));
  const inner = zip({ "csca/aa.cer": certificate.certificate.der });
  if (list.list === undefined) throw new Error(`${list.name} is no list`);
  return {
    name: "list.zip",
    description: "an archive of duplicates.ml, a text file, and an archive with a certificate",
    kind: "zip",
    content: zip({
      "masterlist/XA_2026-06-01.ml": list.content,
      "masterlist/README.txt": encode("The list of XA of the first of June, 2026.\n"),
      "certificates.zip": inner,
    }),
    parts: [
      { origin: "masterlist/XA_2026-06-01.ml", list: list.list },
      { origin: "certificates.zip!/csca/aa.cer", certificate: certificate.name },
    ],
    skipped: ["masterlist/README.txt"],
  };
}

/** ZIP has local times: the date is given in parts, so that every time zone builds the same. */
export function zip(members: Zippable): Uint8Array {
  return zipSync(members, { level: 9, mtime: new Date(2026, 5, 1, 12) });
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

const rolesShown = [
  "xa-passport-3",
  "xa-passport-3-link",
  "xa-list-signer",
  "xa-document-signer-1",
  "xa-deviation-list-signer",
  "rare-seal-signer",
];
