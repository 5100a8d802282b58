/**
 * `trust`: whose lists are accepted, what waits, and what operators decided.
 *
 * @module
 */

import type { Command } from "commander";
import type { Store } from "../store/store.ts";
import { documentText } from "./json-text.ts";
import type { Surroundings } from "./surroundings.ts";
import { addDecisions } from "./trust-decisions.ts";
import { addKeyCommands } from "./trust-keys.ts";
import { addQuarantineCommands } from "./trust-quarantine.ts";
import { type TrustListing, trustText } from "./trust-text.ts";
import { withStore } from "./with-store.ts";

/** Adds the commands. */
export function addTrust(program: Command, surroundings: Surroundings): void {
  const trust = program
    .command("trust")
    .summary("whose lists are accepted, what waits, and what was decided")
    .description(
      "Shows and changes whose lists are accepted. A publisher is the CSCA whose key stands behind the signer of a " +
        "list; it is named by the SHA-256 of that key. A bundle is named by the SHA-256 of its file.",
    )
    .addHelpText("after", help);
  addList(trust, surroundings);
  addDecisions(trust, surroundings);
  addQuarantineCommands(trust, surroundings);
  addKeyCommands(trust, surroundings);
}

function addList(trust: Command, surroundings: Surroundings): void {
  trust
    .command("list")
    .summary("publishers, quarantined bundles, and what was decided")
    .description("Lists the publishers of all sources, the quarantined bundles, and the latest decisions.")
    .option("--json", "one JSON document: { publishers, quarantine, joined, events }")
    .action(async ({ json }: { readonly json?: true }) => {
      const listing = await withStore(surroundings, readListing);
      await surroundings.stdout.write(json ? documentText(listing) : trustText(listing));
    });
}

async function readListing(store: Store): Promise<TrustListing> {
  return {
    publishers: await store.publishers(),
    quarantine: await store.quarantined(),
    joined: await store.joinedKeys(),
    events: await store.trustEvents(mostEvents),
  };
}

const mostEvents = 50;

const help = `
Examples:
  cert-parser-runner trust list
  cert-parser-runner trust approve icao-masterlist --by "A. Keeper" --reason "key compared by telephone"
  cert-parser-runner trust approve 2084aed7a991b315
  cert-parser-runner trust revoke 2084aed7a991b315 --source nl
  cert-parser-runner trust show 9f86d081884c7d65
  cert-parser-runner trust approve 9f86d081884c7d65 --reason "shrinking announced by the publisher"
  cert-parser-runner trust discard 9f86d081884c7d65 --reason "a test file"

Prefixes of a SHA-256 need at least 16 hexadecimal digits.

Exit codes:
  0  done
  1  no such publisher, key or bundle, the bundle was not accepted, or the store cannot be opened
  2  wrong usage or configuration`;
