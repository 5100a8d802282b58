/**
 * What neighbors, namesakes and hostile keys cost.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readBundle, verifyBundle } from "cert-parser-core";
import { sha256 } from "cert-parser-core/node";
import {
  buildCertificate,
  buildMasterList,
  documentSignerOptions,
  encodeLdif,
  generateKeyPair,
  type KeyPair,
  listSignerOptions,
} from "../../../../test-fixtures/src/builders.ts";
import { gatherAuthorities } from "../../src/chain/authority-set.ts";
import type { SignatureEngine } from "../../src/signatures/signature-engine.ts";
import { checkDocumentSigner } from "../../src/verify/check-document-signer.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { engine, type Made, makeSigner, nameOf } from "../chain/csca-world.ts";
import { createMemoryStore } from "../model/memory-store.ts";
import { at, crlOf, csca, imitation, keyOf, listOf, listSigner, run, zipOf } from "./attack-world.ts";

describe("seventy namesakes with the key identifier of a CSCA, in the lists of everybody", () => {
  const victim = csca("UT", "Victim");
  const beta = csca("BB", "Beta");
  const many = Array.from({ length: 70 }, (_, number) => imitation(victim, number + 1));
  const members = [...many, victim, beta];

  test("do not keep its signers from being known", async () => {
    const signer = makeSigner(victim.built);
    const { outcome, steps } = await checkDocumentSigner(signer.certificate, {
      authorities: gatherAuthorities(
        members.map(({ certificate }) => certificate),
        { engine },
      ),
      at: new Date(at("2024-06-01")),
    });
    assert.equal(outcome, "trusted", steps.map(({ code }) => code).join());
  });

  test("do not keep its lists out", async () => {
    const store = createMemoryStore();
    await run(store, "b", listOf(beta, members, "2024-05-01"), "2024-05-02");
    await store.approve("a", keyOf(victim));
    const list = (day: string) => {
      const signer = listSigner(victim, day);
      return listOf(victim, members, day, { signer, envelopeCertificates: [signer.built.der] });
    };
    await run(store, "a", list("2024-05-10"), "2024-05-11");
    const { codes } = await run(store, "a", list("2024-06-01"), "2024-06-02");
    assert.deepEqual(codes, ["accepted"]);
  });
});

test("lists of hostile keys beside an honest one in an archive do not use up its work", async () => {
  const honest = csca("AA", "Honest", { key: generateKeyPair({ kind: "ec", curve: "P-384" }) });
  const store = createMemoryStore();
  await run(store, "a", listOf(honest, [honest], "2024-05-01"), "2024-05-02");
  const members: Record<string, Uint8Array> = {};
  const hostile = hostileSigner();
  for (let number = 0; number < 20; number++) {
    members[`${number}.ml`] = buildMasterList({
      certificates: [csca("AA", `Rogue ${number}`).built.der],
      envelopeCertificates: [hostile.built.der],
      // The latest comes first.
      signers: Array.from({ length: 60 }, () => ({
        certificate: { ...hostile.built, key: makeRsa() },
        signingTime: at("2024-06-01"),
      })),
    }).der;
  }
  members["z.ml"] = listOf(honest, [honest], "2024-05-20");
  const { codes } = await run(store, "a", zipOf(members), "2024-06-02");
  assert.equal(codes.filter((code) => code === "accepted").length, 1, codes.at(-1));
});

test("two hundred CRLs of a rogue do not have everything that is known derived two hundred times", async () => {
  const publisher = csca("AA", "Publisher");
  const rogue = csca("AA", "Rogue");
  const many = Array.from({ length: 200 }, (_, number) => imitation(rogue, number + 1));
  const store = createMemoryStore();
  await run(store, "a", listOf(publisher, [publisher, rogue, ...many], "2024-05-01"), "2024-05-02");
  const crls = Array.from({ length: 200 }, (_, number) =>
    crlOf(rogue.built, "2024-05-03", [], {
      number: number + 1,
      thisUpdate: new Date(Date.parse(at("2024-05-03")) + number * 1000).toISOString().replace(".000", ""),
    }),
  );
  const text = encodeLdif(
    crls.map((value, number) => ({
      dn: `cn=${number},o=crl,c=AA,dc=data`,
      lines: [{ name: "certificateRevocationList;binary", value }],
    })),
  );
  let digests = 0;
  const counting: SignatureEngine = {
    ...engine,
    digest(name, data) {
      digests++;
      return engine.digest(name, data);
    },
  };
  const ran = await run(store, "a", new TextEncoder().encode(text), "2024-05-04", { engine: counting });
  assert.equal(ran.outcome, "accepted");
  assert.equal(store.state().facts.crls.length, 200);
  assert.ok(digests < 5000, `${digests} digests`);
});

test("a compressed point that stands by itself is told apart as before", async () => {
  const key = generateKeyPair({ kind: "ec", curve: "P-521" });
  const root = csca("AA");
  const options = documentSignerOptions({
    subject: nameOf("AA", "Signer"),
    key,
    notBefore: at("2024-01-01"),
    notAfter: at("2025-01-01"),
    issuer: root.built,
  });
  const publicKeyEncoding = { curve: "named", point: "compressed" } as const;
  const { der } = buildCertificate({ ...options, publicKeyEncoding });
  const bundle = await readBundle(der, { sha256 });
  const { objects } = await verifyBundle(bundle, { now: new Date(at("2024-06-01")), engine });
  assert.equal(objects[0]?.outcome, "undetermined");
});

/** A signer whose key is as costly as one may be. */
function hostileSigner(): Made {
  const key = { ...makeRsa(), publicBits: hostileBits() } as KeyPair;
  const root = csca("AA", "Rogue");
  const built = buildCertificate(
    listSignerOptions({
      subject: nameOf("AA", "Hostile"),
      key,
      notBefore: at("2024-01-01"),
      notAfter: at("2025-01-01"),
      issuer: root.built,
    }),
  );
  return { built, certificate: parseCertificate(built.der) };
}

let rsa: KeyPair | undefined;
function makeRsa(): KeyPair {
  rsa ??= generateKeyPair({ kind: "rsa", bits: 2048 });
  return rsa;
}

/** RSAPublicKey of 8192 bits, and an exponent of 64. */
function hostileBits(): Uint8Array {
  const modulus = [0x02, 0x82, 0x04, 0x01, 0, ...new Uint8Array(1024).fill(0xff)];
  const exponent = [0x02, 0x09, 0, ...new Uint8Array(8).fill(0xff)];
  const content = [...modulus, ...exponent];
  return Uint8Array.from([0x30, 0x82, content.length >> 8, content.length & 255, ...content]);
}
