/**
 * What the gauges are set from: plain figures, so that metrics know neither the store nor the schedule.
 *
 * @module
 */

/** The state of the service when it was last looked at. */
export interface MetricsState {
  /** What the store holds; null where it could not tell, which leaves the figures as they were. */
  readonly statistics: StoredFigures | null;
  readonly storeReachable: boolean;
  /** False when no run will ever be due again. */
  readonly schedulerRunning: boolean;
  /** When the next run is due; null when none is. */
  readonly nextRun: Date | null;
  /** Longest time between two regular runs, in milliseconds; null or left out where it is not known. */
  readonly intervalMs?: number | null;
}

/** What the store holds. */
export interface StoredFigures {
  /** Distinct certificates that sources list now. */
  readonly certificates: readonly CertificateCount[];
  /** Of those, by when they expire. */
  readonly expiry: ExpiryCounts;
  /** Parts of the current bundles that could not be read. */
  readonly rejections: readonly CodeCount[];
  /** Deviations from the standards in the current bundles. */
  readonly findings: readonly CodeCount[];
  readonly crls: CrlFigures;
  readonly sources: readonly SourceFigures[];
  readonly trust: TrustFigures;
  /** How all runs ended that the store was told of, ever. */
  readonly runs: readonly RunCount[];
}

/** How many certificates of a country play a role. */
export interface CertificateCount {
  /** Upper case, as many letters as written; null where the certificate names none. */
  readonly country: string | null;
  readonly role: string;
  readonly count: number;
}

/** How many certificates expire when. Each span counts those of the shorter ones too, but not the expired. */
export interface ExpiryCounts {
  readonly expired: number;
  readonly within30Days: number;
  readonly within90Days: number;
  readonly within365Days: number;
}

/** How often a code was given. */
export interface CodeCount {
  readonly code: string;
  readonly count: number;
}

/** CRLs that sources give now. */
export interface CrlFigures {
  readonly count: number;
  /** Entries of all of them. */
  readonly revoked: number;
  /** Null where none says. */
  readonly earliestNextUpdate: Date | null;
}

/** What of the trust in all that an operator should look into. */
export interface TrustFigures {
  /** Publishers that were trusted on first use, and that nobody has approved. */
  readonly unapprovedPins: number;
  /** Certificates listed now whose signatures nobody looked at. */
  readonly unverifiedCertificates: number;
  /** Certificates listed now that nobody signed. */
  readonly unsignedCertificates: number;
  /** Bundles in quarantine that were refused. */
  readonly refusedBundles: number;
  /** Bundles in quarantine that wait for an operator. */
  readonly pendingBundles: number;
  /** When a publisher last rolled over to another key; null where none has. */
  readonly lastRollover: Date | null;
}

/** One source. */
export interface SourceFigures {
  readonly source: string;
  /** Certificates that it lists now. */
  readonly certificates: number;
  /** When its current list was signed; null where the list does not say, or there is none. */
  readonly signingTime: Date | null;
  /** When the last run ended that applied or confirmed its list; null before the first. */
  readonly lastAccepted: Date | null;
  /** Earliest end of the certificates in the envelope that sign lists; null where there is none. */
  readonly signerNotAfter: Date | null;
  /** Earliest end of the CSCA certificates in the envelope; null where there is none. */
  readonly anchorNotAfter: Date | null;
}

/** How many runs ended in this way. */
export interface RunCount {
  readonly outcome: string;
  /** Where it stopped; null where it did not. */
  readonly stage: string | null;
  /** Why it stopped; null where it did not. */
  readonly code: string | null;
  readonly count: number;
}
