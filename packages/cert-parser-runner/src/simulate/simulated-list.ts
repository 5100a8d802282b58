/**
 * The list that a simulated service publishes: the synthetic one of the fixtures, signed when the simulator starts.
 *
 * @module
 */

import { parseMasterList } from "cert-parser-core";

/**
 * Signs certificates, by default those of the synthetic world list, anew. A list as old as the fixture would wait for approval, as any first
 * list of that age does.
 *
 * Each call makes the same publisher with the same certificates, so that a store which has pinned it takes the list of a
 * restarted simulator as its next one.
 */
export async function buildSimulatedList(
  signingTime: Date,
  certificates?: readonly Uint8Array[],
): Promise<Uint8Array> {
  // Loaded here, since only the simulator needs them.
  const builders = await import("cert-parser-fixtures/builders");
  const { buildCertificate, cscaOptions, deriveKeyPair, listSignerOptions } = builders;

  const csca = buildCertificate(
    cscaOptions({
      ...validity,
      subject: subjectOf("Simulated CSCA"),
      key: deriveKeyPair("P-256", "cert-parser: CSCA of the simulator"),
    }),
  );
  const signer = buildCertificate(
    listSignerOptions({
      ...validity,
      issuer: csca,
      subject: subjectOf("Simulated Master List Signer"),
      key: deriveKeyPair("P-256", "cert-parser: Master List signer of the simulator"),
      serialNumber: 2,
    }),
  );

  return builders.buildMasterList({
    certificates: certificates ?? (await worldCertificates()),
    signers: [{ certificate: signer, signingTime: `${signingTime.toISOString().slice(0, 19)}Z` }],
    envelopeCertificates: [csca.der, signer.der].sort(builders.compareDer),
  }).der;
}

async function worldCertificates(): Promise<readonly Uint8Array[]> {
  const { readFixture } = await import("cert-parser-fixtures");
  return parseMasterList(readFixture("world.ml")).certificates.map(({ der }) => der);
}

function subjectOf(commonName: string) {
  return [
    { type: "C", value: "ZZ" },
    { type: "O", value: "cert-parser" },
    { type: "CN", value: commonName },
  ] as const;
}

// It has no date of expiry: RFC 5280, 4.1.2.5.
const validity = { notBefore: "2020-01-01T00:00:00Z", notAfter: "9999-12-31T23:59:59Z" } as const;
