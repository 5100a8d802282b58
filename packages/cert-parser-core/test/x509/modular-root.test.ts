import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ellipticCurves } from "../../src/x509/ec-curves.ts";
import { modularPower } from "../../src/x509/modular-power.ts";
import { squareRoot } from "../../src/x509/modular-root.ts";

describe("a square root", () => {
  const primes = [
    ["3", 3n],
    ["17", 17n],
    ["97", 97n],
    ["193", 193n],
    ...ellipticCurves.map(({ name, p }) => [`the prime of ${name}`, BigInt(`0x${p}`)] as const),
  ] as const;
  for (const [name, prime] of primes) {
    test(`modulo ${name} is found where there is one, and only there`, () => {
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: prime - 1n }), (value) => {
          const root = squareRoot(value, prime);
          const isSquare = value === 0n || modularPower(value, (prime - 1n) / 2n, prime) === 1n;
          assert.equal(root !== undefined, isSquare);
          if (root !== undefined) assert.equal((root * root) % prime, value);
        }),
        { numRuns: 50 },
      );
    });
  }
});
