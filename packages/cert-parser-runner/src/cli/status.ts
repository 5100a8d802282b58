/**
 * `status`: what the store holds, how the last runs ended, and what an operator should look into.
 *
 * @module
 */

import type { Command } from "commander";
import { formatQuantity } from "../log/figures.ts";
import type { CountryCoverage } from "../store/coverage.ts";
import { describeLocation } from "../store/database/store-location.ts";
import type { SourceOverview, StoreOverview } from "../store/overview.ts";
import type { TrustOverview } from "../store/trust-overview.ts";
import { coverageRows } from "./coverage-rows.ts";
import { instantText } from "./instant-text.ts";
import { documentText } from "./json-text.ts";
import { alignRows, type Row } from "./layout.ts";
import type { Surroundings } from "./surroundings.ts";
import { withStore } from "./with-store.ts";

/** Adds the command. */
export function addStatus(program: Command, surroundings: Surroundings): void {
  program
    .command("status")
    .summary("what the store holds, and how the last runs ended")
    .description(
      "Shows each source with its last run and its last list, what an operator should look into, and by country " +
        "whether there is a valid CSCA and a CRL that is fresh, stale, or none.",
    )
    .option("--json", "one JSON document: { location, sources, counts, trust, coverage }")
    .addHelpText("after", help)
    .action(async ({ json }: { readonly json?: true }) => {
      const [overview, coverage] = await withStore(surroundings, async (store) => [
        await store.overview(),
        await store.coverage(new Date()),
      ]);
      const text = json ? documentText({ ...overview, coverage }) : statusText(overview, coverage);
      await surroundings.stdout.write(text);
    });
}

function statusText(overview: StoreOverview, coverage: readonly CountryCoverage[]): string {
  const { sources, counts, trust, location } = overview;
  const whole: Row[] = [
    ["store", describeLocation(location)],
    [
      "holds",
      `${formatQuantity(counts.certificates, "certificate")} of ${formatQuantity(counts.countries, "country", "countries")}`,
      `${formatQuantity(counts.crls, "CRL")}, revoking ${formatQuantity(counts.revoked, "certificate")}`,
    ],
    ["trust", ...trustTexts(trust)],
    ...coverageRows(coverage),
  ];
  const none: readonly Row[] = [["sources", "none yet: no run has been recorded"]];
  const blocks = [whole, ...(sources.length === 0 ? [none] : sources.map(sourceRows))];
  return blocks.map((rows) => alignRows(rows, layout)).join("\n");
}

function sourceRows({ source, lastRun, lastAccepted, bundle, certificates }: SourceOverview): readonly Row[] {
  const rows: Row[] = [["source", source]];
  if (lastRun !== null) {
    const { outcome, finishedAt, failure } = lastRun;
    const why = failure === null ? [] : [`${failure.code} (${failure.reason}): ${failure.message}`];
    rows.push(["last run", `${outcome} at ${instantText(finishedAt)}`, ...why]);
  }
  if (lastAccepted === null) rows.push(["last list", "none was accepted yet"]);
  if (bundle !== null) {
    const signed =
      bundle.signingTime === null ? "signed at no stated time" : `signed ${instantText(bundle.signingTime)}`;
    rows.push(
      ["last list", `${signed}, last seen ${instantText(bundle.lastSeen)}`],
      ["SHA-256", bundle.sha256],
      ["lists", formatQuantity(certificates, "certificate")],
    );
  }
  return rows;
}

function trustTexts(trust: TrustOverview): readonly string[] {
  const { unapprovedPins, unverifiedCertificates, unsignedCertificates, refusedBundles, pendingBundles } =
    trust;
  const open = [
    [unapprovedPins, "publisher", "trusted on first use, not approved: trust approve"],
    [unverifiedCertificates, "certificate", "listed whose signatures were not verified"],
    [unsignedCertificates, "certificate", "listed, unsigned"],
    [trust.revokedAuthorities, "CSCA certificate", "listed that a CRL revokes"],
    [trust.withdrawnKeys, "CSCA key", "withdrawn: left every list before its time"],
    [pendingBundles, "bundle", "quarantined, waiting for approval: trust list"],
    [refusedBundles, "bundle", "quarantined, refused: trust list"],
  ] as const;
  const texts = open
    .filter(([count]) => count > 0)
    .map(([count, noun, text]) => `${formatQuantity(count, noun)} ${text}`);
  const rollover =
    trust.lastRollover === null ? [] : [`last rollover of a publisher at ${instantText(trust.lastRollover)}`];
  return [...(texts.length === 0 ? ["nothing is open"] : texts), ...rollover];
}

// As wide as a terminal, so that a hundred countries fit.
const layout = { width: 120 } as const;

const help = `
Examples:
  cert-parser-runner status
  cert-parser-runner status --json | jq .trust
  cert-parser-runner status --json | jq '.coverage[] | select(.crl == "none") | .country'

Exit codes:
  0  shown
  1  the store cannot be opened
  2  wrong usage or configuration`;
