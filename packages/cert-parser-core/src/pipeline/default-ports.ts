/**
 * The ports that this library fills itself: reading a bundle, and the first policy.
 *
 * @module
 */

import { CertParserError } from "../errors.ts";
import { readBundle } from "../icao/read-bundle.ts";
import { err, ok } from "../result.ts";
import { judgeBySize, type MinimalPolicyOptions } from "../trust/minimal-policy.ts";
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

/**
 * The first policy: refuses an empty list, and one that lost more than `maxRemovedPercent` of its certificates.
 *
 * It verifies no signature, and says so in every judgement.
 */
export function minimalTrustPolicy(options: MinimalPolicyOptions, clock: Clock): TrustPolicy {
  return {
    async judge(signedObject, known) {
      return ok(judgeBySize(signedObject, known, clock.now(), options));
    },
  };
}
