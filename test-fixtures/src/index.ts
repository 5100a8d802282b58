/**
 * Ready-made Master Lists, certificates and CRLs with known answers, for tests. Runs on Node, Deno and Bun.
 *
 * @module
 */

export {
  type FixtureName,
  fixtureNames,
  fixtureUrl,
  readCertificates,
  readFixture,
  readKey,
  readListedCertificates,
  readManifest,
} from "./fixtures.ts";
export type {
  FixtureCertificate,
  FixtureDeviation,
  FixtureDeviationDescription,
  FixtureDeviationList,
  FixtureDocumentSigner,
  FixtureFile,
  FixtureKind,
  FixtureList,
  FixtureManifest,
  FixturePart,
  FixturePkdAttributes,
  FixtureRevocationList,
  FixtureRevokedCertificate,
  FixtureSigner,
  FixtureVerdict,
  OddityDescription,
} from "./manifest.ts";
