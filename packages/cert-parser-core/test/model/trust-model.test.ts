/**
 * Random histories of honest states, of a rogue whose certificates are listed, and of somebody in the middle who adds, drops,
 * replays and wraps what nobody signed.
 *
 * `MODEL_RUNS` sets how many histories, `MODEL_SEED` which.
 *
 * @module
 */

import { test } from "node:test";
import { createMemoryStore } from "./memory-store.ts";
import { playHistories } from "./play.ts";

test("no history breaks a promise of the trust model", (context) =>
  playHistories(context, {
    runs: Number(process.env.MODEL_RUNS ?? 200),
    begin: async () => createMemoryStore(),
  }));
