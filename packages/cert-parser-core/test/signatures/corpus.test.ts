import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { toHex } from "../../src/bytes/hex.ts";
import { parseRevocationList } from "../../src/crl/revocation-list.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { checkSignature, type SignatureCheck } from "../../src/signatures/check-signature.ts";
import type { Certificate } from "../../src/x509/certificate.ts";
import { corpusAbsent, corpusFiles, readCorpus } from "../corpus.ts";
import { engines } from "./engines.ts";

/** How many signatures of each list are by the key of the certificate itself, by another of the list, by neither. */
const expected: Readonly<Record<string, Counts>> = {
  "CA_2019-02-19.ml": { self: 107, link: 0, neither: 0 },
  "DE_2026-01-08.ml": { self: 374, link: 193, neither: 14 },
  "HU_2018-05-31.ml": { self: 335, link: 38, neither: 5 },
  "IT_2025-07-24.ml": { self: 311, link: 136, neither: 38 },
  "MD_2018-03-14.ml": { self: 6, link: 1, neither: 0 },
  "NL_2026-03-11.ml": { self: 397, link: 0, neither: 0 },
  "UA_2018-09-27.ml": { self: 1, link: 0, neither: 0 },
  "UN_2023-03.ml": { self: 262, link: 106, neither: 4 },
  "UN_allowlist.ml": { self: 356, link: 160, neither: 4 },
  "bare-content-3.der": { self: 3, link: 0, neither: 0 },
};

interface Counts {
  readonly self: number;
  readonly link: number;
  readonly neither: number;
}

interface Judged {
  readonly certificate: Certificate;
  readonly issuer: Certificate;
  readonly check: SignatureCheck;
}

// Lists have most of their certificates in common; a signature is verified once.
const known = new Map<string, SignatureCheck>();

function checkByAll(certificate: Certificate, issuer: Certificate): SignatureCheck {
  const name = `${certificate.sha256} ${issuer.sha256}`;
  const check = known.get(name) ?? agreedCheck(certificate, issuer);
  known.set(name, check);
  return check;
}

/** What both engines say, which must be the same. */
function agreedCheck(certificate: Certificate, issuer: Certificate): SignatureCheck {
  const input = {
    publicKey: issuer.publicKey,
    algorithm: certificate.signatureAlgorithm,
    data: certificate.tbsCertificate,
    signature: certificate.signature,
  };
  const [portable, node] = engines.map(([, engine]) => checkSignature(engine, input));
  assert.deepEqual(node, portable, certificate.sha256);
  assert.ok(node !== undefined);
  return node;
}

async function readList(file: string): Promise<readonly Certificate[]> {
  const { objects } = await readBundle(readCorpus(`master-lists/${file}`));
  return objects.flatMap(({ certificates }) => certificates);
}

/** The certificate itself, and those that its authorityKeyIdentifier names. */
function* judgeList(certificates: readonly Certificate[]): Generator<Judged, void, undefined> {
  const byKey = Map.groupBy(
    certificates,
    ({ subjectKeyIdentifier }) => subjectKeyIdentifier && toHex(subjectKeyIdentifier),
  );
  for (const certificate of certificates) {
    const { authorityKeyIdentifier } = certificate;
    const named = (authorityKeyIdentifier && byKey.get(toHex(authorityKeyIdentifier))) ?? [];
    for (const issuer of new Set([certificate, ...named])) {
      yield { certificate, issuer, check: checkByAll(certificate, issuer) };
    }
  }
}

function countList(certificates: readonly Certificate[]): Counts {
  const [self, link] = [new Set<Certificate>(), new Set<Certificate>()];
  for (const { certificate, issuer, check } of judgeList(certificates)) {
    if (check.outcome === "valid") (certificate === issuer ? self : link).add(certificate);
  }
  const links = [...link].filter((certificate) => !self.has(certificate)).length;
  return { self: self.size, link: links, neither: certificates.length - self.size - links };
}

describe("the certificates of the corpus", { skip: corpusAbsent }, () => {
  for (const [file, counts] of Object.entries(expected)) {
    test(`${file}: both engines say the same of every signature, and find ${counts.self} self-signed`, async () => {
      assert.deepEqual(countList(await readList(file)), counts);
    });
  }

  test("are all counted", () => {
    assert.deepEqual(Object.keys(expected).sort(), corpusFiles("master-lists"));
  });

  // Deno's answer is false on good signatures with RSASSA-PSS, and neither it nor Bun reads every key.
  const skip = "Deno" in globalThis || "Bun" in globalThis ? "Deno and Bun know less" : false;
  test("are found the same by OpenSSL", { skip }, async () => {
    for (const file of ["DE_2026-01-08.ml", "IT_2025-07-24.ml", "UN_2023-03.ml"]) {
      for (const { certificate, issuer, check } of judgeList(await readList(file))) {
        if (certificate !== issuer && check.outcome !== "valid") continue;
        const { publicKey } = new X509Certificate(issuer.der);
        const isGood = new X509Certificate(certificate.der).verify(publicKey);
        assert.equal(check.outcome === "valid", isGood, certificate.sha256);
      }
    }
  });

  test("are all of kinds that are verified here", async () => {
    const outcomes = [...known.values()].map(({ outcome }) => outcome);
    assert.equal(outcomes.includes("unsupported"), false);
  });
});

describe("the signers of the corpus's lists", { skip: corpusAbsent }, () => {
  const leniencies: Readonly<Record<string, readonly string[]>> = {
    "UN_2023-03.ml": ["DIGEST_INFO_NULL_ABSENT"],
  };

  for (const file of corpusFiles("master-lists").filter((name) => name.endsWith(".ml"))) {
    test(`${file}: one certificate of the envelope has signed`, async () => {
      const [object] = (await readBundle(readCorpus(`master-lists/${file}`))).objects;
      assert.ok(object !== undefined && object.signers.length > 0);
      const { envelopeCertificates, signers } = object;
      for (const { signatureAlgorithm, digestAlgorithm, signedAttrs, signature } of signers) {
        assert.ok(signedAttrs !== undefined);
        // RFC 5652, 5.4: the signature covers the attributes with the tag of a SET.
        const data = signedAttrs.with(0, 0x31);
        for (const [name, engine] of engines) {
          const checks = envelopeCertificates.map(({ publicKey }) =>
            checkSignature(engine, {
              publicKey,
              algorithm: signatureAlgorithm,
              digestAlgorithm,
              data,
              signature,
            }),
          );
          const good = checks.filter(({ outcome }) => outcome === "valid");
          assert.deepEqual(
            good.map((check) => check.leniencies),
            [leniencies[file] ?? []],
            name,
          );
        }
      }
    });
  }
});

describe("the CRLs of the corpus", { skip: corpusAbsent }, () => {
  for (const file of ["DE.crl", "GB.crl", "CN.crl"]) {
    test(`${file}: the signature is by a certificate of the lists`, async () => {
      const {
        tbsCertList: data,
        signatureAlgorithm: algorithm,
        signature,
      } = parseRevocationList(readCorpus(`crl/${file}`));
      const issuers = new Map((await readList("UN_2023-03.ml")).map((issuer) => [issuer.sha256, issuer]));
      for (const [, engine] of engines) {
        const good = [...issuers.values()].filter(
          ({ publicKey }) =>
            checkSignature(engine, { publicKey, algorithm, data, signature }).outcome === "valid",
        );
        assert.ok(good.length > 0);
      }
    });
  }
});
