/**
 * The small files: one thing each.
 *
 * @module
 */

import { sequence } from "../asn1/der-writer.ts";
import { buildListContent } from "../cms/master-list.ts";
import type { RevokedCertificate } from "../x509/revocation-list.ts";
import type { Catalogue, Named } from "./catalogue.ts";
import { type NamedRevocationList, nameRevocationList } from "./crl-rarities.ts";
import { bareAnswers, type FileDraft, listFile } from "./list-file.ts";
import { drawBytes } from "./random.ts";

/** Every file but the large lists. */
export function smallFiles(catalogue: Catalogue): readonly FileDraft[] {
  const roots = (...publishers: readonly string[]) =>
    publishers.map((publisher) => catalogue.find(catalogue.rootOf(publisher)));
  const crl = soundRevocationList(catalogue);
  const crlEnvelope = listFile(catalogue, {
    name: "crl-envelope.ml",
    description: "three certificates, and a CRL in the envelope; signed with RSA",
    publisher: "aa-passport",
    signingTime,
    certificates: roots("aa-passport", "qz-passport", "xa-passport"),
    revocationLists: [crl],
    digestParameters: "null",
  });
  return [
    crlEnvelope,
    oneBad(catalogue, roots("xa-passport", "aa-passport")),
    listFile(catalogue, {
      name: "empty.ml",
      description: "a sound list of no certificates",
      publisher: "qz-passport",
      signingTime,
      certificates: [],
    }),
    {
      name: "truncated.ml",
      description: "the first three fifths of crl-envelope.ml",
      kind: "unreadable",
      content: crlEnvelope.content.subarray(0, Math.floor(crlEnvelope.content.length * 0.6)),
    },
    bare(roots("xa-passport", "xz-passport", "zz-passport")),
    listFile(catalogue, {
      name: "ber.ml",
      description:
        "three certificates in a BER envelope: indefinite lengths, a content in segments; ECDSA on P-521",
      publisher: "xz-passport",
      signingTime,
      certificates: roots("xz-passport", "xa-passport", "qm-passport"),
      encoding: "ber",
      segmentBytes: 700,
    }),
    listFile(catalogue, {
      name: "issuer-serial.ml",
      description:
        "three certificates; the signer is named by issuer and serial number and signs with RSA-PSS",
      publisher: "qm-passport",
      signingTime,
      certificates: roots("qm-passport", "zz-passport", "aa-passport"),
      sid: "issuerAndSerialNumber",
      signatureAlgorithm: { scheme: "rsa-pss", hash: "SHA-256" },
      digestParameters: "null",
    }),
    listFile(catalogue, {
      name: "duplicates.ml",
      description: "three certificates, two of them the same",
      publisher: "qz-passport",
      signingTime,
      certificates: roots("qz-passport", "xa-passport", "xa-passport"),
    }),
    certificate(catalogue.find(catalogue.rootOf("xa-passport"))),
    {
      name: "list.crl",
      description: "the CRL of crl-envelope.ml alone",
      kind: "crl",
      content: crl.der,
      revocationLists: [crl.answers],
    },
    ...textFiles(),
  ];
}

/** The CRL of `crl-envelope.ml` and `list.crl`. */
export function soundRevocationList(catalogue: Catalogue): NamedRevocationList {
  return nameRevocationList(catalogue.find(catalogue.rootOf("aa-passport")), {
    thisUpdate: "2026-05-15T08:00:00Z",
    nextUpdate: "2026-08-13T08:00:00Z",
    number: crlNumber,
    revokedCertificates: revoked,
  });
}

/** The bad element is a whole SEQUENCE, so that it can be passed over; its length puts it between the two others. */
function oneBad(catalogue: Catalogue, certificates: readonly Named[]): FileDraft {
  const lengths = certificates.map(({ certificate }) => certificate.der.length);
  const middle = Math.floor((Math.min(...lengths) + Math.max(...lengths)) / 2);
  const filling = drawBytes("one-bad", middle - headerBytes);
  // No tag of X.509 begins so: whoever looks inside must stop at the first octet.
  filling.fill(0xff, 0, 4);
  return listFile(catalogue, {
    name: "one-bad.ml",
    description: "two certificates, and between them a SEQUENCE of garbage",
    publisher: "xa-passport",
    signingTime,
    certificates,
    unreadable: [sequence(filling)],
  });
}

function bare(certificates: readonly Named[]): FileDraft {
  return {
    name: "bare.der",
    description: "a CscaMasterList of three certificates without CMS",
    kind: "bare-master-list",
    content: buildListContent({ certificates: certificates.map(({ certificate }) => certificate.der) }),
    list: bareAnswers(certificates),
  };
}

function certificate({ name, certificate }: Named): FileDraft {
  const description = "one root certificate";
  return {
    name: "certificate.der",
    description,
    kind: "certificate",
    content: certificate.der,
    certificate: name,
  };
}

function textFiles(): readonly FileDraft[] {
  const encode = (text: string) => new TextEncoder().encode(text);
  return [
    {
      name: "text.txt",
      description: "a text file",
      kind: "unreadable",
      content: encode("This is a text file. It is not a Master List.\n"),
    },
    {
      name: "html-error.html",
      description: "an error page as a gateway gives it, with whatever status",
      kind: "unreadable",
      content: encode(gatewayPage),
    },
  ];
}

const signingTime = "2026-06-01T12:00:00Z";
const crlNumber = 26;
const headerBytes = 4;

const revoked: readonly RevokedCertificate[] = [
  { serialNumber: 0x1001, revocationDate: "2024-02-29T10:00:00Z", reason: "keyCompromise" },
  { serialNumber: 0xfedcba98, revocationDate: "2025-01-10T12:30:00Z", reason: "cACompromise" },
  {
    serialNumber: Uint8Array.from(Buffer.from("7d3a1c90e85b42f6a1d0c4b7e92f5a68", "hex")),
    revocationDate: "2025-11-03T00:00:00Z",
    reason: "superseded",
  },
  { serialNumber: 0x7f, revocationDate: "2026-05-14T23:59:59Z" },
];

const gatewayPage = `<!DOCTYPE html>
<html lang="en">
<head><title>502 Bad Gateway</title></head>
<body>
<h1>502 Bad Gateway</h1>
<p>The server behind this gateway gave no valid answer. Please try again later.</p>
</body>
</html>
`;
