import assert from "node:assert/strict";
import { createHash, createPublicKey, verify, X509Certificate } from "node:crypto";
import { describe, test } from "node:test";
import { type FixtureName, readCertificates, readFixture, readKey, readManifest } from "cert-parser-fixtures";
import { unzipSync } from "fflate";
import { contentOf, elementsOf, openssl, signedData, withoutOpenssl } from "./lists.ts";
import { at, readAll } from "./tlv.ts";

const manifest = readManifest();
const records = new Map(readCertificates().map((record) => [record.name, record]));
const names = new Map(readCertificates().map(({ name, sha256 }) => [sha256, name]));
const world = new Map(
  elementsOf(contentOf("world.ml")).map((der): [string, X509Certificate] => [
    names.get(sha256(der)) ?? "",
    new X509Certificate(der),
  ]),
);
const trials = manifest.files.flatMap(({ name, list, trust }) =>
  list === undefined || trust === undefined ? [] : [{ name: name as FixtureName, list, trust }],
);

describe("the manifest", () => {
  test("names anchors that world.ml holds", () => {
    const verdicts = manifest.files.flatMap(({ trust = [], parts = [] }) => [
      ...trust,
      ...parts.flatMap((part) => part.trust ?? []),
    ]);
    assert.ok(verdicts.length > 20);
    for (const { anchor } of verdicts) assert.ok(world.has(anchor), anchor);
  });

  test("gives every verified list a path from its signer to the anchor, and every refused one reasons", () => {
    for (const { name, list, trust } of trials) {
      for (const { outcome, path, codes, anchor } of trust) {
        assert.equal(path.length > 0, outcome === "verified", name);
        if (outcome === "refused") assert.ok(codes.length > 0, name);
        else assert.deepEqual([path[0], path.at(-1)], [list.signers[0]?.certificate, anchor], name);
      }
    }
  });

  test("lists fewer than sixty kilobytes of such files", () => {
    const first = manifest.files.findIndex(({ name }) => name === "rollover-before.ml");
    const bytes = manifest.files.slice(first).reduce((sum, file) => sum + file.bytes, 0);
    assert.ok(bytes < 60_000);
  });
});

for (const { name, list } of trials) {
  test(`${name} holds the certificates that the manifest names`, () => {
    const listed = elementsOf(contentOf(name)).map((der) => names.get(sha256(der)));
    assert.deepEqual([listed, envelopeOf(name).map(([each]) => each)], [list.listed, list.envelope]);
  });
}

describe("openssl, which asks for nothing but the signature,", () => {
  const deceived: readonly FixtureName[] = [
    "rollover-before.ml",
    "rollover-after.ml",
    "rollover-unlinked.ml",
    "rollover-witness.ml",
    "rogue-link.ml",
    "no-signed-attributes.ml",
    "signer-without-purpose.ml",
    "signer-expired.ml",
    "from-the-future.ml",
    "rogue-envelope.ml",
    "altered-curve.ml",
  ];
  for (const name of deceived) {
    test(`accepts ${name}`, { skip: withoutOpenssl }, () => assert.match(verifyCms(name), /successful/));
  }
  for (const name of ["content-swapped.ml", "exponent-3-forgery.ml"] as const) {
    test(`refuses ${name}`, { skip: withoutOpenssl }, () => assert.match(verifyCms(name), /failure/));
  }
});

describe("rollovers", () => {
  for (const csca of ["qz-passport", "xz-passport"]) {
    test(`the link of ${csca} was issued while the old key was in use`, () => {
      const [old, link] = [named(`${csca}-1`), named(`${csca}-2-link`)];
      assert.ok(link.verify(old.publicKey));
      const [begin, end] = usagePeriod(old);
      const issued = instantOf(link.validFrom);
      assert.ok(begin <= issued && issued <= end, `${begin} ${issued} ${end}`);
    });
  }

  test("that of rogue-link.ml was issued with a key that was out of use, whose certificate is valid", () => {
    const old = named("xa-passport-1");
    const link = elementsOf(contentOf("rogue-link.ml"))
      .map((der) => new X509Certificate(der))
      .find(({ raw }) => names.get(sha256(raw)) === "xa-rogue-link");
    assert.ok(link);
    assert.ok(link.verify(old.publicKey));
    const issued = instantOf(link.validFrom);
    assert.ok(issued > usagePeriod(old)[1]);
    assert.ok(new Date(link.validFrom) < new Date(old.validTo));
  });
});

describe("tampered lists", () => {
  test("content-swapped.ml and rogue-envelope.ml have the signature of signer-alone.ml, and so has decoy.ml", () => {
    const signature = signerInfo("signer-alone.ml").at(-1)?.content;
    for (const name of ["content-swapped.ml", "rogue-envelope.ml", "decoy.ml"] as const) {
      assert.deepEqual(signerInfo(name).at(-1)?.content, signature);
      assert.equal(contentOf(name).equals(contentOf("signer-alone.ml")), name !== "content-swapped.ml");
    }
  });

  test("decoy.ml has the decoy before the signer, with its key identifier and its purpose", () => {
    const [[decoyName, decoy] = [], [signerName] = []] = envelopeOf("decoy.ml");
    assert.deepEqual([decoyName, signerName], ["xa-decoy", "xa-list-signer"]);
    assert.deepEqual(decoy?.keyUsage, ["2.23.136.1.1.3"]);
    const identifiers = ["xa-decoy", "xa-list-signer"].map((name) => records.get(name)?.subjectKeyIdentifier);
    assert.equal(identifiers[0], identifiers[1]);
  });

  test("no-signed-attributes.ml has none, and attribute-twice.ml has four, two of them of one type", () => {
    assert.equal(
      signerInfo("no-signed-attributes.ml").some(({ tag }) => tag === 0xa0),
      false,
    );
    const attributes = signerInfo("attribute-twice.ml").find(({ tag }) => tag === 0xa0);
    const types = readAll(attributes?.content ?? Buffer.alloc(0)).map(({ der }) =>
      at(der, 0).der.toString("hex"),
    );
    assert.deepEqual([types.length, new Set(types).size], [4, 3]);
  });

  test("signer-expired.ml and from-the-future.ml are signed after their signers' validity", () => {
    for (const name of ["signer-expired.ml", "from-the-future.ml"] as const) {
      const [signer] = trials.find((trial) => trial.name === name)?.list.signers ?? [];
      assert.ok((signer?.signingTime ?? "") > (records.get(signer?.certificate ?? "")?.notAfter ?? "z"));
    }
  });
});

describe("exponent-3-forgery.ml", () => {
  const [signer] = envelopeOf("exponent-3-forgery.ml").map(([, certificate]) => certificate);
  const block = () => {
    const signature = signerInfo("exponent-3-forgery.ml").at(-1)?.content ?? Buffer.alloc(0);
    return (BigInt(`0x${signature.toString("hex")}`) ** 3n).toString(16).padStart(768, "0");
  };

  test("is under a real signer's key of 3072 bits and exponent 3", () => {
    assert.deepEqual(
      [
        signer?.publicKey.asymmetricKeyDetails?.modulusLength,
        signer?.publicKey.asymmetricKeyDetails?.publicExponent,
      ],
      [3072, 3n],
    );
    assert.ok(signer?.verify(named("xa-passport-3").publicKey));
  });

  test("begins as a signature over its attributes does, and goes on with garbage", () => {
    const attributes = signedAttributes("exponent-3-forgery.ml");
    const digestInfo = `3031300d060960864801650304020105000420${sha256(attributes)}`;
    const front = `0001${"ff".repeat(8)}00${digestInfo}`;
    assert.ok(block().startsWith(front));
    assert.match(block().slice(front.length), /[1-9a-f]/);
    assert.equal(block().length, 768);
  });
});

describe("altered-curve.cer", () => {
  const altered = new X509Certificate(readFixture("altered-curve.cer"));
  const genuine = named("xa-passport-3");

  test("differs from the genuine root in the generator and the signature alone", () => {
    const [forgedTbs, genuineTbs] = [at(altered.raw, 0), at(genuine.raw, 0)].map(({ content }) =>
      readAll(content).map(({ der }) => der.toString("hex")),
    );
    const differing = forgedTbs?.flatMap((field, index) => (field === genuineTbs?.[index] ? [] : [index]));
    assert.deepEqual(differing, [6]);
    const domain = (certificate: X509Certificate) => readAll(at(certificate.raw, 0, 6, 0, 1).content);
    const changed = domain(altered).flatMap(({ der }, index) =>
      domain(genuine)[index]?.der.equals(der) ? [] : [index],
    );
    assert.deepEqual(changed, [3]);
    assert.deepEqual(at(altered.raw, 0, 6, 1).der, at(genuine.raw, 0, 6, 1).der);
  });

  test("verifies itself and its signer for whoever takes its curve as it comes", () => {
    assert.ok(altered.verify(altered.publicKey));
    const signer = envelopeOf("altered-curve.ml").find(([name]) => name === "xa-altered-list-signer")?.[1];
    assert.ok(signer);
    assert.ok(signer.verify(altered.publicKey));
    assert.ok(!signer.verify(genuine.publicKey));
  });
});

test("list-and-rogue.zip holds signer-alone.ml, and another list that its own signer signed", () => {
  const [good, rogue] = Object.values(unzipSync(readFixture("list-and-rogue.zip")));
  assert.deepEqual(good, readFixture("signer-alone.ml"));
  assert.ok(rogue);
  const signedData = at(rogue, 1, 0).content;
  const signer = new X509Certificate(readAll(signedData)[3]?.content ?? Buffer.alloc(0));
  assert.ok(signer.verify(createPublicKey(readKey("xa-rogue"))));
  const info = readAll(at(readAll(signedData).at(-1)?.content ?? Buffer.alloc(0)).content);
  const attributes = info.find(({ tag }) => tag === 0xa0)?.der.with(0, 0x31);
  assert.ok(
    attributes && verify("sha256", attributes, signer.publicKey, info.at(-1)?.content ?? Buffer.alloc(0)),
  );
});

test("list-with-rogue.p7b holds the certificates of rollover-witness.ml, and one more", () => {
  const bundled = readAll(at(readFixture("list-with-rogue.p7b"), 1, 0, 3).content).map(({ der }) =>
    names.get(sha256(der)),
  );
  const listed = elementsOf(contentOf("rollover-witness.ml")).map((der) => names.get(sha256(der)));
  assert.deepEqual(bundled.toSorted(), [...listed, "xa-rogue"].toSorted());
});

function envelopeOf(name: FixtureName): readonly (readonly [name: string | undefined, X509Certificate])[] {
  return readAll(signedData(name, 3).content).map(({ der }) => [
    names.get(sha256(der)),
    new X509Certificate(der),
  ]);
}

/** The fields of the one SignerInfo. */
function signerInfo(name: FixtureName): ReturnType<typeof readAll> {
  return readAll(at(readAll(signedData(name).content).at(-1)?.content ?? Buffer.alloc(0)).content);
}

/** As they are signed: a SET OF (RFC 5652, 5.4). */
function signedAttributes(name: FixtureName): Uint8Array {
  return (
    signerInfo(name)
      .find(({ tag }) => tag === 0xa0)
      ?.der.with(0, 0x31) ?? new Uint8Array()
  );
}

/** Begin and end of the private key usage period, `YYYYMMDDHHMMSS`. */
function usagePeriod({ raw }: X509Certificate): readonly [begin: string, end: string] {
  const [, begin = "", end = ""] =
    /551d1004243022800f(.{30})810f(.{30})/.exec(Buffer.from(raw).toString("hex")) ?? [];
  assert.ok(begin !== "" && end !== "");
  return [digitsOf(begin), digitsOf(end)];
}

function digitsOf(hex: string): string {
  return Buffer.from(hex, "hex").toString("latin1").slice(0, 14);
}

function instantOf(date: string): string {
  return new Date(date).toISOString().replaceAll(/\D/g, "").slice(0, 14);
}

function verifyCms(name: FixtureName): string {
  const options = ["-verify", "-noverify", "-binary", "-inform", "DER"];
  return openssl(readFixture(name), "cms", ...options).stderr;
}

function named(name: string): X509Certificate {
  const certificate = world.get(name);
  assert.ok(certificate, name);
  return certificate;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
