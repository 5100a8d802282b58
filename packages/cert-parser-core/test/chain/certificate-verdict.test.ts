import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  authorityKeyIdentifier,
  type CertificateOptions,
  withExtension,
  withoutExtension,
} from "../../../../test-fixtures/src/builders.ts";
import type { CertificateVerdict } from "../../src/chain/certificate-verdict.ts";
import { type CertificateJudgment, judgeCertificates } from "../../src/chain/certificate-verdict.ts";
import { unitsFor } from "../../src/chain/work-budget.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { createPortableEngine } from "../../src/signatures/portable-engine.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import { engine, type Made, makeKey, makeLink, makeRoot, makeSigner, nameOf } from "./csca-world.ts";

function judge(list: readonly Made[], authorities: readonly Made[] = []): readonly CertificateJudgment[] {
  const certificates = (made: readonly Made[]) => made.map(({ certificate }) => certificate);
  return judgeCertificates(certificates(list), { authorities: certificates(authorities), engine });
}

/** The judgment of the first of them. */
function judgeFirst(list: readonly Made[], authorities: readonly Made[] = []): CertificateJudgment {
  const [judgment] = judge(list, authorities);
  assert.ok(judgment);
  return judgment;
}

function withoutAki(options: CertificateOptions): CertificateOptions {
  return { ...options, extensions: withoutExtension(options.extensions ?? [], "2.5.29.35") };
}

function withoutSki(options: CertificateOptions): CertificateOptions {
  return { ...options, extensions: withoutExtension(options.extensions ?? [], "2.5.29.14") };
}

function withAki(keyIdentifier: Uint8Array): (options: CertificateOptions) => CertificateOptions {
  return (options) => ({
    ...options,
    extensions: withExtension(options.extensions ?? [], authorityKeyIdentifier({ keyIdentifier })),
  });
}

function broken(options: CertificateOptions): CertificateOptions {
  // The last octet of s.
  return { ...options, changeSignature: (octets) => octets.with(-1, (octets.at(-1) ?? 0) ^ 1) };
}

describe("a root", () => {
  test("is one whose own key signed it", () => {
    const root = makeRoot();
    const judgment = judgeFirst([root]);
    assert.equal(judgment.verdict, "root");
    assert.equal(judgment.issuerSha256, root.built.sha256);
    assert.equal(judgment.issuerKeySha256, judgment.keySha256);
    assert.equal(judgment.foundBy, undefined);
  });

  test("need not have a key identifier of its authority", () => {
    assert.equal(judgeFirst([makeRoot({ change: withoutAki })]).verdict, "root");
  });

  test("may have a negative serial number", () => {
    assert.equal(judgeFirst([makeRoot({ serialNumber: -78n })]).verdict, "root");
  });

  test("may name another key as its issuer's, as long as its own signed it", () => {
    assert.equal(judgeFirst([makeRoot({ change: withAki(Uint8Array.of(1, 2, 3)) })]).verdict, "root");
  });

  test("may be of another name and of a key that other certificates have", () => {
    const key = makeKey();
    const [first, second] = [makeRoot({ key }), makeRoot({ key, subject: nameOf("UT", "Other") })];
    assert.deepEqual(
      judge([first, second]).map(({ verdict, issuerSha256 }) => [verdict, issuerSha256]),
      [
        ["root", first.built.sha256],
        ["root", second.built.sha256],
      ],
    );
  });

  test("that stands there twice is judged twice, and verified once", () => {
    const root = makeRoot();
    const again = { ...root, certificate: parseCertificate(root.built.der) };
    const calls = countingEngine();
    const judgments = judgeCertificates([root.certificate, again.certificate], { engine: calls.engine });
    assert.deepEqual(
      judgments.map(({ certificate }) => certificate),
      [root.certificate, again.certificate],
    );
    assert.equal(calls.count(), 1);
  });
});

describe("a link", () => {
  const root = makeRoot();

  test("is found by its authorityKeyIdentifier, whatever the names are", () => {
    const link = makeLink(root, {
      subject: nameOf("UT", "Newer"),
      change: (options) => ({ ...options, issuer: nameOf("UT", "Elsewhere") }),
    });
    const judgment = judgeFirst([link, root]);
    assert.equal(judgment.verdict, "link");
    assert.equal(judgment.foundBy, "aki");
    assert.equal(judgment.issuer, root.certificate);
    assert.equal(judgment.issuerSha256, root.built.sha256);
    assert.equal(judgment.issuerKeySha256, judgeFirst([root]).keySha256);
    assert.notEqual(judgment.keySha256, judgment.issuerKeySha256);
  });

  test("is found by the name, in any case of letters", () => {
    const change = (options: CertificateOptions) => ({
      ...withoutAki(options),
      issuer: nameOf("ut", "Csca"),
    });
    assert.equal(judgeFirst([makeLink(root, { change }), root]).foundBy, "name");
  });

  test("is found by trial over the keys of its country", () => {
    const change = (options: CertificateOptions) => ({
      ...withoutAki(options),
      issuer: nameOf("ut", "Else"),
    });
    const judgment = judgeFirst([makeLink(root, { change }), makeRoot(), root]);
    assert.deepEqual([judgment.verdict, judgment.foundBy], ["link", "trial"]);
  });

  test("is not looked for in other countries", () => {
    const change = (options: CertificateOptions) => ({
      ...withoutAki(options),
      issuer: nameOf("XX", "Else"),
    });
    assert.equal(judgeFirst([makeLink(root, { change }), root]).verdict, "issuer-absent");
  });

  test("is found where several keys have one key identifier", () => {
    const keyIdentifier = Uint8Array.of(7, 7, 7);
    const [wrong, right] = [makeRoot({ keyIdentifier }), makeRoot({ keyIdentifier })];
    const judgment = judgeFirst([makeLink(right), wrong, right]);
    assert.deepEqual([judgment.foundBy, judgment.issuer], ["aki", right.certificate]);
  });

  test("may have its own key under the key identifier of its issuer", () => {
    const keyIdentifier = Uint8Array.of(7, 7, 8);
    const old = makeRoot({ keyIdentifier });
    assert.equal(judgeFirst([makeLink(old, { keyIdentifier }), old]).verdict, "link");
  });

  test("is found in the store or its history", () => {
    const judgment = judgeFirst([makeLink(root)], [root]);
    assert.deepEqual([judgment.verdict, judgment.issuer], ["link", root.certificate]);
  });

  test("names the certificate of the issuer's name where its key has several", () => {
    const other = makeRoot({ key: root.built.key, subject: nameOf("UT", "Former") });
    assert.equal(judgeFirst([makeLink(root), other, root]).issuer, root.certificate);
  });

  test("is what a signer is called too, since a known CSCA signed it", () => {
    assert.equal(judgeFirst([makeSigner(root.built), root]).verdict, "link");
  });

  test("is not made by a signer", () => {
    const signer = makeSigner(root.built);
    assert.equal(judgeFirst([makeLink(signer), signer, root]).verdict, "issuer-absent");
  });
});

describe("a certificate of which no issuer is found", () => {
  const root = makeRoot();
  const cases: readonly [string, readonly Made[], CertificateVerdict][] = [
    ["has one that is not there", [makeLink(root)], "issuer-absent"],
    [
      "has a broken signature, with its issuer there",
      [makeLink(root, { change: broken }), root],
      "signature-invalid",
    ],
    ["has a broken signature, and names itself", [makeRoot({ change: broken })], "signature-invalid"],
    [
      "has a broken signature, and names nobody's key",
      [makeLink(root, { change: (o) => broken(withoutAki(o)) }), root],
      "issuer-absent",
    ],
    [
      "has another algorithm outside than inside",
      [makeRoot({ change: otherAlgorithm })],
      "signature-invalid",
    ],
    [
      "has bits of its signature unused",
      [makeRoot({ change: (o) => ({ ...o, signatureUnusedBits: 1 }) })],
      "signature-invalid",
    ],
    [
      "names itself without a key identifier of its own, and another key as its issuer's",
      [makeLink(root, { change: withoutSki })],
      "issuer-absent",
    ],
    [
      "names itself, with a key on a curve that is not known",
      [
        unknownCurve(
          makeRoot({ change: (o) => ({ ...withoutAki(o), publicKeyEncoding: { curve: "named" } }) }),
        ),
      ],
      "algorithm-unsupported",
    ],
    ["is signed in a way that is not known", [unknownAlgorithm(makeRoot())], "algorithm-unsupported"],
  ];

  for (const [title, list, verdict] of cases) {
    test(`${title}: ${verdict}`, () => {
      const judgment = judgeFirst(list);
      assert.equal(judgment.verdict, verdict);
      assert.equal(judgment.issuer, undefined);
      assert.ok(judgment.reason);
    });
  }

  function otherAlgorithm(options: CertificateOptions): CertificateOptions {
    return { ...options, tbsSignatureAlgorithm: { scheme: "ecdsa", hash: "SHA-512" } };
  }

  /** With a last arc that is not in use in place of that of ecdsa-with-SHA256, inside and outside. */
  function unknownAlgorithm(made: Made): Made {
    return replaced(made, "2a8648ce3d040302", "2a8648ce3d04037f");
  }

  /** With one in place of that of P-256. */
  function unknownCurve(made: Made): Made {
    return replaced(made, "2a8648ce3d030107", "2a8648ce3d03017f");
  }

  function replaced({ built }: Made, from: string, to: string): Made {
    const hex = Buffer.from(built.der).toString("hex").replaceAll(from, to);
    const der = new Uint8Array(Buffer.from(hex, "hex"));
    return { built: { ...built, der }, certificate: parseCertificate(der) };
  }
});

/** Counts the signatures on curves. */
function countingEngine(): { readonly engine: typeof engine; count(): number } {
  let calls = 0;
  return {
    engine: {
      ...engine,
      ecdsa(...input) {
        calls++;
        return engine.ecdsa(...input);
      },
    },
    count: () => calls,
  };
}

describe("a hostile list", () => {
  test("of one name and one key identifier costs no more than its share of the work", () => {
    const keyIdentifier = Uint8Array.of(1);
    const list = Array.from({ length: 400 }, () => makeRoot({ keyIdentifier, change: broken }));
    const good = makeRoot({ subject: nameOf("UU") });
    const calls = countingEngine();
    const certificates = [...list, good].map(({ certificate }) => certificate);
    const judgments = judgeCertificates(certificates, { engine: calls.engine });
    assert.ok(
      calls.count() <= unitsFor(certificates.length) + 32 * certificates.length,
      String(calls.count()),
    );
    assert.equal(judgments.at(-1)?.verdict, "root");
    assert.equal(judgments.at(-2)?.verdict, "unchecked");
  });
});

describe("the certificates of the corpus", { skip: corpusAbsent }, () => {
  const expected: readonly [string, Partial<Record<CertificateVerdict, number>>][] = [
    ["DE_2026-01-08.ml", { root: 374, link: 195, "issuer-absent": 12 }],
    ["IT_2025-07-24.ml", { root: 311, link: 145, "issuer-absent": 29 }],
    ["NL_2026-03-11.ml", { root: 397 }],
    ["UN_2023-03.ml", { root: 262, link: 110 }],
  ];

  for (const [file, counts] of expected) {
    test(`${file}: ${JSON.stringify(counts)}`, async () => {
      const judgments = judgeCertificates(await readList(file), { engine });
      assert.deepEqual(countVerdicts(judgments), counts);
    });
  }

  test("the absent issuers of the German list are in other lists, but for those of Cyprus and Lebanon", async () => {
    const files = [
      "UN_2023-03.ml",
      "UN_allowlist.ml",
      "IT_2025-07-24.ml",
      "NL_2026-03-11.ml",
      "HU_2018-05-31.ml",
      "CA_2019-02-19.ml",
    ];
    const authorities = (await Promise.all(files.map(readList))).flat();
    const judgments = judgeCertificates(await readList("DE_2026-01-08.ml"), { authorities, engine });
    const absent = judgments.filter(({ verdict }) => verdict === "issuer-absent");
    assert.deepEqual(
      absent.map(({ certificate }) => certificate.country),
      ["CY", "LB"],
    );
  });

  test("both engines judge the German list the same", async () => {
    const list = await readList("DE_2026-01-08.ml");
    assert.deepEqual(
      judgeCertificates(list, { engine: createPortableEngine() }),
      judgeCertificates(list, { engine }),
    );
  });

  async function readList(file: string) {
    const { objects } = await readBundle(readCorpus(`master-lists/${file}`));
    return objects.flatMap(({ certificates }) => certificates);
  }

  function countVerdicts(judgments: readonly CertificateJudgment[]) {
    const byVerdict = Map.groupBy(judgments, ({ verdict }) => verdict);
    return Object.fromEntries([...byVerdict].map(([verdict, { length }]) => [verdict, length]));
  }
});
