import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AsnConvert } from "@peculiar/asn1-schema";
import { AlgorithmIdentifier } from "@peculiar/asn1-x509";
import { CertParserError, fromHex } from "cert-parser-core";
import fc from "fast-check";
import { decodeOid } from "../../src/der/oid.ts";
import * as registered from "../../src/der/oids.ts";
import { readElement } from "../../src/der/reader.ts";
import { oid, tlv } from "../der-writer.ts";
import { amidOtherBytes, outcomeOf } from "../outcome.ts";

function oidOf(der: Uint8Array): string {
  return decodeOid(der, readElement(der));
}

describe("decodeOid", () => {
  const known = [
    ["060100", "0.0"],
    ["060127", "0.39"],
    ["060128", "1.0"],
    ["06014f", "1.39"],
    ["060150", "2.0"],
    ["06017f", "2.47"],
    ["06028100", "2.48"],
    ["0603883703", "2.999.3"],
    ["06092a864886f70d01010b", "1.2.840.113549.1.1.11"],
    ["0606678108010102", "2.23.136.1.1.2"],
    ["06092b8fffffffffffff7f", "1.3.9007199254740991"],
    ["06092b9080808080808000", "1.3.9007199254740992"],
    // The longest kind in use: a UUID as one arc (X.667).
    ["06146983f09da7ebcfdee0c7a1a7b2c0948cc8f9d776", "2.25.329800735698586629295641978511506172918"],
  ] as const;

  for (const [hex, dotted] of known) {
    test(`reads ${dotted}`, () => {
      assert.equal(oidOf(fromHex(hex)), dotted);
    });
  }

  const rejected = [
    ["no arc", "0600"],
    ["an arc without an end", "06022a86"],
    ["an arc with a leading zero", "06042a800186"],
    ["a first arc with a leading zero", "0602802a"],
    ["an arc that is nothing but a leading zero", "06032a8000"],
    ["65 bytes", `0641${"2a".repeat(65)}`],
  ] as const;

  for (const [flaw, hex] of rejected) {
    test(`rejects ${flaw}`, () => {
      assert.throws(() => oidOf(fromHex(hex)), { name: "CertParserError", code: "DER_SYNTAX", offset: 0 });
    });
  }

  const anyArc = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 130n }));
  const anyOid = fc
    .tuple(
      fc.oneof(
        fc.tuple(fc.constantFrom(0n, 1n), fc.bigInt({ min: 0n, max: 39n })),
        fc.tuple(fc.constant(2n), fc.bigInt({ min: 0n, max: 2n ** 64n })),
      ),
      fc.array(anyArc, { maxLength: 2 }),
    )
    .map(([[first, second], rest]) => [first, second, ...rest].join("."));

  test("gives back what @peculiar/asn1-schema wrote", () => {
    // Its writer takes arcs of up to 2^31.
    const small = fc
      .tuple(
        fc.constantFrom("0.9", "1.2", "2.5", "2.999"),
        fc.array(fc.nat({ max: 2 ** 31 - 1 }), { minLength: 1 }),
      )
      .map(([first, rest]) => [first, ...rest].join("."))
      .filter((dotted) => oid(dotted).length <= 66);
    fc.assert(
      fc.property(small, (dotted) => {
        const schema = new AlgorithmIdentifier({ algorithm: dotted, parameters: null });
        const der = new Uint8Array(AsnConvert.serialize(schema));
        assert.equal(decodeOid(der, readElement(der, 2)), dotted);
      }),
    );
  });

  test("gives back every dotted form, with arcs of any size", () => {
    fc.assert(
      fc.property(anyOid, (dotted) => {
        assert.equal(oidOf(oid(dotted)), dotted);
      }),
    );
  });

  for (const [name, dotted] of Object.entries(registered)) {
    test(`reads ${name}, and no encoding that differs from it in one octet for it`, () => {
      const der = oid(dotted);
      assert.equal(oidOf(der), dotted);
      for (let at = 2; at < der.length; at++) {
        const other = der.slice();
        other[at] = (other[at] as number) ^ 1;
        const read = outcomeOf(() => oidOf(other));
        if (typeof read === "string") assert.deepEqual(oid(read), other);
      }
    });
  }

  test("reads one dotted form for each encoding, and nothing outside of it", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (content) => {
        const der = tlv(0x06, content);
        const alone = outcomeOf(() => oidOf(der));
        const amid = outcomeOf(() => oidOf(amidOtherBytes(der)));
        if (alone instanceof CertParserError) assert.ok(amid instanceof CertParserError);
        else {
          assert.equal(amid, alone);
          // Two encodings of one OID would be two names for one algorithm.
          assert.deepEqual(oid(alone), der);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
