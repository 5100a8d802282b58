/**
 * What a scheme makes of a signature.
 *
 * @module
 */

/**
 * How a signature came out. `unsupported` says nothing about the signature: its algorithm, the digest, the curve or the
 * size of the key is not one that is verified here.
 */
export type SignatureOutcome = "valid" | "invalid" | "unsupported";

/** Stable codes of deviations in spite of which a signature is valid. */
export type Leniency =
  /** DigestInfo has no NULL after the digest algorithm, which RFC 8017, 9.2 has there (ICAO's lists of March and September 2023). */
  | "DIGEST_INFO_NULL_ABSENT"
  /** An ECDSA algorithm has NULL for its parameters, where RFC 5758, 3.2 leaves them out (Latvia, Japan and Austria among others). */
  | "ECDSA_PARAMETERS_NULL"
  /** An RSA algorithm has no parameters, where RFC 4055, 5 has NULL (Iceland, Yemen). */
  | "RSA_PARAMETERS_ABSENT";

/** The signature is good, or why it is not. */
export type Verdict = Acceptance | Refusal;

/** The signature is that of the key over the data. */
export interface Acceptance {
  readonly outcome: "valid";
  readonly leniencies: readonly Leniency[];
}

/** Why a signature is not valid, in one sentence. */
export interface Refusal {
  readonly outcome: "invalid" | "unsupported";
  readonly reason: string;
}

/** The signature is good. */
export function accepted(...leniencies: readonly Leniency[]): Acceptance {
  return { outcome: "valid", leniencies };
}

/** The signature, or the key, is bad. */
export function invalid(reason: string): Refusal {
  return { outcome: "invalid", reason };
}

/** The signature is of a kind that is not verified here. */
export function unsupported(reason: string): Refusal {
  return { outcome: "unsupported", reason };
}

/** Tells a refusal from what was read instead. */
export function isRefusal(value: object): value is Refusal {
  return "reason" in value;
}
