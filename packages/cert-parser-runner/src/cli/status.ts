/**
 * `status`: what the store holds, how the last runs ended, and what an operator should look into.
 *
 * @module
 */

import type { Command } from "commander";
import { formatQuantity } from "../log/figures.ts";
import type { SourceOverview, StoreOverview } from "../store/overview.ts";
import { describeLocation } from "../store/store-location.ts";
import type { TrustOverview } from "../store/trust-overview.ts";
import { instantText } from "./instant-text.ts";
import { alignRows, type Row } from "./layout.ts";
import type { Surroundings } from "./surroundings.ts";
import { withStore } from "./with-store.ts";

/** Adds the command. */
export function addStatus(program: Command, surroundings: Surroundings): void {
  program
    .command("status")
    .summary("what the store holds, and how the last runs ended")
    .description(
      "Shows each source with its last run and its last list, and what of the trust in them is open.",
    )
    .option("--json", "one JSON document: { location, sources, counts, trust }")
    .addHelpText("after", help)
    .action(async ({ json }: { readonly json?: true }) => {
      const overview = await withStore(surroundings, (store) => store.overview());
      const text = json ? `${JSON.stringify(overview, null, 2)}\n` : statusText(overview);
      await surroundings.stdout.write(text);
    });
}

function statusText(overview: StoreOverview): string {
  const { sources, counts, trust, location } = overview;
  const whole: Row[] = [
    ["store", describeLocation(location)],
    [
      "holds",
      `${formatQuantity(counts.certificates, "certificate")} of ${formatQuantity(counts.countries, "country", "countries")}`,
      `${formatQuantity(counts.crls, "CRL")}, revoking ${formatQuantity(counts.revoked, "certificate")}`,
    ],
    ["trust", ...trustTexts(trust)],
  ];
  const none: readonly Row[] = [["sources", "none yet: no run has been recorded"]];
  const blocks = [whole, ...(sources.length === 0 ? [none] : sources.map(sourceRows))];
  return blocks.map((rows) => alignRows(rows)).join("\n");
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
    [unapprovedPins, "publisher", "trusted on first use, and approved by nobody: trust approve"],
    [unverifiedCertificates, "certificate", "listed whose signatures nobody looked at"],
    [unsignedCertificates, "certificate", "listed that nobody signed"],
    [pendingBundles, "bundle", "in quarantine, waiting for approval: trust list"],
    [refusedBundles, "bundle", "in quarantine, refused: trust list"],
  ] as const;
  const texts = open
    .filter(([count]) => count > 0)
    .map(([count, noun, text]) => `${formatQuantity(count, noun)} ${text}`);
  const rollover =
    trust.lastRollover === null ? [] : [`last rollover of a publisher at ${instantText(trust.lastRollover)}`];
  return [...(texts.length === 0 ? ["nothing is open"] : texts), ...rollover];
}

const help = `
Examples:
  cert-parser-runner status
  cert-parser-runner status --json | jq .trust

Exit codes:
  0  shown
  1  the store cannot be opened
  2  wrong usage or configuration`;
