/**
 * The ports that this library fills itself: reading a bundle, and the trust policy.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import { readBundle } from "../icao/read-bundle.ts";
import { judgeBundle } from "../policy/judge-bundle.ts";
import {
  expectConsistent,
  fingerprintOf,
  type TrustMode,
  type TrustSettings,
} from "../policy/trust-settings.ts";
import { err, ok } from "../result.ts";
import { createPortableEngine } from "../signatures/portable-engine.ts";
import type { ParseOptions } from "../x509/certificate.ts";
import type { BundleParser, Clock, TrustPolicy } from "./ports.ts";

/** Opens bundles with `readBundle`. */
export function bundleParser(options: ParseOptions = {}): BundleParser {
  return {
    async parse(bytes) {
      try {
        return ok(await readBundle(bytes, options));
      } catch (cause) {
        if (!(cause instanceof CertParserError)) throw cause;
        const place = cause.offset === undefined ? "" : ` (at byte ${cause.offset})`;
        return err({ code: "PARSE_ERROR", reason: cause.code, message: cause.message + place, cause });
      }
    },
  };
}

/** What {@link trustPolicy} is told; all but the mode has a default. */
export type TrustPolicyOptions = Partial<TrustSettings> & { readonly mode: TrustMode };

/**
 * The policy: a list must be signed by a publisher that is trusted, be newer than the one before it, and have lost no more
 * certificates than it may. Throws `TypeError` where anchors and mode do not go together.
 */
export function trustPolicy(options: TrustPolicyOptions, clock: Clock): TrustPolicy {
  const settings: TrustSettings = { ...defaults, engine: createPortableEngine(), ...options };
  expectConsistent(settings);
  return {
    fingerprint: fingerprintOf(settings),
    judge: async (bundle, known, signal) =>
      ok(await judgeBundle(bundle, known, { settings, now: clock.now(), signal })),
  };
}

const defaults = {
  anchors: [],
  maxRemovedPercent: 5,
  minCertificates: 1,
  // Publishers pause up to 138 days.
  maxListAgeMs: 180 * 24 * 60 * 60 * 1000,
  unsignedSources: [],
  allowWeakAlgorithms: false,
  lifted: [],
} as const;
