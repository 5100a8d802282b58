/**
 * Judgements on a signed object: whether it may change the store.
 *
 * @module
 */

/** Stable codes of the reasons in a judgement. */
export type JudgementCode =
  /** The list holds no certificate at all, or fewer than asked for. */
  | "TOO_FEW_CERTIFICATES"
  /** More certificates would leave than the policy allows. */
  | "SHRINK"
  /** The list says that it was signed more than a day from now. */
  | "SIGNING_TIME_IN_FUTURE"
  /** Signatures were not verified: a later version does. */
  | "SIGNATURE_UNCHECKED";

/** One reason of a judgement. */
export interface JudgementReason {
  readonly code: JudgementCode;
  /** `refusal` decides; `note` is only said. */
  readonly weight: "refusal" | "note";
  /** What was found and what was asked for, in one sentence. */
  readonly message: string;
}

/** Whether a signed object may change the store, with every reason. */
export interface Judgement {
  readonly outcome: "accepted" | "refused";
  readonly reasons: readonly JudgementReason[];
}

/** What a store holds of one source. */
export interface Known {
  readonly source: string;
  /** Certificates that the source lists at present, by SHA-256 (lower-case hex). */
  readonly listed: ReadonlyMap<string, KnownCertificate>;
  /** SHA-256 of the last accepted bundle, lower-case hex; null before the first. */
  readonly bundleSha256: string | null;
  /** Signing time of the last accepted bundle; null before the first, or where it had none. */
  readonly signingTime: Date | null;
  /** What came with the last accepted bundle, to ask the service whether it has another by now. */
  readonly validators: Validators;
}

/** What names a version of a resource in HTTP, RFC 9110 section 8.8; each null where the service gave none. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** What the shrink guard needs of a certificate that is held. */
export interface KnownCertificate {
  readonly notAfter: Date;
}
