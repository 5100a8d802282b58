import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  authorityKeyIdentifier,
  crlNumber,
  deltaCrlIndicator,
  invalidityDate,
  issuingDistributionPoint,
  keyUsage,
  nullValue,
  type RevocationListOptions,
  rawExtension,
  withExtension,
} from "../../../../test-fixtures/src/builders.ts";
import { keySha256Of } from "../../src/chain/authority-index.ts";
import { type AuthoritySet, gatherAuthorities } from "../../src/chain/authority-set.ts";
import type { KnownRevocationList } from "../../src/chain/crl-age.ts";
import {
  judgeRevocationList,
  type RevocationListJudgment,
  toKnownRevocationList,
} from "../../src/chain/crl-verdict.ts";
import { revocationStatus } from "../../src/chain/revocation-status.ts";
import { parseRevocationList, type RevocationList } from "../../src/crl/revocation-list.ts";
import { readBundle } from "../../src/icao/read-bundle.ts";
import { corpusAbsent, readCorpus } from "../corpus.ts";
import {
  engine,
  type Made,
  makeCrl,
  makeLink,
  makeRoot,
  makeSigner,
  nameOf,
  sameAuthority,
} from "./csca-world.ts";

const now = new Date("2024-07-01T00:00:00Z");

function gather(...made: readonly Made[]): AuthoritySet {
  return gatherAuthorities(
    made.map(({ certificate }) => certificate),
    { engine },
  );
}

function keyOf({ certificate }: Made): string {
  return keySha256Of(certificate.publicKey, engine);
}

function judge(
  crl: RevocationList,
  authorities: AuthoritySet,
  known: readonly (KnownRevocationList | undefined)[] = [],
): RevocationListJudgment {
  return judgeRevocationList(crl, { authorities, now, known: known.filter((one) => one !== undefined) });
}

/** The codes of what failed, and of what is noted. */
function codes({ steps }: RevocationListJudgment): readonly (string | null)[] {
  return steps.filter(({ code }) => code !== null).map(({ code }) => code);
}

function revoke(serialNumber: bigint | number | Uint8Array): Partial<RevocationListOptions> {
  return {
    revokedCertificates: [{ serialNumber, revocationDate: "2024-05-01T00:00:00Z", reason: "keyCompromise" }],
  };
}

describe("the signature of a CRL", () => {
  const root = makeRoot();

  test("is that of the key which its authorityKeyIdentifier names, among several of one name", () => {
    const judgment = judge(makeCrl(root.built), gather(makeRoot(), makeRoot(), root));
    assert.equal(judgment.outcome, "accepted");
    assert.equal(judgment.foundBy, "aki");
    assert.equal(judgment.issuer, root.certificate);
    assert.deepEqual(codes(judgment), []);
    assert.equal(judgment.isStale, false);
  });

  test("may be that of a key found by the name, or by trial in the country", () => {
    const authorities = gather(makeRoot(), root);
    const extensions = [crlNumber(1)];
    assert.equal(judge(makeCrl(root.built, { extensions }), authorities).foundBy, "name");
    const issuer = sameAuthority(root, { subject: nameOf("ut", "Other") });
    assert.equal(judge(makeCrl(issuer, { extensions }), authorities).foundBy, "trial");
  });

  test("speaks for its own key and for the older ones that signed it, not for the country", () => {
    const [link, stranger] = [makeLink(root), makeRoot()];
    const authorities = gather(root, link, stranger);
    const { speaksFor } = judge(makeCrl(link.built), authorities);
    assert.deepEqual(speaksFor, new Set([keyOf(link), keyOf(root)]));
    assert.deepEqual(judge(makeCrl(root.built), authorities).speaksFor, new Set([keyOf(root)]));
  });

  test("is refused under a name that no certificate of its CSCA has: NAME_MISMATCH", () => {
    const neighbor = makeRoot({ subject: nameOf("UT", "Neighbor") });
    const borrowed = sameAuthority(root, { subject: neighbor.built.subject });
    assert.deepEqual(codes(judge(makeCrl(borrowed), gather(root, neighbor))), ["NAME_MISMATCH"]);
  });

  test("issued after its key expired is refused: CRL_AFTER_KEY", () => {
    const late = { thisUpdate: "2035-02-01T00:00:00Z", nextUpdate: "2035-05-01T00:00:00Z" };
    const judgment = judgeRevocationList(makeCrl(root.built, late), {
      authorities: gather(root),
      now: new Date("2035-02-02T00:00:00Z"),
    });
    assert.deepEqual(codes(judgment), ["CRL_AFTER_KEY"]);
  });

  test("issued after the usage period of its key is noted: KEY_USAGE_PERIOD", () => {
    const late = { thisUpdate: "2025-02-01T00:00:00Z", nextUpdate: "2025-05-01T00:00:00Z" };
    const { outcome, steps } = judgeRevocationList(makeCrl(root.built, late), {
      authorities: gather(root),
      now: new Date("2025-02-02T00:00:00Z"),
    });
    assert.equal(outcome, "accepted");
    assert.deepEqual(
      steps.filter(({ result }) => result === "noted").map(({ code }) => code),
      ["KEY_USAGE_PERIOD"],
    );
  });

  const broken = (octets: Uint8Array) => octets.with(-1, (octets.at(-1) ?? 0) ^ 1);
  const refused: readonly [string, RevocationList, readonly Made[], string][] = [
    [
      "of an issuer that is not known",
      makeCrl(root.built),
      [makeRoot({ subject: nameOf("XX") })],
      "ISSUER_UNKNOWN",
    ],
    ["that is broken", makeCrl(root.built, { changeSignature: broken }), [root], "SIGNATURE_INVALID"],
    [
      "of a stranger under the key identifier of the CSCA",
      makeCrl(sameAuthority(makeRoot(), { keyIdentifier: root.built.keyIdentifier })),
      [root],
      "SIGNATURE_INVALID",
    ],
    ["by a signer", makeCrl(makeSigner(root.built).built), [root, makeSigner(root.built)], "ISSUER_UNKNOWN"],
  ];
  for (const [title, crl, authorities, code] of refused) {
    test(`${title}: ${code}`, () => {
      const judgment = judge(crl, gather(...authorities));
      assert.equal(judgment.outcome, "refused");
      assert.deepEqual(codes(judgment), [code]);
      assert.equal(judgment.speaksFor.size, 0);
    });
  }

  test("by a key that may not sign CRLs: SIGNER_PROFILE", () => {
    const limited = makeRoot({
      change: (options) => ({
        ...options,
        extensions: withExtension(options.extensions ?? [], keyUsage(["keyCertSign"])),
      }),
    });
    assert.deepEqual(codes(judge(makeCrl(limited.built), gather(limited))), ["SIGNER_PROFILE"]);
  });

  test("is of a kind that is not verified here: SIGNATURE_UNSUPPORTED", () => {
    const hex = Buffer.from(makeCrl(root.built).der).toString("hex");
    const crl = parseRevocationList(
      new Uint8Array(Buffer.from(hex.replaceAll("2a8648ce3d040302", "2a8648ce3d04037f"), "hex")),
    );
    assert.deepEqual(codes(judge(crl, gather(root))), ["SIGNATURE_UNSUPPORTED"]);
  });
});

describe("the scope of a CRL", () => {
  const root = makeRoot();
  const usual = [authorityKeyIdentifier({ keyIdentifier: root.built.keyIdentifier }), crlNumber(2)];
  for (const [scope, extension] of [
    ["delta", deltaCrlIndicator(1)],
    ["indirect", issuingDistributionPoint({ indirectCrl: true })],
    ["partial", issuingDistributionPoint({ onlyContainsCaCerts: true })],
    ["unknown", rawExtension("1.2.3.4", nullValue(), true)],
  ] as const) {
    test(`that is ${scope} keeps it from being applied: CRL_SCOPE`, () => {
      const signer = makeSigner(root.built);
      const crl = makeCrl(root.built, { extensions: [...usual, extension], ...revoke(77) });
      const judgment = judge(crl, gather(root));
      assert.equal(judgment.outcome, "refused");
      assert.deepEqual(codes(judgment), ["CRL_SCOPE"]);
      const issued = { certificate: signer.certificate, issuerKeySha256: judgment.issuerKeySha256 };
      assert.equal(revocationStatus(issued, [judgment], now).status, "undetermined");
    });
  }
});

describe("the age of a CRL", () => {
  const root = makeRoot();
  const link = makeLink(root);
  const authorities = gather(root, link);
  const accept = (crl: RevocationList) => {
    const judgment = judge(crl, authorities);
    assert.equal(judgment.outcome, "accepted");
    return toKnownRevocationList(judgment);
  };
  const day = (date: string) => ({ thisUpdate: `${date}T00:00:00Z` });

  test("more than a day in the future is refused: CRL_IN_FUTURE", () => {
    const judgment = judge(makeCrl(root.built, { thisUpdate: "2024-07-02T00:00:01Z" }), authorities);
    assert.deepEqual(codes(judgment), ["CRL_IN_FUTURE"]);
    assert.equal(judgment.outcome, "refused");
  });

  test("a day in the future is what clocks differ by", () => {
    assert.equal(
      judge(makeCrl(root.built, { thisUpdate: "2024-07-02T00:00:00Z" }), authorities).outcome,
      "accepted",
    );
  });

  test("after which another was due is noted: CRL_STALE", () => {
    const judgment = judge(makeCrl(root.built, { nextUpdate: "2024-06-30T23:59:59Z" }), authorities);
    assert.deepEqual(
      [judgment.outcome, judgment.isStale, ...codes(judgment)],
      ["accepted", true, "CRL_STALE"],
    );
  });

  test("over 90 days is stale where it names no next one", () => {
    const judgments = ["2024-04-02", "2024-04-01"].map((date) =>
      judge(
        makeCrl(root.built, { ...day(date), nextUpdate: undefined, version: 0, extensions: [] }),
        authorities,
      ),
    );
    assert.deepEqual(
      judgments.map(({ isStale }) => isStale),
      [false, true],
    );
  });

  const first = makeCrl(root.built, { number: 200, ...day("2024-06-02") });
  const order: readonly [string, RevocationList, RevocationList, boolean][] = [
    ["the same one again", first, first, true],
    [
      "a later one of a higher number",
      first,
      makeCrl(root.built, { number: 201, ...day("2024-06-03") }),
      true,
    ],
    [
      "a later one of a lower number",
      first,
      makeCrl(root.built, { number: 127, ...day("2024-06-03") }),
      false,
    ],
    [
      "an earlier one of a higher number",
      first,
      makeCrl(root.built, { number: 201, ...day("2024-06-01") }),
      false,
    ],
    [
      "another one of the same date and number",
      first,
      makeCrl(root.built, { number: 200, ...day("2024-06-02"), ...revoke(5) }),
      false,
    ],
    [
      "one of a newer key that counts anew",
      first,
      makeCrl(link.built, { number: 1, ...day("2024-06-01") }),
      true,
    ],
    [
      "one of the older key before that of the newer",
      makeCrl(link.built, day("2024-06-02")),
      makeCrl(root.built, day("2024-06-01")),
      true,
    ],
    [
      "one of the older key after that of the newer",
      makeCrl(link.built, day("2024-06-02")),
      makeCrl(root.built, day("2024-06-03")),
      true,
    ],
  ];
  for (const [title, accepted, next, isGood] of order) {
    test(`${title} is ${isGood ? "accepted" : "refused: CRL_ROLLBACK"}`, () => {
      const judgment = judge(next, authorities, [accept(accepted)]);
      assert.deepEqual(codes(judgment), isGood ? [] : ["CRL_ROLLBACK"]);
    });
  }

  test("is not held back by those of other CSCAs", () => {
    const stranger = makeRoot({ notBefore: "2023-01-01T00:00:00Z" });
    const set = gather(root, stranger);
    const known = toKnownRevocationList(
      judge(makeCrl(stranger.built, { number: 900, ...day("2024-06-20") }), set),
    );
    assert.equal(judge(makeCrl(root.built), set, [known]).outcome, "accepted");
  });

  test("of a refused one is not kept", () => {
    assert.equal(toKnownRevocationList(judge(makeCrl(root.built), gather(makeRoot()))), undefined);
  });
});

describe("revocation", () => {
  const root = makeRoot();
  const link = makeLink(root);
  const stranger = makeRoot();
  const authorities = gather(root, link, stranger);
  const signer = (issuer: Made, serialNumber: bigint | number | Uint8Array) => ({
    certificate: makeSigner(issuer.built, { serialNumber }).certificate,
    issuerKeySha256: keyOf(issuer),
  });
  const list = (issuer: Made, options: Partial<RevocationListOptions>) =>
    judge(makeCrl(issuer.built, options), authorities);

  test("tells date, reason and invalidityDate", () => {
    const extensions = [invalidityDate("2024-04-01T00:00:00Z")];
    const entry = {
      serialNumber: 77,
      revocationDate: "2024-05-01T00:00:00Z",
      reason: "keyCompromise",
      extensions,
    } as const;
    const status = revocationStatus(signer(root, 77), [list(root, { revokedCertificates: [entry] })], now);
    assert.deepEqual(
      { ...status, crl: undefined },
      {
        status: "revoked",
        isStale: false,
        alerts: [],
        crl: undefined,
        revocationDate: new Date("2024-05-01T00:00:00Z"),
        reason: "keyCompromise",
        invalidityDate: new Date("2024-04-01T00:00:00Z"),
      },
    );
  });

  test("an entry that takes a serial number off the CRL does not outweigh one that revokes it", () => {
    const off = {
      serialNumber: 77,
      revocationDate: "2024-01-01T00:00:00Z",
      reason: "removeFromCRL",
    } as const;
    const on = { ...off, reason: "keyCompromise" } as const;
    const statusBy = (revokedCertificates: readonly (typeof off | typeof on)[]) =>
      revocationStatus(signer(root, 77), [list(root, { revokedCertificates })], now).status;
    assert.deepEqual(
      [statusBy([off]), statusBy([off, on]), statusBy([on, off])],
      ["unrevoked", "revoked", "revoked"],
    );
  });

  test("is of the serial number as it is written, negative ones too", () => {
    assert.equal(revocationStatus(signer(root, -78n), [list(root, revoke(-78n))], now).status, "revoked");
    assert.equal(revocationStatus(signer(root, 178n), [list(root, revoke(-78n))], now).status, "unrevoked");
  });

  test("stays where the CRL is stale, which is said beside it", () => {
    const crl = list(root, { ...revoke(77), nextUpdate: "2024-06-02T00:00:00Z" });
    for (const [serial, expected] of [
      [77, "revoked"],
      [78, "unrevoked"],
    ] as const) {
      const { status, isStale } = revocationStatus(signer(root, serial), [crl], now);
      assert.deepEqual([status, isStale], [expected, true]);
    }
  });

  test("is undetermined without a CRL of that CSCA, be it of the country and the name", () => {
    assert.equal(
      revocationStatus(signer(root, 77), [list(stranger, revoke(77))], now).status,
      "undetermined",
    );
    assert.equal(revocationStatus(signer(root, 77), [], now).status, "undetermined");
  });

  test("is undetermined where the issuer is not known", () => {
    const { certificate } = signer(root, 77);
    const issued = { certificate, issuerKeySha256: undefined };
    assert.equal(revocationStatus(issued, [list(root, revoke(77))], now).status, "undetermined");
  });

  test("is told by the CRL of a newer key too, which adds to that of the older one and lifts nothing", () => {
    const older = list(root, { ...revoke(77), thisUpdate: "2024-06-01T00:00:00Z" });
    const newer = list(link, { ...revoke(78), thisUpdate: "2024-06-01T00:00:00Z" });
    assert.equal(revocationStatus(signer(root, 78), [older, newer], now).status, "revoked");
    assert.equal(revocationStatus(signer(root, 77), [older, newer], now).status, "revoked");
    assert.equal(revocationStatus(signer(root, 79), [older, newer], now).status, "unrevoked");
  });

  test("is not told by the CRL of an older key, nor by that of a stranger who signed a link over its CSCA's key", () => {
    const rogue = makeRoot({ notBefore: "1999-01-01T00:00:00Z" });
    const over = makeLink(rogue, { key: root.built.key, notBefore: "1999-02-01T00:00:00Z" });
    const both = gather(root, link, rogue, over);
    const judged = (issuer: Made, serial: number) => judge(makeCrl(issuer.built, revoke(serial)), both);
    const signedBy = (issuer: Made) => ({
      certificate: makeSigner(issuer.built, { serialNumber: 77 }).certificate,
      issuerKeySha256: keyOf(issuer),
    });
    assert.equal(revocationStatus(signedBy(link), [judged(root, 77)], now).status, "undetermined");
    assert.equal(revocationStatus(signedBy(root), [judged(rogue, 77)], now).status, "undetermined");
  });

  test("is told by both keys where the older one's CRL is the later", () => {
    const older = list(root, { ...revoke(77), thisUpdate: "2024-06-20T00:00:00Z" });
    const newer = list(link, { ...revoke(78), thisUpdate: "2024-06-01T00:00:00Z" });
    for (const serial of [77, 78]) {
      assert.equal(revocationStatus(signer(root, serial), [newer, older], now).status, "revoked");
    }
  });

  test("is told by the later of two CRLs of one key", () => {
    const [before, after] = [list(root, revoke(77)), list(root, { thisUpdate: "2024-06-20T00:00:00Z" })];
    assert.equal(revocationStatus(signer(root, 77), [before, after], now).status, "unrevoked");
  });

  test("is of links and roots too", () => {
    for (const made of [root, link]) {
      const judgment = authorities.judgmentOf(made.certificate);
      assert.ok(judgment);
      const crl = list(root, revoke(made.certificate.serialNumber));
      assert.equal(revocationStatus(judgment, [crl], now).status, "revoked");
    }
  });
});

describe("the CRLs of the corpus", { skip: corpusAbsent }, () => {
  for (const [file, country, name] of [
    ["DE.crl", "DE", "csca-germany"],
    ["GB.crl", "GB", "Country Signing Authority"],
    ["CN.crl", "CN", "China Passport Country Signing Certificate (Macao)"],
  ] as const) {
    test(`${file} is by one key of ${name}`, async () => {
      const { objects } = await readBundle(readCorpus("master-lists/UN_2023-03.ml"));
      const authorities = gatherAuthorities(
        objects.flatMap(({ certificates }) => certificates),
        { engine },
      );
      const crl = parseRevocationList(readCorpus(`crl/${file}`));
      const { outcome, foundBy, issuer, speaksFor } = judgeRevocationList(crl, {
        authorities,
        now: crl.thisUpdate,
      });
      assert.deepEqual([outcome, foundBy], ["accepted", "aki"]);
      const spoken = [...speaksFor].flatMap((key) => authorities.lineage.keys.get(key) ?? []);
      assert.deepEqual(new Set(spoken.flatMap(({ countries }) => [...countries])), new Set([country]));
      assert.equal(issuer?.subject.rdns.flat().at(-1)?.value, name);
      const names = spoken.flatMap(({ certificates }) =>
        certificates.map(({ subject }) => subject.rdns.flat().at(-1)?.value),
      );
      if (country === "CN")
        assert.ok(
          names.every((other) => other?.includes("Macao")),
          names.join(),
        );
    });
  }
});
