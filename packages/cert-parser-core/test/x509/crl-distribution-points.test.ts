import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatName, fromHex, parseCertificate } from "cert-parser-core";
import { concat, context, integer, oid, printableString, sequence, tlv } from "../der-writer.ts";
import { attribute, buildCertificate, extension, extensions, name, sampleKeyUsage } from "../specimens.ts";

const uri = (text: string) => tlv(0x86, new TextEncoder().encode(text));
const first = "https://pkddownload1.icao.int/CRLs/UTO.crl";
const second = "https://pkddownload2.icao.int/CRLs/UTO.crl";
const fullName = (...names: readonly Uint8Array[]) => context(0, context(0, ...names));

function read(value: Uint8Array) {
  const { cRLDistributionPoints, findings } = parseCertificate(
    buildCertificate({ extensions: extensions(sampleKeyUsage, extension("2.5.29.31", value)) }),
  );
  return { points: cRLDistributionPoints, codes: findings.map(({ code }) => code) };
}

describe("cRLDistributionPoints", () => {
  test("are points with URIs", () => {
    const value = sequence(sequence(fullName(uri(first))), sequence(fullName(uri(second), uri(first))));
    const { points, codes } = read(value);
    assert.deepEqual(
      points?.map((point) => point.fullName?.map((each) => each.value)),
      [[first], [second, first]],
    );
    assert.equal(points?.[0]?.reasons, undefined);
    assert.equal(points?.[0]?.cRLIssuer, undefined);
    assert.deepEqual(codes, []);
  });

  test("may have reasons and an issuer of the CRL", () => {
    const issuer = name(["2.5.4.6", "UT"], ["2.5.4.3", "CRL Signer"]);
    const { points } = read(
      sequence(sequence(fullName(uri(first)), tlv(0x81, fromHex("0560")), context(2, context(4, issuer)))),
    );
    assert.deepEqual(points?.[0]?.reasons, ["keyCompromise", "cACompromise"]);
    const [only] = points?.[0]?.cRLIssuer ?? [];
    assert.ok(only?.type === "directoryName");
    assert.equal(formatName(only.value), "CN=CRL Signer,C=UT");
  });

  test("may be named relative to the issuer of the CRL", () => {
    const relative = attribute("2.5.4.3", printableString("CRL 1"));
    const { points, codes } = read(sequence(sequence(context(0, context(1, relative)))));
    assert.equal(points?.[0]?.fullName, undefined);
    assert.deepEqual(
      points?.[0]?.nameRelativeToCRLIssuer?.map(({ type, value }) => [type, value]),
      [["2.5.4.3", "CRL 1"]],
    );
    assert.deepEqual(codes, []);
  });

  test("may say nothing at all, as nine certificates of the lists do without a URI", () => {
    const { points, codes } = read(sequence(sequence()));
    assert.deepEqual(points, [
      { fullName: undefined, nameRelativeToCRLIssuer: undefined, reasons: undefined, cRLIssuer: undefined },
    ]);
    assert.deepEqual(codes, []);
  });

  const flaws = [
    ["none", sequence(), [], "EXTENSION_EMPTY"],
    ["no SEQUENCE", integer("01"), undefined, "EXTENSION_MALFORMED"],
    ["a point that is no SEQUENCE", sequence(uri(first)), undefined, "EXTENSION_MALFORMED"],
    ["a name of a third kind", sequence(sequence(context(0, context(2)))), undefined, "EXTENSION_MALFORMED"],
    ["an empty choice", sequence(sequence(context(0))), undefined, "EXTENSION_MALFORMED"],
    [
      "two choices",
      sequence(sequence(context(0, context(0, uri(first)), context(0)))),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    [
      "a relative name without a value",
      sequence(sequence(context(0, context(1, sequence(oid("2.5.4.3")))))),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    ["reasons without a count of bits", sequence(sequence(tlv(0x81))), undefined, "EXTENSION_MALFORMED"],
    [
      "the issuer before the name",
      sequence(sequence(context(2), fullName(uri(first)))),
      undefined,
      "EXTENSION_MALFORMED",
    ],
    ["something after them", concat(sequence(sequence()), sequence()), undefined, "EXTENSION_MALFORMED"],
  ] as const;
  for (const [what, value, points, code] of flaws) {
    test(`${what} is ${code}`, () => {
      assert.deepEqual(read(value), { points, codes: [code] });
    });
  }
});
