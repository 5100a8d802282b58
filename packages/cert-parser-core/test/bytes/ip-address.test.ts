import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fromHex } from "cert-parser-core";
import { formatIpAddress } from "../../src/bytes/ip-address.ts";

describe("the text of an IP address", () => {
  const addresses = [
    ["IPv4", "c0000201", "192.0.2.1"],
    ["IPv6 without zeros", "20010db8000100020003000400050006", "2001:db8:1:2:3:4:5:6"],
    ["IPv6 with zeros in the middle", "20010db8000000000000000000000001", "2001:db8::1"],
    ["IPv6 with two runs of zeros, the first longer", "20010db8000000000000000100000001", "2001:db8::1:0:1"],
    ["IPv6 with two runs of zeros as long", "20010db8000000000001000000000001", "2001:db8::1:0:0:1"],
    ["IPv6 with a single zero", "20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    ["IPv6 of zeros at the end", "fe800000000000000000000000000000", "fe80::"],
    ["IPv6 of nothing but zeros", "00".repeat(16), "::"],
    ["five octets", "0102030405", undefined],
    ["no octet", "", undefined],
  ] as const;
  for (const [what, hex, expected] of addresses) {
    test(`${what} is ${expected}`, () => {
      assert.equal(formatIpAddress(fromHex(hex)), expected);
    });
  }
});
