/**
 * A store whose facts hold what CRLs say of authorities alone is asked what they say of the bundle's certificates.
 *
 * @module
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { ok } from "cert-parser-core";
import { toHex } from "../../src/bytes/hex.ts";
import { crlOf, csca, listOf, listSigner, run, zipOf } from "../attack/attack-world.ts";
import { createMemoryStore, type MemoryStore } from "../model/memory-store.ts";

test("a stored CRL revokes the signer of a publisher's first list", async () => {
  const [alpha, beta] = [csca("AA", "A"), csca("BB", "B")];
  const signer = listSigner(beta, "2024-05-01");
  const crl = crlOf(beta.built, "2024-05-02", [toHex(signer.certificate.serialNumber)]);
  const store = withoutEntries(createMemoryStore());
  const first = zipOf({ "a.ml": listOf(alpha, [alpha, beta], "2024-05-01"), "b.crl": crl });
  await run(store, "a", first, "2024-05-03");
  assert.equal(store.state().facts.crls.length, 1);
  const { codes } = await run(store, "b", listOf(beta, [beta], "2024-05-04", { signer }), "2024-05-05");
  assert.deepEqual(codes, ["refused ANCHOR_REVOKED"]);
});

/** As a store does whose CRLs name more certificates than the policy should have to look through. */
function withoutEntries(store: MemoryStore): MemoryStore {
  return {
    ...store,
    async known(source, signal) {
      const known = await store.known(source, signal);
      if (!known.ok || known.value.trust === undefined) return known;
      const { trust } = known.value;
      const crls = trust.facts.crls.map((each) => ({ ...each, revoked: [] }));
      return ok({ ...known.value, trust: { ...trust, facts: { ...trust.facts, crls } } });
    },
    revocations: async (serialNumbers) =>
      ok(
        new Map(
          store
            .state()
            .facts.crls.map(({ sha256, revoked }) => [
              sha256,
              revoked.filter(({ serialNumber }) => serialNumbers.includes(serialNumber)),
            ]),
        ),
      ),
  };
}
