import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseRetryAfter } from "../../src/download/http-exchange.ts";
import { networkFault } from "../../src/download/http-fault.ts";

describe("parseRetryAfter", () => {
  const now = Date.parse("2026-03-01T12:00:00Z");
  const headers = [
    [null, undefined],
    ["", undefined],
    ["0", 0],
    [" 120 ", 120_000],
    ["1.5", undefined],
    ["-1", undefined],
    ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
    ["Sun, 01 Mar 2026 11:00:00 GMT", 0],
    ["soon", undefined],
  ] as const;
  for (const [header, expected] of headers) {
    test(`reads ${JSON.stringify(header)} as ${expected} ms`, () => {
      assert.equal(parseRetryAfter(header, now), expected);
    });
  }
});

describe("networkFault", () => {
  const url = "http://127.0.0.1:1/certificates/socket?s3cr3t";
  const failed = (cause: Error) =>
    new Error(`Request failed due to a network error: GET ${url}`, {
      cause: new TypeError("fetch failed", { cause }),
    });
  const coded = (code: string) => failed(Object.assign(new Error(`something about ${url}`), { code }));
  const errors = [
    [coded("ECONNREFUSED"), "CONNECTION_REFUSED", true],
    [failed(new AggregateError([coded("ECONNREFUSED")], "both families")), "CONNECTION_REFUSED", true],
    [coded("ENOTFOUND"), "NAME_NOT_FOUND", true],
    [coded("ECONNRESET"), "CONNECTION_CLOSED", true],
    [coded("UND_ERR_CONNECT_TIMEOUT"), "TIMEOUT", true],
    [coded("DEPTH_ZERO_SELF_SIGNED_CERT"), "TLS_ERROR", false],
    [coded("CERT_HAS_EXPIRED"), "TLS_ERROR", false],
    [coded("UNABLE_TO_VERIFY_LEAF_SIGNATURE"), "TLS_ERROR", false],
    [coded("EHOSTUNREACH"), "NETWORK_ERROR", true],
    [failed(new Error("bad port")), "PORT_BLOCKED", false],
    [
      new TypeError(
        `error sending request for url (${url}): client error: Connection refused (os error 111)`,
      ),
      "CONNECTION_REFUSED",
      true,
    ],
    [
      new TypeError(`error sending request for url (${url}): invalid peer certificate: UnknownIssuer`),
      "TLS_ERROR",
      false,
    ],
    [
      Object.assign(new Error("Unable to connect. Is the computer able to access the url?"), {
        code: "ConnectionRefused",
      }),
      "CONNECTION_REFUSED",
      true,
    ],
    ["not even an error", "NETWORK_ERROR", true],
  ] as const;
  test("tells the code of the system where there is one", () => {
    assert.equal(networkFault(coded("EHOSTUNREACH")).message, "could not be reached (EHOSTUNREACH)");
    assert.equal(networkFault(new Error("odd")).message, "could not be reached");
  });

  for (const [error, reason, retry] of errors) {
    test(
      `reads ${error instanceof Error ? (error.cause ?? error) : error} as ${reason}`.slice(0, 140),
      () => {
        const fault = networkFault(error);
        assert.deepEqual([fault.reason, fault.retry], [reason, retry]);
        assert.doesNotMatch(`${fault.message} ${fault.cause?.message}`, /s3cr3t/);
      },
    );
  }
});
