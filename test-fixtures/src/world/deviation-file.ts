/**
 * `deviations.dl`: a Deviation List with each way of naming a document signer, and most types of deviation.
 *
 * @module
 */

import { compareDer, element, integer, objectIdentifier, Tag } from "../asn1/der-writer.ts";
import {
  buildDeviationList,
  type DeviationInput,
  type DocumentSignerInput,
  encodeDescription,
  encodeDeviation,
} from "../cms/deviation-list.ts";
import { digest, hashes } from "../crypto/hash.ts";
import type { FixtureDeviation, FixtureDocumentSigner } from "../manifest.ts";
import { encodeName } from "../x509/name.ts";
import { type Catalogue, inDerOrder } from "./catalogue.ts";
import { type FileDraft, signerAnswers } from "./list-file.ts";

/** Builds and signs it. */
export function deviationFile(catalogue: Catalogue): FileDraft {
  const signer = catalogue.find("xa-deviation-list-signer");
  const envelope = inDerOrder([signer, catalogue.find(catalogue.rootOf("xa-passport"))]);
  const deviations = inOrder(deviationsOf(catalogue), encodeDeviation);
  const { der } = buildDeviationList({
    deviations,
    digestAlgorithm: "SHA-256",
    signers: [{ certificate: signer.certificate, signingTime }],
    envelopeCertificates: envelope.map(({ certificate }) => certificate.der),
  });
  return {
    name: "deviations.dl",
    description: "a Deviation List of six deviations, signed by a Deviation List signer",
    kind: "deviation-list",
    content: der,
    deviationList: {
      digestAlgorithm: hashes["SHA-256"].oid,
      deviations: deviations.map(answersOf),
      envelope: envelope.map(({ name }) => name),
      signers: [signerAnswers({ signingTime }, signer)],
    },
  };
}

function deviationsOf(catalogue: Catalogue): readonly DeviationInput[] {
  const issuerAndSerial = (name: string): DocumentSignerInput => {
    const { issuer, serialNumber } = catalogue.find(name).certificate;
    return { issuer, serialNumber: new Uint8Array(Buffer.from(serialNumber, "hex")) };
  };
  const { keyIdentifier } = catalogue.find("aa-document-signer-1").certificate;
  const { der } = catalogue.find("qz-document-signer-1").certificate;
  return [
    {
      documents: { dscIdentifier: issuerAndSerial("xa-document-signer-1") },
      descriptions: [
        {
          // As the German list of 2018 has it: the parameter is a CertificateBodyField, here generic.
          description: "Country name is encoded as UTF-8 instead of Printable String.",
          deviationType: `${certOrKey}.2`,
          parameters: integer(0),
        },
        {
          description: "The document type list is absent.",
          deviationType: `${certOrKey}.2`,
          parameters: objectIdentifier("2.23.136.1.1.6.2"),
        },
      ],
    },
    {
      documents: { dscIdentifier: { subjectKeyIdentifier: keyIdentifier } },
      descriptions: [
        { description: "The signature of the DSC does not verify.", deviationType: `${certOrKey}.1` },
      ],
    },
    {
      documents: {
        documentType: "P<",
        dscIdentifier: { certificateDigest: digest("SHA-256", der) },
        issuingDate: { firstIssued: "2026-03-02T00:00:00Z", lastIssued: "2026-03-20T00:00:00Z" },
      },
      descriptions: [{ deviationType: `${lds}.2`, parameters: integer(14) }],
    },
    {
      documents: { documentNumbers: ["C01X0006H", "C01X0007K", "C01X00478"] },
      descriptions: [{ description: "Active authentication key known.", deviationType: `${certOrKey}.4` }],
    },
    {
      documents: { documentType: "ID" },
      descriptions: [
        {
          description: "Check digit of the document number.",
          deviationType: `${mrz}.2`,
          parameters: integer(4),
        },
      ],
    },
    {
      // No criterion at all: every document of the country.
      descriptions: [
        {
          description: "Chip answers slowly.",
          deviationType: "2.23.136.1.1.7.4",
          nationalUse: element(Tag.utf8String, Buffer.from("Charge 2026/03")),
        },
      ],
    },
  ];
}

/** As they will stand in the SET OF. */
function inOrder<T>(values: readonly T[], encode: (value: T) => Uint8Array): readonly T[] {
  return values.toSorted((left, right) => compareDer(encode(left), encode(right)));
}

function answersOf({ documents = {}, descriptions }: DeviationInput): FixtureDeviation {
  const { documentType, dscIdentifier, issuingDate, documentNumbers } = documents;
  return {
    documentType: documentType ?? null,
    dscIdentifier: dscIdentifier === undefined ? null : signerAnswer(dscIdentifier),
    firstIssued: issuingDate?.firstIssued ?? null,
    lastIssued: issuingDate?.lastIssued ?? null,
    documentNumbers: documentNumbers ?? null,
    descriptions: inOrder(descriptions, encodeDescription).map(
      ({ description, deviationType, parameters, nationalUse }) => ({
        description: description ?? null,
        deviationType,
        parameters: parameters ? hex(parameters) : null,
        nationalUse: nationalUse ? hex(nationalUse) : null,
      }),
    ),
  };
}

function signerAnswer(signer: DocumentSignerInput): FixtureDocumentSigner {
  if ("issuer" in signer) {
    return { issuer: hex(encodeName(signer.issuer)), serialNumber: hex(signer.serialNumber) };
  }
  return "subjectKeyIdentifier" in signer
    ? { subjectKeyIdentifier: hex(signer.subjectKeyIdentifier) }
    : { certificateDigest: hex(signer.certificateDigest) };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

const signingTime = "2026-06-01T12:00:00Z";
const certOrKey = "2.23.136.1.1.7.1";
const lds = "2.23.136.1.1.7.2";
const mrz = "2.23.136.1.1.7.3";
