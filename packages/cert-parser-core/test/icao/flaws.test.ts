import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type Certificate,
  describeSignatureAlgorithm,
  type FindingCode,
  formatName,
  type MasterList,
  parseMasterList,
  type RevocationList,
  type RevokedCertificate,
  toHex,
} from "cert-parser-core";
import {
  type FixtureCertificate,
  type FixtureName,
  readCertificates,
  readFixture,
  readManifest,
} from "cert-parser-fixtures";

/** What a flaw leaves to be seen in each certificate that carries it: a finding, or a field; as a rule, both. */
interface Flaw {
  readonly code?: FindingCode;
  readonly reads?: Reads;
}

/** Tells whether the fields read as they were meant. */
type Reads = (certificate: Certificate, answer: FixtureCertificate) => boolean;

/** The wrong and the rare encodings of real certificates, by the ids of the fixtures' manifest. */
const flaws: Readonly<Record<string, Flaw>> = {
  // Names.
  "country-lower-case": { code: "COUNTRY_CASE" },
  "country-mixed-case": { code: "COUNTRY_CASE" },
  "country-three-letters": { code: "COUNTRY_LENGTH", reads: ({ country }) => country?.length === 3 },
  "country-absent": { code: "COUNTRY_ABSENT", reads: ({ country }) => country === undefined },
  "country-utf8-string": { code: "NAME_STRING", reads: ({ country }) => country === "XA" },
  "t61-string": { code: "NAME_STRING", reads: eitherName(/Österreuth/) },
  "bmp-string": { code: "NAME_STRING", reads: eitherName(/CN=CSCA Ξ/) },
  "universal-string": { code: "NAME_STRING", reads: eitherName(/CN=CSCA Ξ/) },
  "ia5-string": { code: "NAME_STRING", reads: eitherName(/CN=CSCA XA/) },
  "printable-string-charset": { code: "NAME_STRING", reads: eitherName(/CN=csca_xa@xa\.example/) },
  "email-in-name": { reads: eitherName(/csca@[a-z]{2}\.example/) },
  "trailing-space": { reads: eitherName(/\\ (?:,|$)/) },
  "multi-valued-rdn": { reads: ({ subject }) => subject.rdns.some((rdn) => rdn.length === 2) },
  "issuer-order": {
    reads: ({ issuer, subject }) =>
      formatName(issuer).split(",").toReversed().join() === formatName(subject) && issuer.rdns.length > 2,
  },

  // Serial numbers, versions, times, and what else stands in the frame.
  "serial-negative": { code: "SERIAL_NEGATIVE", reads: serial(/^b2$/) },
  "serial-zero": { code: "SERIAL_ZERO", reads: serial(/^00$/) },
  "serial-too-long": { code: "SERIAL_TOO_LONG", reads: serial(/^52.{40}$/) },
  "serial-not-minimal": { code: "INTEGER_NOT_MINIMAL", reads: serial(/^0052/) },
  "serial-reused": { reads: serial(/^2a$/) },
  "version-1": { code: "VERSION_UNEXPECTED", reads: ({ version }) => version === 1 },
  "unique-identifiers": { code: "UNIQUE_IDENTIFIER", reads: ({ extensions }) => extensions.length > 0 },
  "signature-unused-bits": {
    code: "BIT_STRING_UNUSED_BITS",
    reads: ({ signature }) => signature.unusedBits === 4,
  },
  "generalized-time-early": { code: "TIME_FORM" },
  "generalized-time-2051": { reads: ({ notAfter }) => notAfter.getUTCFullYear() === 2051 },
  "generalized-time-fraction": {
    code: "TIME_FORM",
    reads: ({ notAfter }) => notAfter.toISOString() === "2051-07-05T16:17:38.500Z",
  },
  "utc-time-without-seconds": {
    code: "TIME_FORM",
    reads: ({ notBefore }) => notBefore.toISOString() === "2025-07-01T10:30:00.000Z",
  },
  "utc-time-with-offset": {
    code: "TIME_FORM",
    reads: ({ notBefore }) => notBefore.toISOString() === "2025-07-01T08:30:00.000Z",
  },
  "validity-reversed": {
    code: "VALIDITY_REVERSED",
    reads: ({ notBefore, notAfter }) => notAfter < notBefore,
  },
  "boolean-not-ff": {
    code: "BOOLEAN_NOT_DER",
    reads: ({ basicConstraints, extensions }) =>
      basicConstraints?.cA === true && extensions.filter(({ critical }) => critical).length === 2,
  },

  // Keys and signature algorithms.
  "rsa-exponent-3": { code: "RSA_EXPONENT", reads: ({ publicKey }) => publicKey.exponent === 3n },
  "rsa-exponent-unusual": { code: "RSA_EXPONENT", reads: ({ publicKey }) => publicKey.exponent === 107_903n },
  "rsa-key-parameters-absent": {
    code: "ALGORITHM_PARAMETERS",
    reads: ({ publicKey }) => publicKey.algorithm.parameters === undefined,
  },
  "rsa-signature-parameters-absent": {
    code: "ALGORITHM_PARAMETERS",
    reads: ({ signatureAlgorithm }) => signatureAlgorithm.parameters === undefined,
  },
  "ecdsa-null-parameters": {
    code: "ALGORITHM_PARAMETERS",
    reads: ({ signatureAlgorithm: { parameters } }) =>
      parameters !== undefined && toHex(parameters) === "0500",
  },
  "sha224-signature": {
    reads: ({ signatureAlgorithm }) => describeSignatureAlgorithm(signatureAlgorithm).hash === "SHA-224",
  },
  "rsa-2048-sha1": { code: "HASH_WEAK", reads: ({ publicKey }) => publicKey.size === 2048 },
  "algorithm-mismatch": { code: "SIGNATURE_ALGORITHM_MISMATCH" },
  "curve-named": { code: "EC_CURVE_NAMED", reads: onCurve("named") },
  "curve-seed": { reads: onCurve("explicit") },
  "point-compressed": { code: "EC_POINT_COMPRESSED", reads: onCurve("explicit") },
  "generator-compressed": { code: "EC_POINT_COMPRESSED", reads: onCurve("explicit") },
  "cofactor-absent": { code: "EC_COFACTOR_ABSENT", reads: onCurve("explicit") },
  "prime-leading-zero": { reads: onCurve("explicit") },
  "curve-forged-p": forged(),
  "curve-forged-a": forged(),
  "curve-forged-b": forged(),
  "curve-forged-generator": forged(),
  "curve-forged-order": forged(),
  "curve-forged-cofactor": forged(),
  "pss-key": { reads: ({ publicKey }) => publicKey.size === 3072 && publicKey.exponent === 65537n },
  "pss-parameters-absent": { code: "ALGORITHM_PARAMETERS" },
  "pss-parameters-default": { code: "HASH_WEAK", reads: pss("SHA-1", "SHA-1", 20) },
  "pss-hash-parameters-absent": { reads: pss("SHA-256", "SHA-256", 32) },
  "pss-default-encoded": { code: "DEFAULT_ENCODED", reads: pss("SHA-256", "SHA-256", 32) },
  "pss-other-mask": { reads: pss("SHA-256", "SHA-1", 20) },

  // Key identifiers.
  "ski-raw": {
    code: "KEY_IDENTIFIER_RAW",
    reads: ({ subjectKeyIdentifier }) => subjectKeyIdentifier?.length === 20,
  },
  "ski-8-bytes": { reads: ({ subjectKeyIdentifier }) => subjectKeyIdentifier?.length === 8 },
  "ski-32-bytes": { reads: ({ subjectKeyIdentifier }) => subjectKeyIdentifier?.length === 32 },
  "ski-arbitrary": { reads: ({ subjectKeyIdentifier }) => subjectKeyIdentifier?.length === 20 },
  "ski-absent": { reads: ({ subjectKeyIdentifier }) => subjectKeyIdentifier === undefined },
  "ski-critical": { code: "EXTENSION_CRITICALITY" },
  "aki-absent": { reads: ({ authorityKey }) => authorityKey === undefined },
  "aki-absent-in-link": { reads: ({ authorityKey }) => authorityKey === undefined },
  "aki-with-issuer": {
    reads: ({ authorityKey, authorityKeyIdentifier }) =>
      authorityKeyIdentifier !== undefined && authorityKey?.authorityCertSerialNumber?.[0] === 1,
  },
  "aki-without-key-identifier": {
    reads: ({ authorityKey, authorityKeyIdentifier }) =>
      authorityKeyIdentifier === undefined && authorityKey?.authorityCertSerialNumber?.[0] === 0x2a,
  },
  "aki-empty": {
    reads: ({ authorityKey }) => authorityKey !== undefined && authorityKey.keyIdentifier === undefined,
  },

  // Other extensions.
  "alt-names-absent": { reads: ({ subjectAltName }) => subjectAltName === undefined },
  "alt-names-empty": { code: "EXTENSION_EMPTY", reads: ({ subjectAltName }) => subjectAltName?.length === 0 },
  "crldp-absent": { reads: ({ cRLDistributionPoints }) => cRLDistributionPoints === undefined },
  "crldp-without-uri": {
    reads: ({ cRLDistributionPoints: [point] = [] }) => point?.fullName?.[0]?.type === "directoryName",
  },
  "crldp-empty": {
    code: "EXTENSION_EMPTY",
    reads: ({ cRLDistributionPoints }) => cRLDistributionPoints?.length === 0,
  },
  "pkup-absent": { reads: ({ privateKeyUsagePeriod }) => privateKeyUsagePeriod === undefined },
  "pkup-without-not-before": {
    reads: ({ privateKeyUsagePeriod: period }) =>
      period?.notBefore === undefined && period?.notAfter !== undefined,
  },
  "pkup-without-not-after": {
    reads: ({ privateKeyUsagePeriod: period }) =>
      period?.notBefore !== undefined && period.notAfter === undefined,
  },
  "pkup-empty": { code: "EXTENSION_EMPTY" },
  "pkup-utc-time": {
    code: "TIME_FORM",
    reads: ({ privateKeyUsagePeriod }) =>
      privateKeyUsagePeriod?.notAfter?.toISOString() === "2028-07-05T16:17:38.000Z",
  },
  "key-usage-not-critical": {
    code: "EXTENSION_CRITICALITY",
    reads: ({ keyUsage }) => keyUsage?.join() === "keyCertSign,cRLSign",
  },
  "key-usage-absent": { code: "KEY_USAGE_UNEXPECTED", reads: ({ keyUsage }) => keyUsage === undefined },
  "key-usage-extra-bits": {
    code: "KEY_USAGE_UNEXPECTED",
    reads: ({ keyUsage }) => keyUsage?.join() === "digitalSignature,nonRepudiation,keyCertSign,cRLSign",
  },
  "key-usage-empty": { code: "KEY_USAGE_UNEXPECTED", reads: ({ keyUsage }) => keyUsage?.length === 0 },
  "ca-false": { reads: constraints(false, undefined) },
  "ca-false-with-path-length": { reads: constraints(false, 0) },
  "basic-constraints-absent": { reads: ({ basicConstraints }) => basicConstraints === undefined },
  "path-length-absent": { reads: constraints(true, undefined) },
  "path-length-1": { reads: constraints(true, 1) },
  "path-length-2": { reads: constraints(true, 2) },
  "default-encoded": { code: "DEFAULT_ENCODED", reads: constraints(false, undefined) },
  "extension-twice": { code: "EXTENSION_DUPLICATE", reads: constraints(true, 0) },
  "extended-key-usage": { reads: ({ extKeyUsage }) => extKeyUsage?.join() === "1.3.6.1.5.5.7.3.1" },
  "extended-key-usage-empty": {
    code: "EXTENSION_EMPTY",
    reads: ({ extKeyUsage }) => extKeyUsage?.length === 0,
  },
  "certificate-policies": {
    reads: ({ certificatePolicies: [policy] = [] }) => policy?.policyIdentifier === "2.5.29.32.0",
  },
  "certificate-policies-empty": {
    code: "EXTENSION_EMPTY",
    reads: ({ certificatePolicies }) => certificatePolicies?.length === 0,
  },
  "certificate-policies-malformed": {
    code: "EXTENSION_MALFORMED",
    reads: ({ certificatePolicies }) => certificatePolicies === undefined,
  },
  "extension-without-value": {
    code: "EXTENSION_MALFORMED",
    reads: ({ subjectAltName, issuerAltName }) => subjectAltName === undefined && issuerAltName?.length === 2,
  },
  "name-change": { reads: ({ nameChange }) => nameChange },
  "name-change-on-root": { reads: ({ nameChange }) => nameChange },
  "name-change-critical": { code: "EXTENSION_CRITICALITY", reads: ({ nameChange }) => nameChange },
  "netscape-cert-type": { reads: keeps("2.16.840.1.113730.1.1") },
  "microsoft-ca-version": { reads: keeps("1.3.6.1.4.1.311.21.1") },
  "unknown-extension": { reads: keeps("2.25.206851204317229384614210713386403861471") },
  "private-extensions": {
    reads: keeps("1.2.840.113533.7.65.0", "1.3.6.1.4.1.311.20.2", "1.3.6.1.4.1.311.21.2"),
  },
  "prohibited-extensions": {
    reads: keeps("2.5.29.33", "2.5.29.30", "2.5.29.36", "2.5.29.54", "2.5.29.9", "2.5.29.46"),
  },
  "critical-unknown": { code: "EXTENSION_CRITICALITY", reads: keeps("2.25.1") },

  // Document signers and other roles.
  "document-type-list": { reads: documentTypes(["P", "ID"]) },
  "document-signer": { reads: documentTypes(["P", "ID"]) },
  "document-types-apart": { code: "DOCUMENT_TYPE_LIST_FORM", reads: documentTypes(["P", "ID"]) },
  "document-types-without-version": { code: "DOCUMENT_TYPE_LIST_FORM", reads: documentTypes(["P", "ID"]) },
  "document-types-former": { code: "DOCUMENT_TYPE_LIST_FORM", reads: documentTypes(["P", "ID"]) },
  "document-types-bare": { code: "DOCUMENT_TYPE_LIST_FORM", reads: documentTypes(["P"]) },
  "deviation-list-signer": { reads: ({ roleBasis }) => roleBasis.role === "dl-signer" },
  "seal-signer": { reads: ({ roleBasis }) => roleBasis.role === "vds-signer" },
};

/** Those that take two certificates to see; test-fixtures looks at them itself. */
const seenBesideRelatives = [
  "country-mismatch",
  "link-issuer-absent",
  "link-issuer-renamed",
  "name-changed",
  "string-type-changed",
];
/** Those of names that a certificate carries for its issuer's name too, where they are no fault of its own. */
const seenInSubject = ["common-name-absent"];

const manifest = readManifest();
const listNames = ["world.ml", "next.ml", "rarities.ml", "signer-without-ski.ml"] as const;
const read = new Map(
  listNames
    .map((name) => parseMasterList(readFixture(name)))
    .flatMap(({ certificates, envelopeCertificates }) => [...certificates, ...envelopeCertificates])
    .map((certificate) => [certificate.sha256, certificate]),
);
const answers = new Map(readCertificates().map((answer) => [answer.name, answer]));

describe("certificates", () => {
  test("every oddity of the fixtures is a flaw to look for here", () => {
    assert.deepEqual(
      manifest.oddities
        .filter(({ certificates }) => certificates.length > 0)
        .map(({ id }) => id)
        .toSorted(),
      [...Object.keys(flaws), ...seenBesideRelatives, ...seenInSubject].toSorted(),
    );
  });

  for (const [id, { code, reads = () => true }] of Object.entries(flaws)) {
    test(`${id} is read${code === undefined ? "" : `, and is ${code}`}`, () => {
      for (const { certificate, answer } of carriersOf(id)) {
        assert.ok(reads(certificate, answer), `${answer.name} does not read as it was meant`);
        if (code !== undefined)
          assert.ok(codesOf(certificate).includes(code), `${answer.name} has no ${code}`);
      }
    });
  }

  test("common-name-absent is COMMON_NAME_ABSENT where it is the subject that has none", () => {
    for (const { certificate, answer } of carriersOf("common-name-absent")) {
      const isAbsent = !/(?:^|,|\+)CN=/.test(formatName(certificate.subject));
      assert.equal(codesOf(certificate).includes("COMMON_NAME_ABSENT"), isAbsent, answer.name);
    }
  });

  test("country-mismatch is COUNTRY_MISMATCH in the link certificate, and in no root", () => {
    const noted = carriersOf("country-mismatch").filter(({ certificate }) =>
      codesOf(certificate).includes("COUNTRY_MISMATCH"),
    );
    assert.deepEqual(
      noted.map(({ answer }) => answer.role),
      ["link"],
    );
  });

  test("a forged curve has no name, and a finding that says which parameter differs", () => {
    for (const [parameter, symbol] of Object.entries(forgedParameters)) {
      const [{ certificate } = {}] = carriersOf(`curve-forged-${parameter}`);
      const finding = certificate?.findings.find(({ code }) => code === "EC_PARAMETERS_UNRECOGNISED");
      assert.match(finding?.message ?? "", new RegExp(`\\b${symbol}\\b.*P-256|P-256.*\\b${symbol}\\b`));
    }
  });

  test("RSA of 2048 bits is KEY_SIZE and SHA-1 is HASH_WEAK in the world list, and nothing else is", () => {
    for (const { certificate, answer } of readable()) {
      if (answer.name.startsWith("rare-")) continue;
      const isShort = answer.publicKeyCurve === null && answer.publicKeySize < 3072;
      assert.equal(codesOf(certificate).includes("KEY_SIZE"), isShort, answer.name);
      const isSha1 = sha1Algorithms.includes(answer.signatureAlgorithm);
      assert.equal(codesOf(certificate).includes("HASH_WEAK"), isSha1, answer.name);
    }
  });

  test("no certificate has a finding that neither its oddities nor its algorithms explain", () => {
    for (const { certificate, answer } of readable()) {
      const explained = answer.oddities.flatMap((id) => explanations[id] ?? flaws[id]?.code ?? []);
      const unexplained = codesOf(certificate).filter(
        (code) => !explained.includes(code) && code !== "KEY_SIZE" && code !== "HASH_WEAK",
      );
      assert.deepEqual(unexplained, [], answer.name);
    }
  });

  test("roles of rare signers are those that the builder gave", () => {
    for (const { certificate, answer } of readable().filter(({ answer }) =>
      answer.name.startsWith("rare-"),
    )) {
      assert.equal(certificate.roleBasis.role, answer.role, answer.name);
    }
  });

  test("findings tell where in the file they are, and by which clause", () => {
    for (const { certificate, answer } of readable()) {
      for (const { offset, message, clause } of certificate.findings) {
        const end = certificate.offset + certificate.der.length;
        assert.ok(offset >= certificate.offset && offset < end, answer.name);
        assert.notEqual(message, "");
        assert.notEqual(clause, "");
      }
    }
  });
});

/** Those that show in more than one way. */
const explanations: Readonly<Record<string, readonly FindingCode[]>> = {
  "default-encoded": ["DEFAULT_ENCODED", "EXTENSION_CRITICALITY"],
  "country-mismatch": ["COUNTRY_MISMATCH"],
  "common-name-absent": ["COMMON_NAME_ABSENT"],
};

/** What a flaw of a CRL leaves to be seen. */
interface CrlFlaw {
  readonly codes?: readonly FindingCode[];
  readonly reads: (crl: RevocationList) => boolean;
}

const crlFlaws: Readonly<Record<string, CrlFlaw>> = {
  "crl-version-1": {
    codes: ["VERSION_UNEXPECTED", "CRL_NEXT_UPDATE_ABSENT"],
    reads: ({ version, extensions, nextUpdate }) =>
      version === 1 && extensions.length === 0 && nextUpdate === undefined,
  },
  "crl-next-update-absent": {
    codes: ["CRL_NEXT_UPDATE_ABSENT"],
    reads: ({ version, nextUpdate }) => version === 2 && nextUpdate === undefined,
  },
  "crl-delta": {
    reads: ({ scope, deltaCrlIndicator }) => scope === "delta" && deltaCrlIndicator?.[0] === 25,
  },
  "crl-distribution-point": {
    reads: ({ scope, issuingDistributionPoint }) =>
      scope === "partial" && issuingDistributionPoint?.onlyContainsUserCerts === true,
  },
  "crl-indirect": {
    reads: ({ scope, revokedCertificates }) =>
      scope === "indirect" &&
      Array.from(revokedCertificates, ({ certificateIssuer }) => nameOf(certificateIssuer)).join("; ") ===
        "own; CN=CSCA XB,C=XB; CN=CSCA XB,C=XB",
  },
  "crl-entry-extensions": {
    reads: ({ revokedCertificates }) => {
      const [first, second] = revokedCertificates;
      return (
        first?.invalidityDate?.toISOString() === "2026-01-31T00:00:00.000Z" &&
        first.reason === "keyCompromise" &&
        second?.reason === "certificateHold" &&
        second.extensions.some(({ type }) => type === "2.5.29.23")
      );
    },
  },
  "crl-aki-issuer-serial": {
    reads: ({ authorityKey, authorityKeyIdentifier }) =>
      authorityKeyIdentifier === undefined &&
      authorityKey?.authorityCertIssuer?.[0]?.type === "directoryName" &&
      authorityKey.authorityCertSerialNumber !== undefined,
  },
  "crl-aki-all": {
    reads: ({ authorityKey }) =>
      authorityKey?.keyIdentifier?.length === 20 &&
      authorityKey.authorityCertIssuer?.length === 1 &&
      authorityKey.authorityCertSerialNumber !== undefined,
  },
  "crl-aki-absent": {
    codes: ["CRL_AUTHORITY_KEY_ABSENT"],
    reads: ({ authorityKey }) => authorityKey === undefined,
  },
  "crl-revoked-empty": {
    codes: ["CRL_REVOKED_EMPTY"],
    reads: ({ revokedCertificateCount }) => revokedCertificateCount === 0,
  },
  "crl-number-absent": { codes: ["CRL_NUMBER"], reads: ({ crlNumber }) => crlNumber === undefined },
  "crl-number-negative": {
    codes: ["CRL_NUMBER"],
    reads: ({ crlNumber }) => crlNumber !== undefined && toHex(crlNumber) === "ff",
  },
  "crl-number-too-long": { codes: ["CRL_NUMBER"], reads: ({ crlNumber }) => crlNumber?.length === 21 },
  "crl-serial-negative": {
    codes: ["SERIAL_NEGATIVE"],
    reads: (crl) => crl.findRevoked(Uint8Array.of(0xb2)) !== undefined,
  },
  "crl-generalized-time": {
    codes: ["TIME_FORM"],
    reads: ({ thisUpdate }) => thisUpdate.toISOString() === "2026-05-15T08:00:00.000Z",
  },
  "crl-reversed": {
    codes: ["VALIDITY_REVERSED"],
    reads: ({ thisUpdate, nextUpdate }) => nextUpdate !== undefined && nextUpdate < thisUpdate,
  },
  "crl-critical-unknown": {
    codes: ["EXTENSION_CRITICALITY"],
    reads: ({ scope, extensions }) => scope === "unknown" && extensions.some(({ type }) => type === "2.25.1"),
  },
};

describe("CRLs", () => {
  const { crls } = parseMasterList(readFixture("rare-crls.ml"));
  const oddities = manifest.oddities.filter(({ revocationLists = [] }) => revocationLists.length > 0);

  test("every oddity of the fixtures' CRLs is a flaw to look for here", () => {
    assert.deepEqual(oddities.map(({ id }) => id).toSorted(), Object.keys(crlFlaws).toSorted());
  });

  for (const [id, { codes = [], reads }] of Object.entries(crlFlaws)) {
    test(`${id} is read${codes.length === 0 ? "" : `, and is ${codes.join(" and ")}`}`, () => {
      const { revocationLists = [] } = oddities.find((oddity) => oddity.id === id) ?? {};
      const carriers = crls.filter(({ sha256 }) => revocationLists.includes(sha256));
      assert.notEqual(carriers.length, 0);
      for (const crl of carriers) {
        assert.ok(reads(crl), "it does not read as it was meant");
        assert.deepEqual([...new Set(codesOf(crl))].toSorted(), codes.toSorted());
      }
    });
  }
});

describe("lists", () => {
  const listFlaws: readonly (readonly [name: FixtureName, codes: readonly FindingCode[], flaw: string])[] = [
    ["duplicates.ml", ["DUPLICATE_CERTIFICATE"], "a certificate that stands there twice"],
    ["unsorted.ml", ["SET_OF_ORDER"], "a certList out of order"],
    ["list-version-1.ml", ["VERSION_UNEXPECTED"], "a version that is not defined"],
    ["crl-envelope.ml", ["ENVELOPE_CRLS"], "a CRL in the envelope"],
    ["rare-crls.ml", ["DUPLICATE_CRL", "ENVELOPE_CRLS"], "CRLs in the envelope, one of them twice"],
    ["trailing.ml", ["TRAILING_DATA"], "bytes after its CMS"],
    ["ber.ml", ["NON_DER_ENVELOPE"], "an envelope in BER"],
    ["issuer-serial.ml", [], "a signer named by issuer and serial number, and digests with NULL"],
    ["two-signers.ml", [], "two signers"],
    ["signer-alone.ml", [], "no CSCA beside its signer"],
    ["signer-without-ski.ml", [], "a signer without key identifier"],
    ["sid-respelled.ml", [], "a signer whose issuer is spelled otherwise than in its certificate"],
    ["csca-signed.ml", [], "the CSCA for its signer"],
  ];
  for (const [name, codes, flaw] of listFlaws) {
    test(`${name}: ${flaw} is read${codes.length === 0 ? "" : `, and is ${codes.join(" and ")}`}`, () => {
      const list = parseMasterList(readFixture(name));
      const { list: answer } = manifest.files.find((file) => file.name === name) ?? {};
      assert.equal(list.certificates.length, answer?.certificates);
      assert.equal(list.signers.length, answer?.signers.length);
      assert.equal(list.rejections.length, 0);
      assert.deepEqual(codesOf(list).toSorted(), codes);
    });
  }

  test("not-der.ml: certificates that are no DER inside are rejected, and their neighbour is read", () => {
    const { certificates, rejections } = parseMasterList(readFixture("not-der.ml"));
    assert.equal(certificates.length, 1);
    assert.deepEqual(rejections.map(({ reason }) => reason.code).toSorted(), ["DER_LENGTH", "DER_SYNTAX"]);
  });
});

function nameOf(certificateIssuer: RevokedCertificate["certificateIssuer"]): string {
  const [issuer] = certificateIssuer ?? [];
  return issuer?.type === "directoryName" ? formatName(issuer.value) : "own";
}

interface Carrier {
  readonly certificate: Certificate;
  readonly answer: FixtureCertificate;
}

/** The certificates that were made with an oddity, as they were read; at least one. */
function carriersOf(id: string): readonly Carrier[] {
  const carriers = readable().filter(({ answer }) => answer.oddities.includes(id));
  assert.notEqual(carriers.length, 0, `no certificate carries ${id}`);
  return carriers;
}

function readable(): readonly Carrier[] {
  return [...answers.values()].flatMap((answer) => {
    const certificate = read.get(answer.sha256);
    return certificate === undefined ? [] : [{ certificate, answer }];
  });
}

function codesOf({ findings }: Certificate | RevocationList | MasterList): readonly FindingCode[] {
  return findings.map(({ code }) => code);
}

function eitherName(pattern: RegExp): Reads {
  return ({ issuer, subject }) => pattern.test(formatName(issuer)) || pattern.test(formatName(subject));
}

function serial(pattern: RegExp): Reads {
  return ({ serialNumber }) => pattern.test(toHex(serialNumber));
}

function onCurve(parameters: "named" | "explicit"): Reads {
  return ({ publicKey }, { publicKeyCurve }) =>
    publicKey.parameters === parameters && publicKey.curve === publicKeyCurve;
}

function forged(): Flaw {
  return {
    code: "EC_PARAMETERS_UNRECOGNISED",
    reads: ({ publicKey }) => publicKey.parameters === "unrecognised" && publicKey.curve === undefined,
  };
}

function pss(hash: string, maskGenHash: string, saltLength: number): Reads {
  return ({ signatureAlgorithm }) => {
    const { pss: parameters } = describeSignatureAlgorithm(signatureAlgorithm);
    return (
      parameters?.hash === hash &&
      parameters.maskGenHash === maskGenHash &&
      parameters.saltLength === saltLength
    );
  };
}

function constraints(cA: boolean, pathLenConstraint: number | undefined): Reads {
  return ({ basicConstraints }) =>
    basicConstraints?.cA === cA && basicConstraints.pathLenConstraint === pathLenConstraint;
}

function keeps(...types: readonly string[]): Reads {
  return ({ extensions }) =>
    types.every((type) =>
      extensions.some((extension) => extension.type === type && extension.value.length > 0),
    );
}

function documentTypes(types: readonly string[]): Reads {
  return ({ documentTypeList }) => documentTypeList?.types.join() === types.join();
}

const forgedParameters = { p: "p", a: "a", b: "b", generator: "G", order: "n", cofactor: "h" };
// ECDSA and RSA.
const sha1Algorithms = ["1.2.840.10045.4.1", "1.2.840.113549.1.1.5"];
