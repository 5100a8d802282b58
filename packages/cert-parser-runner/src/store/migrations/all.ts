/**
 * Every migration, in order.
 *
 * @module
 */

import { certificatesMigration } from "./0001-certificates.ts";
import { revocationListsMigration } from "./0002-revocation-lists.ts";
import { runsMigration } from "./0003-runs.ts";
import { predecessorViewsMigration } from "./0004-predecessor-views.ts";
import { confirmationsMigration } from "./0005-confirmations.ts";
import { partsMigration } from "./0006-parts.ts";
import { trustMigration } from "./0007-trust.ts";
import { verifiedViewsMigration } from "./0008-verified-views.ts";
import type { Migration } from "./migration.ts";

/** The whole schema, version by version. */
export const migrations: readonly Migration[] = [
  certificatesMigration,
  revocationListsMigration,
  runsMigration,
  predecessorViewsMigration,
  confirmationsMigration,
  partsMigration,
  trustMigration,
  verifiedViewsMigration,
];
