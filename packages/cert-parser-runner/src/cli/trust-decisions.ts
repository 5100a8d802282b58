/**
 * `trust approve` and `trust revoke`: each undoes the other by the same names.
 *
 * @module
 */

import type { Command } from "commander";
import type { PublisherDecision } from "../store/publisher-decisions.ts";
import type { PublisherOverview } from "../store/publishers.ts";
import type { QuarantinedBundle } from "../store/quarantine.ts";
import type { Store } from "../store/store.ts";
import { failure, misuse } from "./failure.ts";
import { documentText } from "./json-text.ts";
import { operatorOf } from "./operator.ts";
import { releaseBundle } from "./release.ts";
import type { Surroundings } from "./surroundings.ts";
import { publisherTexts } from "./trust-text.ts";
import { withStore } from "./with-store.ts";

/** Adds the commands. */
export function addDecisions(trust: Command, surroundings: Surroundings): void {
  trust
    .command("approve")
    .summary("approves a publisher that you recognize, or a quarantined bundle")
    .description(
      "Approves a publisher: one that was trusted on first use, one whose lists are quarantined, one that was " +
        "revoked, or one whose root a CRL revokes. Compare its key with what the publisher states first. Of a " +
        "quarantined bundle it accepts everything in spite of shrinking, age, gaps or unknown publishers, never of a " +
        "bad signature; with --list it approves the publisher of one of its lists alone.",
    )
    .argument("<which>", "SHA-256 of a key or of a bundle, or 16 digits of it or more; or a source")
    .option("--source <name>", "for this source alone")
    .option("--list <number>", "of a bundle: the publisher of this list, as trust show counts them")
    .option("--by <name>", "who decides; by default the user of the system")
    .option("--reason <text>", "why: kept with the decision; required for a bundle")
    .option("--json", "one JSON document: { publishers } or { runs }")
    .action((which: string, flags: DecisionFlags) => approve(which, flags, surroundings));
  trust
    .command("revoke")
    .summary("accepts no more lists of a publisher")
    .description(
      "Revokes the key of a publisher: none of its lists is accepted any more, and no link certificate of it leads " +
        "to another key. What only its lists hold leaves root_ca at once; nothing is deleted, and the next run judges " +
        "it again. trust approve undoes it.",
    )
    .argument("<publisher>", "SHA-256 of its key, or 16 digits of it or more; or a source")
    .option("--source <name>", "for this source alone")
    .option("--by <name>", "who decides; by default the user of the system")
    .option("--reason <text>", "why: kept with the decision")
    .option("--json", "one JSON document: { publishers } as they are now")
    .action(async (which: string, flags: DecisionFlags) => {
      expectNames(which, flags);
      const changed = await withStore(surroundings, async (store) => {
        const meant = await publisherMeant(store, which, [isInForce, isUnknown]);
        const decision = decisionOf(meant, flags, surroundings, "revoked by trust revoke");
        return store.revokePublisher(decision);
      });
      await printPublishers(changed, flags, surroundings);
    });
}

interface DecisionFlags {
  readonly source?: string;
  readonly list?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly json?: true;
}

type Meant = Pick<PublisherDecision, "key" | "source">;

async function approve(which: string, flags: DecisionFlags, surroundings: Surroundings): Promise<void> {
  expectNames(which, flags);
  const { source, list, reason } = flags;
  await withStore(surroundings, async (store, context, signal) => {
    const bundle = await bundleMeant(store, which, source);
    if (bundle !== undefined && list === undefined) {
      if (reason === undefined || reason.trim() === "") {
        throw misuse("to approve a bundle, give a --reason: it is kept");
      }
      const by = operatorOf(surroundings, flags.by);
      const request = { sha256: bundle.sha256, source: bundle.source, by, reason, signal };
      return releaseBundle(request, context, surroundings.stdout, flags.json === true);
    }
    const meant =
      bundle === undefined || list === undefined
        ? await publisherMeant(store, which, [isWaiting, isRevoked])
        : publisherOfList(bundle, list);
    const decision = decisionOf(meant, flags, surroundings, "approved by trust approve");
    await printPublishers(await store.approvePublisher(decision), flags, surroundings);
  });
}

function expectNames(which: string, { source, list }: DecisionFlags): void {
  if (which.trim() === "") throw misuse("name a publisher by its key or by a source");
  if (source?.trim() === "") throw misuse("--source wants a name");
  if (list !== undefined && !/^[1-9]\d{0,5}$/.test(list))
    throw misuse(`--list ${list}: expected a number from 1`);
}

function decisionOf(
  meant: Meant,
  { source, by, reason }: DecisionFlags,
  surroundings: Surroundings,
  defaultReason: string,
): PublisherDecision {
  return {
    key: meant.key,
    source: source ?? meant.source,
    by: operatorOf(surroundings, by),
    reason: reason ?? defaultReason,
  };
}

/** The quarantined bundle that is meant; undefined if it is a publisher. */
async function bundleMeant(
  store: Store,
  which: string,
  source: string | undefined,
): Promise<QuarantinedBundle | undefined> {
  const prefix = which.replaceAll(":", "").toLowerCase();
  if (!/^[0-9a-f]{16,64}$/.test(prefix)) return undefined;
  const found = (await store.quarantined()).filter(
    (bundle) => bundle.sha256.startsWith(prefix) && (source === undefined || bundle.source === source),
  );
  const [only, ...others] = found;
  if (only === undefined) return undefined;
  const isKey = (await store.publishers()).some(({ keySha256 }) => keySha256.startsWith(prefix));
  if (others.length === 0 && !isKey) return only;
  const message = isKey
    ? `a key and a bundle begin with ${prefix}: name more digits`
    : `${found.length} bundles begin with ${prefix}: name the --source, of ${found.map((each) => each.source).join(", ")}`;
  throw failure({ code: "TRUST_ERROR", reason: "QUARANTINE_AMBIGUOUS", message });
}

function publisherOfList({ sha256, source, judgment }: QuarantinedBundle, list: string): Meant {
  const key = judgment.objects[Number(list) - 1]?.publisher?.keySha256;
  if (key !== undefined) return { key, source };
  const message = `bundle ${sha256} has no list ${list} with a publisher: see trust show`;
  throw failure({ code: "TRUST_ERROR", reason: "PUBLISHER_UNKNOWN", message });
}

type Condition = (publisher: PublisherOverview) => boolean;

/** A key as it is, or the one publisher of a source that a decision would change: by the first condition that any meets. */
async function publisherMeant(store: Store, which: string, conditions: readonly Condition[]): Promise<Meant> {
  const ofSource = (await store.publishers()).filter(({ source }) => source === which);
  if (ofSource.length === 0) return { key: which, source: null };
  const fitting = conditions.map((fits) => ofSource.filter(fits)).find((found) => found.length > 0) ?? [];
  const [only, ...others] = fitting;
  if (only !== undefined && others.length === 0) return { key: only.keySha256, source: which };
  const message =
    only === undefined
      ? `source ${which} has no publisher to decide on: see trust list`
      : `source ${which} has ${fitting.length} publishers to decide on: name a key, as trust list shows them`;
  const reason = only === undefined ? "PUBLISHER_UNKNOWN" : "PUBLISHER_AMBIGUOUS";
  throw failure({ code: "TRUST_ERROR", reason, message });
}

function isWaiting({ state, revokedBy, lifted }: PublisherOverview): boolean {
  return state === "pinned" || state === "unknown" || (revokedBy !== null && lifted === null);
}

function isRevoked({ state }: PublisherOverview): boolean {
  return state === "revoked";
}

function isInForce({ state }: PublisherOverview): boolean {
  return state === "pinned" || state === "approved";
}

function isUnknown({ state }: PublisherOverview): boolean {
  return state === "unknown";
}

async function printPublishers(
  publishers: readonly PublisherOverview[],
  { json }: DecisionFlags,
  { stdout }: Surroundings,
): Promise<void> {
  await stdout.write(json ? documentText({ publishers }) : publisherTexts(publishers));
}
