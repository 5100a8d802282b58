/**
 * `trust list | approve | revoke`: whose lists the store takes.
 *
 * @module
 */

import type { Command } from "commander";
import type { PublisherDecision, PublisherOverview } from "../store/publishers.ts";
import type { Store } from "../store/store.ts";
import { failure, misuse } from "./failure.ts";
import { operatorOf } from "./operator.ts";
import type { Surroundings } from "./surroundings.ts";
import { publisherTexts, type TrustState, trustDocument, trustText } from "./trust-text.ts";
import { withStore } from "./with-store.ts";

/** Adds the commands. */
export function addTrust(program: Command, surroundings: Surroundings): void {
  const trust = program
    .command("trust")
    .summary("whose lists the store takes: list, approve, revoke")
    .description(
      "Shows and changes whose lists the store takes. A publisher is the CSCA whose key stands behind the " +
        "signer of a list; it is named by the SHA-256 of that key.",
    )
    .addHelpText("after", help);
  addList(trust, surroundings);
  addDecision(trust, surroundings, approval);
  addDecision(trust, surroundings, revocation);
}

function addList(trust: Command, surroundings: Surroundings): void {
  trust
    .command("list")
    .summary("publishers, what is in quarantine, and what was decided")
    .description("Lists the publishers of all sources, the bundles in quarantine, and the latest decisions.")
    .option("--json", "one JSON document: { publishers, quarantine, events }")
    .action(async ({ json }: { readonly json?: true }) => {
      const state = await withStore(surroundings, readState);
      await surroundings.stdout.write(json ? documentText(trustDocument(state)) : trustText(state));
    });
}

/** What `approve` and `revoke` do not have in common. */
interface DecisionCommand {
  readonly name: "approve" | "revoke";
  readonly summary: string;
  readonly description: string;
  /** The publishers of a source that its name alone may mean. */
  readonly states: readonly PublisherOverview["state"][];
  readonly defaultReason: string;
  decide(store: Store, decision: PublisherDecision): Promise<readonly PublisherOverview[]>;
}

interface DecisionOptions {
  readonly source?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly json?: true;
}

function addDecision(trust: Command, surroundings: Surroundings, command: DecisionCommand): void {
  const { name, summary, description, states, defaultReason, decide } = command;
  trust
    .command(name)
    .summary(summary)
    .description(description)
    .argument("<publisher>", "its key: SHA-256, or 8 digits of it or more; or the name of a source")
    .option("--source <name>", "for this source alone, where a key is named")
    .option("--by <name>", "who says so; by default the user of the system")
    .option("--reason <text>", "why: kept with the decision")
    .option("--json", "one JSON document: { publishers } as they are now")
    .action(async (which: string, { source, by, reason = defaultReason, json }: DecisionOptions) => {
      if (which.trim() === "")
        throw misuse("a publisher is named by its key, or by a source: not by nothing");
      if (source?.trim() === "") throw misuse("--source wants a name");
      const changed = await withStore(surroundings, async (store) => {
        const meant = await publisherMeant(store, which, states);
        const decision = {
          key: meant.key,
          source: source ?? meant.source,
          by: operatorOf(surroundings, by),
          reason,
        };
        return decide(store, decision);
      });
      await surroundings.stdout.write(json ? documentText({ publishers: changed }) : publisherTexts(changed));
    });
}

/** A key as it is, or the one publisher of a source that is waiting for a decision. */
async function publisherMeant(
  store: Store,
  which: string,
  states: DecisionCommand["states"],
): Promise<Pick<PublisherDecision, "key" | "source">> {
  const ofSource = (await store.publishers()).filter(({ source }) => source === which);
  if (ofSource.length === 0) return { key: which.replaceAll(":", ""), source: null };
  const [only, ...others] = ofSource.filter(({ state }) => states.includes(state));
  if (only !== undefined && others.length === 0) return { key: only.keySha256, source: which };
  const found =
    only === undefined ? "none of its publishers is" : `${others.length + 1} of its publishers are`;
  const message = `${found} ${states.join(" or ")} in source ${which}: name a key, as trust list shows them`;
  throw failure({
    code: "TRUST_ERROR",
    reason: only === undefined ? "PUBLISHER_UNKNOWN" : "PUBLISHER_AMBIGUOUS",
    message,
  });
}

async function readState(store: Store): Promise<TrustState> {
  return {
    publishers: await store.publishers(),
    quarantine: await store.quarantined(),
    events: await store.trustEvents(mostEvents),
  };
}

function documentText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

const approval: DecisionCommand = {
  name: "approve",
  summary: "says that a publisher is the one that you expect",
  description:
    "Approves a publisher: one that was trusted on first use, one whose lists wait in quarantine, or one that " +
    "was revoked. Compare its key with what the publisher says of itself before.",
  states: ["pinned", "unknown"],
  defaultReason: "approved by trust approve",
  decide: (store, decision) => store.approvePublisher(decision),
};

const revocation: DecisionCommand = {
  name: "revoke",
  summary: "takes no more lists of a publisher",
  description:
    "Revokes the key of a publisher: no list of it is taken any more, and no link certificate of it leads to " +
    "another key. What is stored stays, and the next run judges it again.",
  states: ["pinned", "approved"],
  defaultReason: "revoked by trust revoke",
  decide: (store, decision) => store.revokePublisher(decision),
};

const mostEvents = 50;

const help = `
Examples:
  cert-parser-runner trust list
  cert-parser-runner trust approve icao-masterlist --by "A. Keeper" --reason "key compared by telephone"
  cert-parser-runner trust approve 2084aed7a991b315
  cert-parser-runner trust revoke 2084aed7a991b315 --source nl

Exit codes:
  0  done
  1  there is no such publisher, or the store cannot be opened
  2  wrong usage or configuration`;
