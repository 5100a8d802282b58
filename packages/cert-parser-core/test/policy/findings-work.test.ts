/**
 * Work: what a bundle may cost, and who else gets a turn meanwhile.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  type CertificateOptions,
  generateKeyPair,
  type KeyPair,
} from "../../../../test-fixtures/src/builders.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { trustPolicy } from "../../src/pipeline/default-ports.ts";
import { engine, type Made, makeCrl, makeKey, makeRoot, makeSigner, nameOf } from "../chain/csca-world.ts";
import { integer, sequence } from "../der-writer.ts";
import { listBytes, makeListSigner, now } from "../verify/list-world.ts";
import { keyOf } from "./facts-world.ts";
import { accept, crlFile, hold, look, signerFile, worldOf } from "./findings-world.ts";
import type { MemoryStore } from "./memory-store.ts";
import { dersOf, zip } from "./policy-world.ts";

const { signal } = new AbortController();
const signingKey = generateKeyPair({ kind: "rsa", bits: 2048 });

/** How often others have their turn while a bundle is judged. */
async function turnsOf(store: MemoryStore, bytes: Uint8Array): Promise<number> {
  const bundle = await readBundle(bytes);
  const known = await store.known("default", signal);
  assert.ok(known.ok);
  const policy = trustPolicy({ mode: "pin", engine, maxRemovedPercent: 100 }, { now: () => now });
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await policy.judge(bundle, known.value, signal);
  isOver = true;
  return turns;
}

/** An RSA key of this size that nobody has made: its modulus is odd, and that is all. */
function madeUpKey(bits: number, seed: number): KeyPair {
  const modulus = `${"c3".repeat(bits / 8 - 3)}${(0x10_0000 + seed * 16).toString(16)}`.slice(
    0,
    bits / 4 - 1,
  );
  const publicBits = sequence(integer(`00${modulus}1`), integer("7fffffffffffffff"));
  return { ...signingKey, bits, publicBits };
}

/** A CSCA certificate of a made-up key, which names itself as the one that signed it, and has a signature of the right length. */
function madeUpRoot(bits: number, seed: number, keyIdentifier?: Uint8Array): Made {
  return makeRoot({
    subject: nameOf("XM"),
    key: madeUpKey(bits, seed),
    ...(keyIdentifier && { keyIdentifier }),
    change: madeUpSignature(bits),
  });
}

/** A signature of the length that a key of this size gives. */
function madeUpSignature(bits: number): (options: CertificateOptions) => CertificateOptions {
  return (options) => ({
    ...options,
    signer: signingKey,
    signatureAlgorithm: { scheme: "rsa-pkcs1", hash: "SHA-256" },
    changeSignature: () => new Uint8Array(bits / 8).fill(7),
  });
}

describe("an accepted list of made-up RSA keys", () => {
  const options = { maxRemovedPercent: 100 };

  test("of 16,384 bits: none of them is reckoned with", async () => {
    const { store, list } = await hold();
    const certificates = Array.from({ length: 60 }, (_, at) => madeUpRoot(16_384, at));
    const [judgment] = await accept(store, list(certificates, "2024-05-02T00:00:00Z"), options);
    for (const { certificate } of certificates) {
      assert.equal(
        judgment?.evidence?.certificates.get(certificate.sha256)?.verdict,
        "algorithm-unsupported",
      );
    }
  });

  test("of 8,192 bits, with exponents of 63: others have their turn", async () => {
    const { store, list } = await hold();
    const certificates = Array.from({ length: 150 }, (_, at) => madeUpRoot(8192, at));
    const bytes = list(certificates, "2024-05-02T00:00:00Z");
    // Each costs some 17 units, and there is a turn after 200.
    const turns = await turnsOf(store, bytes);
    assert.ok(turns > 8, `${turns} turns`);
  });
});

describe("hostile document signers", () => {
  const keys = Array.from({ length: 8 }, (_, at) =>
    makeRoot({ subject: nameOf("UT", `CSCA ${at}`), key: generateKeyPair({ kind: "ec", curve: "P-384" }) }),
  );
  const stranger = makeRoot();

  test("a thousand of them, whose issuer is tried among all keys of their country, leave others their turn", async () => {
    const { store } = await hold(...keys);
    const key = makeKey();
    const unnamed = (options: CertificateOptions): CertificateOptions => ({
      ...options,
      extensions: (options.extensions ?? []).filter(({ oid }) => oid !== authorityKeyIdentifier),
    });
    const signers = Array.from({ length: 1000 }, (_, at) =>
      makeSigner(stranger.built, { key, serialNumber: at + 1, change: unnamed }),
    );
    const turns = await turnsOf(store, signerFile(...signers));
    // Five keys of 6 units each are tried for every one of them.
    assert.ok(turns > 100, `${turns} turns`);
  });

  test("with compressed points leave others their turn", async () => {
    const { store } = await hold();
    const key = generateKeyPair({ kind: "ec", curve: "P-521" });
    const compressed = (options: CertificateOptions): CertificateOptions => ({
      ...options,
      publicKeyEncoding: { point: "compressed" },
    });
    const signers = Array.from({ length: 500 }, (_, at) =>
      makeSigner(stranger.built, { key, serialNumber: at + 1, change: compressed }),
    );
    // To tell each key takes some 3 units.
    const turns = await turnsOf(store, signerFile(...signers));
    assert.ok(turns > 5, `${turns} turns`);
  });

  test("can be stopped", async () => {
    const { store } = await hold(...keys);
    const bundle = await readBundle(
      signerFile(...Array.from({ length: 100 }, () => makeSigner(stranger.built))),
    );
    const known = await store.known("default", AbortSignal.abort());
    assert.ok(known.ok);
    const cancel = new AbortController();
    const policy = trustPolicy({ mode: "pin", engine }, { now: () => now });
    const judging = policy.judge(bundle, known.value, cancel.signal);
    cancel.abort(new Error("stop"));
    await assert.rejects(Promise.resolve(judging), /stop/);
  });
});

test("hundreds of CRLs leave others their turn", async () => {
  const keys = Array.from({ length: 8 }, (_, at) =>
    makeRoot({ subject: nameOf("UT", `CSCA ${at}`), key: generateKeyPair({ kind: "ec", curve: "P-384" }) }),
  );
  const { store } = await hold(...keys);
  const stranger = makeRoot();
  const crls = Array.from({ length: 200 }, (_, at) =>
    makeCrl(stranger.built, { number: at + 1, extensions: [] }),
  );
  const turns = await turnsOf(store, crlFile(...crls));
  assert.ok(turns > 20, `${turns} turns`);
});

test("a good list goes in, whatever others in its archive cost", async () => {
  const root = makeRoot({ key: generateKeyPair({ kind: "ec", curve: "P-384" }) });
  const own = worldOf(root);
  const { keyIdentifier } = makeRoot().built;
  const junk = Array.from({ length: 3 }, (_, at) => {
    const [first, ...others] = Array.from({ length: 70 }, (__, seed) =>
      madeUpRoot(8192, at * 100 + seed, keyIdentifier),
    );
    assert.ok(first);
    const subject = nameOf("XM", "Signer");
    const signer = makeListSigner(first, { subject, change: madeUpSignature(8192) });
    return listBytes(
      { root: first, signer },
      { certificates: dersOf([first, ...others]), signerInfo: { signingTime: "2024-05-20T00:00:00Z" } },
    );
  });
  const { store } = await hold(root);
  store.approve(keyOf(root), "ut");
  const judged = await look(store, zip(...junk, listBytes(own)), { source: "ut" });
  assert.deepEqual(
    judged.map(({ outcome }) => outcome),
    ["refused", "refused", "refused", "accepted"],
    JSON.stringify(judged.map(({ reasons }) => reasons)),
  );
});

const authorityKeyIdentifier = "2.5.29.35";
