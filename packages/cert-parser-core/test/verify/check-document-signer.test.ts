import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  authorityKeyIdentifier,
  basicConstraints,
  type CertificateOptions,
  extendedKeyUsage,
  keyUsage,
  nullValue,
  type RevocationListOptions,
  rawExtension,
  withExtension,
  withoutExtension,
} from "../../../../test-fixtures/src/builders.ts";
import { type AuthoritySet, gatherAuthorities } from "../../src/chain/authority-set.ts";
import { judgeRevocationList } from "../../src/chain/crl-verdict.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import {
  type CheckDocumentSignerOptions,
  checkDocumentSigner,
  type DocumentSignerVerdict,
} from "../../src/verify/check-document-signer.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import {
  engine,
  type Made,
  makeCrl,
  makeKey,
  makeLink,
  makeRoot,
  makeSigner,
  nameOf,
} from "../chain/csca-world.ts";
import { corpusAbsent, readCorpus } from "../corpus.ts";

const at = new Date("2024-07-01T00:00:00Z");
const signedAt = new Date("2022-02-01T00:00:00Z");

function gather(...made: readonly Made[]): AuthoritySet {
  return gatherAuthorities(
    made.map(({ certificate }) => certificate),
    { engine },
  );
}

function check(
  { certificate }: Made,
  authorities: AuthoritySet,
  options: Partial<CheckDocumentSignerOptions> = {},
): Promise<DocumentSignerVerdict> {
  return checkDocumentSigner(certificate, { authorities, at, signedAt, ...options });
}

/** The steps that failed, or have something to say. */
function said({ steps }: DocumentSignerVerdict): readonly string[] {
  return steps
    .filter(({ code }) => code !== null)
    .map(({ step, result, code }) => `${step} ${result} ${code}`);
}

function judgedCrl(issuer: Made, authorities: AuthoritySet, options: Partial<RevocationListOptions> = {}) {
  return judgeRevocationList(makeCrl(issuer.built, options), { authorities, now: at });
}

function revoke(...serialNumbers: readonly (number | Uint8Array)[]): Partial<RevocationListOptions> {
  return {
    revokedCertificates: serialNumbers.map((serialNumber) => ({
      serialNumber,
      revocationDate: "2024-05-01T00:00:00Z",
      reason: "keyCompromise",
    })),
  };
}

function extended(...extensions: Parameters<typeof withExtension>[1][]) {
  return (options: CertificateOptions): CertificateOptions => ({
    ...options,
    extensions: extensions.reduce(withExtension, options.extensions ?? []),
  });
}

function without(...oids: readonly string[]) {
  return (options: CertificateOptions): CertificateOptions => ({
    ...options,
    extensions: withoutExtension(options.extensions ?? [], ...oids),
  });
}

describe("a Document Signer certificate is trusted", () => {
  const root = makeRoot();

  test("where a CSCA that is known issued it, and no CRLs are to be asked", async () => {
    const verdict = await check(makeSigner(root.built), gather(makeRoot(), root));
    assert.equal(verdict.outcome, "trusted");
    assert.equal(verdict.issuer, root.certificate);
    assert.equal(verdict.foundBy, "aki");
    assert.equal(verdict.revocation, undefined);
    assert.deepEqual(
      verdict.steps.map(({ step, result }) => [step, result]),
      [
        ["profile", "passed"],
        ["validity", "passed"],
        ["usage-period", "passed"],
        ["issuer", "passed"],
        ["signature", "passed"],
        ["issuer-name", "passed"],
        ["issuer-country", "passed"],
        ["issuer-validity", "passed"],
        ["issuer-usage-period", "passed"],
        ["issuer-withdrawal", "passed"],
        ["revocation", "skipped"],
        ["issuer-revocation", "skipped"],
      ],
    );
    assert.ok(verdict.steps.every(({ rule, message }) => /^(RFC|Doc) \d/.test(rule) && message !== ""));
  });

  test("by certificates that nobody gathered, with the portable engine", async () => {
    const { certificate } = makeSigner(root.built);
    const verdict = await checkDocumentSigner(certificate, { authorities: [root.certificate], at });
    assert.equal(verdict.outcome, "trusted");
  });

  test("without a documentTypeList and without an authorityKeyIdentifier", async () => {
    const signer = makeSigner(root.built, { change: without("2.23.136.1.1.6.2", "2.5.29.35") });
    const verdict = await check(signer, gather(root));
    assert.deepEqual([verdict.outcome, verdict.foundBy], ["trusted", "name"]);
  });

  test("where names differ in the case of their letters", async () => {
    const signer = makeSigner(
      { ...root.built, subject: nameOf("ut", "csca") },
      { subject: nameOf("ut", "S") },
    );
    assert.equal((await check(signer, gather(root))).outcome, "trusted");
  });

  test("by the valid one of two certificates of the CSCA's key", async () => {
    const { key } = root.built;
    const expired = makeRoot({ key, notAfter: "2023-01-01T00:00:00Z" });
    const verdict = await check(makeSigner(root.built), gather(expired, root));
    assert.deepEqual([verdict.outcome, verdict.issuer], ["trusted", root.certificate]);
  });

  test("by a link certificate of the CSCA's key", async () => {
    const link = makeLink(root);
    const signer = makeSigner(link.built, { notBefore: "2024-02-01T00:00:00Z" });
    const verdict = await check(signer, gather(link), { signedAt: undefined });
    assert.deepEqual([verdict.outcome, verdict.issuer], ["trusted", link.certificate]);
  });

  test("where a CRL does not name it", async () => {
    const authorities = gather(root);
    const verdict = await check(makeSigner(root.built), authorities, {
      crls: [judgedCrl(root, authorities)],
    });
    assert.deepEqual(
      [verdict.outcome, verdict.revocation?.status, said(verdict)],
      ["trusted", "unrevoked", []],
    );
  });

  test("where a stale CRL does not name it, which is noted", async () => {
    const authorities = gather(root);
    const crls = [judgedCrl(root, authorities, { nextUpdate: "2024-06-02T00:00:00Z" })];
    const verdict = await check(makeSigner(root.built), authorities, { crls });
    assert.deepEqual([verdict.outcome, said(verdict)], ["trusted", ["revocation noted CRL_STALE"]]);
  });

  test("where the algorithm of its signature has NULL parameters, which is noted", async () => {
    const signatureAlgorithm = { scheme: "ecdsa", hash: "SHA-256", parameters: "null" } as const;
    const signer = makeSigner(root.built, { change: (options) => ({ ...options, signatureAlgorithm }) });
    const verdict = await check(signer, gather(root));
    assert.deepEqual([verdict.outcome, said(verdict)], ["trusted", ["signature noted LENIENCY"]]);
  });
});

describe("a Document Signer certificate is not trusted", () => {
  const root = makeRoot();
  const authorities = gather(root);
  const broken = (options: CertificateOptions): CertificateOptions => ({
    ...options,
    changeSignature: (octets) => octets.with(-1, (octets.at(-1) ?? 0) ^ 1),
  });
  const foreign = { ...root.built, subject: nameOf("UT", "Else") };
  const cases: readonly [string, Made, Partial<CheckDocumentSignerOptions>, readonly string[]][] = [
    [
      "that is a CA's",
      makeSigner(root.built, { change: extended(basicConstraints()) }),
      {},
      ["profile failed SIGNER_PROFILE"],
    ],
    [
      "without digitalSignature",
      makeSigner(root.built, { change: extended(keyUsage(["keyAgreement"])) }),
      {},
      ["profile failed SIGNER_PROFILE"],
    ],
    [
      "without keyUsage",
      makeSigner(root.built, { change: without("2.5.29.15") }),
      {},
      ["profile failed SIGNER_PROFILE"],
    ],
    [
      "that is for signing lists",
      makeSigner(root.built, { change: extended(extendedKeyUsage(["2.23.136.1.1.3"])) }),
      {},
      ["profile failed SIGNER_PROFILE"],
    ],
    [
      "with a critical extension of which nothing is known",
      makeSigner(root.built, { change: extended(rawExtension("1.2.3.4", nullValue(), true)) }),
      {},
      ["profile failed SIGNER_PROFILE"],
    ],
    [
      "that has expired",
      makeSigner(root.built, { notAfter: "2024-06-30T23:59:59Z" }),
      {},
      ["validity failed SIGNER_EXPIRED"],
    ],
    [
      "that is not valid yet",
      makeSigner(root.built, { notBefore: "2024-07-01T00:00:01Z" }),
      { signedAt: undefined },
      ["validity failed SIGNER_EXPIRED"],
    ],
    [
      "that was not valid when the document was signed",
      makeSigner(root.built),
      { signedAt: new Date("2021-12-31T00:00:00Z") },
      ["validity failed SIGNER_EXPIRED", "usage-period failed KEY_USAGE_PERIOD"],
    ],
    [
      "whose key might not sign when the document was signed",
      makeSigner(root.built),
      { signedAt: new Date("2022-04-01T00:00:00Z") },
      ["usage-period failed KEY_USAGE_PERIOD"],
    ],
    [
      "with a broken signature",
      makeSigner(root.built, { change: broken }),
      {},
      ["signature failed SIGNATURE_INVALID"],
    ],
    [
      "of a stranger under the CSCA's name and key identifier",
      makeSigner({ ...root.built, key: makeKey() }),
      {},
      ["signature failed SIGNATURE_INVALID"],
    ],
    ["of another issuer's name", makeSigner(foreign), {}, ["issuer-name failed NAME_MISMATCH"]],
    [
      "of another country",
      makeSigner(root.built, { subject: nameOf("XX", "Signer") }),
      {},
      ["issuer-country failed COUNTRY_MISMATCH"],
    ],
    [
      "of a CSCA that has expired",
      makeSigner(root.built, { notAfter: "2036-01-01T00:00:00Z" }),
      { at: new Date("2035-06-01T00:00:00Z") },
      ["issuer-validity failed CSCA_EXPIRED"],
    ],
    [
      "that was issued after the usage period of the CSCA's key",
      makeSigner(root.built, { notBefore: "2025-01-02T00:00:00Z" }),
      { at: new Date("2025-02-01T00:00:00Z"), signedAt: undefined },
      ["issuer-usage-period failed KEY_USAGE_PERIOD"],
    ],
    [
      "that is revoked",
      makeSigner(root.built),
      { crls: [judgedCrl(root, authorities, revoke(77))] },
      ["revocation failed REVOKED"],
    ],
    [
      "whose CSCA is revoked",
      makeSigner(root.built),
      { crls: [judgedCrl(root, authorities, revoke(root.certificate.serialNumber))] },
      ["issuer-revocation failed ANCHOR_REVOKED"],
    ],
  ];

  for (const [title, signer, options, expected] of cases) {
    test(`${title}: ${expected.join(", ")}`, async () => {
      const verdict = await check(signer, authorities, options);
      assert.deepEqual([verdict.outcome, said(verdict)], ["not-trusted", expected]);
    });
  }

  test("whose reason for revocation is told", async () => {
    const crls = [judgedCrl(root, authorities, revoke(77))];
    const { revocation, steps } = await check(makeSigner(root.built), authorities, { crls });
    assert.equal(revocation?.reason, "keyCompromise");
    assert.match(
      steps.find(({ step }) => step === "revocation")?.message ?? "",
      /^revoked at 2024-05-01T00:00:00Z, reason keyCompromise$/,
    );
  });

  test("whose CSCA's root is revoked, whatever other certificate of its key there is", async () => {
    const again = makeRoot({ key: root.built.key, serialNumber: 999_999 });
    const both = gather(root, again);
    const crls = [judgedCrl(root, both, revoke(root.certificate.serialNumber))];
    const verdict = await check(makeSigner(root.built), both, { crls });
    assert.equal(verdict.outcome, "not-trusted");
    assert.ok(said(verdict).includes("issuer-revocation failed ANCHOR_REVOKED"));
  });
});

describe("it is undetermined whether a Document Signer certificate is to be trusted", () => {
  const root = makeRoot();

  test("where its CSCA rolled over to a key that is not known", async () => {
    const verdict = await check(makeSigner(makeLink(root).built), gather(root));
    assert.deepEqual([verdict.outcome, said(verdict)], ["undetermined", ["issuer failed ISSUER_UNKNOWN"]]);
    assert.equal(verdict.issuer, undefined);
  });

  test("where its signature is of a kind that is not verified here", async () => {
    const hex = Buffer.from(makeSigner(root.built).built.der).toString("hex");
    const der = Buffer.from(hex.replaceAll("2a8648ce3d040302", "2a8648ce3d04037f"), "hex");
    const verdict = await checkDocumentSigner(parseCertificate(new Uint8Array(der)), {
      authorities: gather(root),
      at,
    });
    assert.deepEqual(
      [verdict.outcome, said(verdict)],
      ["undetermined", ["signature failed SIGNATURE_UNSUPPORTED"]],
    );
  });

  test("where CRLs are asked, and none is of its CSCA", async () => {
    const stranger = makeRoot();
    const authorities = gather(root, stranger);
    const crls = [judgedCrl(stranger, authorities, revoke(77))];
    const verdict = await check(makeSigner(root.built), authorities, { crls });
    assert.equal(verdict.outcome, "undetermined");
    assert.deepEqual(said(verdict), [
      "revocation failed REVOCATION_UNDETERMINED",
      "revocation noted REVOCATION_ALERT",
      "issuer-revocation noted REVOCATION_UNDETERMINED",
    ]);
  });

  test("but not where anything else is wrong with it", async () => {
    const signer = makeSigner(makeRoot().built, { notAfter: "2023-01-01T00:00:00Z" });
    assert.equal((await check(signer, gather(root))).outcome, "not-trusted");
  });
});

test("a hostile set of one name and key identifier costs no more than 257 signatures", async () => {
  const keyIdentifier = Uint8Array.of(1);
  const strangers = Array.from({ length: 300 }, () => makeRoot({ keyIdentifier }));
  let calls = 0;
  const counting: typeof engine = {
    ...engine,
    ecdsa(...input) {
      calls++;
      return engine.ecdsa(...input);
    },
  };
  const change = extended(authorityKeyIdentifier({ keyIdentifier }));
  const signer = makeSigner({ ...makeRoot().built, keyIdentifier }, { change });
  const authorities = strangers.map(({ certificate }) => certificate);
  const verdict = await checkDocumentSigner(signer.certificate, { authorities, at, engine: counting });
  assert.equal(verdict.outcome, "not-trusted");
  assert.ok(calls <= 257, String(calls));
});

describe("the Document Signer certificates of the corpus", { skip: corpusAbsent }, () => {
  test("are all trusted the day after they were issued, each by the authorityKeyIdentifier", async () => {
    const files = [
      "DE_2026-01-08.ml",
      "HU_2018-05-31.ml",
      "IT_2025-07-24.ml",
      "UN_2023-03.ml",
      "UN_allowlist.ml",
    ];
    const lists = await Promise.all(files.map((file) => readBundle(readCorpus(`master-lists/${file}`))));
    const authorities = gatherAuthorities(
      lists.flatMap(({ objects }) => objects.flatMap(({ certificates }) => certificates)),
      { engine },
    );
    const { objects } = await readBundle(readCorpus("ldif/icaopkd-003-half.ldif"));
    for (const certificate of objects.flatMap(({ certificates }) => certificates)) {
      const nextDay = new Date(certificate.notBefore.getTime() + 24 * 60 * 60 * 1000);
      const verdict = await checkDocumentSigner(certificate, { authorities, at: nextDay });
      assert.deepEqual(
        [verdict.outcome, verdict.foundBy, said(verdict)],
        ["trusted", "aki", []],
        certificate.sha256,
      );
    }
  });
});
