/**
 * The whole pipeline with a store of one's own: a Map in memory behind the port `TrustStore`.
 *
 *     npx -c "node examples/src/in-memory-store.ts [FILE]"
 *
 * It runs twice, to show that the second run finds nothing to change.
 *
 * @module
 */

import { readFile } from "node:fs/promises";
import {
  type BundleSource,
  bundleParser,
  type CertificateEntry,
  type KnownCertificate,
  ok,
  type Snapshot,
  type StoreReport,
  sync,
  type TrustStore,
  trustPolicy,
} from "cert-parser-core";
import { fixtureUrl } from "cert-parser-fixtures";

/** Where the bundle comes from: no login is needed for a file, so one port takes the place of three. */
function fileSource(file: string | URL): BundleSource {
  return {
    async read(_signal, progress) {
      const bytes = await readFile(file);
      progress(bytes.length, bytes.length);
      return ok(new Uint8Array(bytes));
    },
  };
}

/** What the policy asks of a certificate that is held. This store keeps nothing of trust: pins last for one run. */
function toKnown({ record, level = "unverified", edition }: CertificateEntry): KnownCertificate {
  return {
    notAfter: new Date(record.notAfter),
    isListed: edition !== undefined,
    level,
    country: record.country?.toUpperCase() ?? null,
    isAuthority: record.role === "csca" || record.role === "link",
    origin: null,
  };
}

/** Keeps the certificates that one source lists at present, by their SHA-256. */
function inMemoryStore(): TrustStore & { readonly certificates: ReadonlyMap<string, CertificateEntry> } {
  const certificates = new Map<string, CertificateEntry>();
  let last: Snapshot | undefined;
  return {
    certificates,
    async known(source) {
      return ok({
        source,
        listed: new Map([...certificates].map(([sha256, entry]) => [sha256, toKnown(entry)])),
        bundleSha256: last?.bundle.sha256 ?? null,
        validators: last?.validators ?? { etag: null, lastModified: null },
        policy: last?.policy ?? null,
      });
    },
    async apply(snapshot) {
      // Certificates of the envelope are no trust anchors: the signature does not cover them.
      const listed = snapshot.certificates.filter(({ record }) => record.foundIn === "list");
      const next = new Map(listed.map((entry) => [entry.record.sha256, entry]));
      const added = [...next.keys()].filter((sha256) => !certificates.has(sha256)).length;
      const removed = [...certificates.keys()].filter((sha256) => !next.has(sha256));
      for (const sha256 of removed) certificates.delete(sha256);
      for (const [sha256, entry] of next) certificates.set(sha256, entry);
      last = snapshot;
      const report: StoreReport = {
        added,
        removed: removed.length,
        unchanged: next.size - added,
        newToStore: added,
        crlsAdded: 0,
        revokedAdded: 0,
        rejectionsAdded: 0,
      };
      return ok(report);
    },
    // The same bundle again: a store that kept a log of its runs would write it here.
    async confirm() {
      return ok(undefined);
    },
  };
}

const clock = { now: () => new Date() };
const store = inMemoryStore();
const ports = {
  source: fileSource(process.argv[2] ?? fixtureUrl("world.ml")),
  parser: bundleParser(),
  // The synthetic list is of one day, however long ago that was.
  policy: trustPolicy({ mode: "pin", maxListAgeMs: Number.POSITIVE_INFINITY }, clock),
  store,
  clock,
};

for (const run of ["first", "second"]) {
  const result = await sync(ports, { source: "example" });
  if (result.ok) {
    const { added, removed, unchanged } = result.value.store;
    console.log(`${run} run: ${added} added, ${removed} removed, ${unchanged} unchanged`);
  } else {
    const { code, reason, stage, message } = result.error;
    console.error(`${run} run failed at stage ${stage}: ${code} (${reason}): ${message}`);
    process.exitCode = 1;
  }
}
console.log(`the store holds ${store.certificates.size} certificates`);
