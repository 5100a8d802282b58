/**
 * What the routes may know of the service: nothing here is secret.
 *
 * @module
 */

/** The service, as the routes see it. */
export interface ServiceView {
  readonly name: string;
  readonly version: string;
  /** Whether signatures are looked at: not with TRUST_MODE off. */
  readonly signaturesVerified: boolean;
  /** False when no run will ever be due again. */
  schedulerRunning(): boolean;
  /** How late the event loop was lately, in milliseconds: what it does for others it does as late for the schedule. */
  eventLoopLagMs(): number;
  /** When the next run is due; null when none is. */
  nextRun(): Date | null;
  /** The run that goes on now. */
  currentRun(): RunIdentity | null;
  /** How the last run ended, since the service started or, before that, by the store. */
  lastRun(): EndedRun | null;
  /** What is stored. Rejects with an Error that has a `code` when the store cannot tell. */
  stored(): Promise<StoredState>;
  /** Starts a run; null while one goes on or the service stops. */
  trigger(): RunIdentity | null;
  /** Figures for Prometheus; without it there is no such route. */
  metrics?(): Promise<MetricsText>;
}

/** Metrics in the text format of Prometheus. */
export interface MetricsText {
  readonly contentType: string;
  readonly text: string;
}

/** A run. */
export interface RunIdentity {
  readonly executionId: string;
  readonly trigger: string;
}

/** A run that has ended. */
export interface EndedRun extends RunIdentity {
  readonly source: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly outcome: "applied" | "unchanged" | "failed" | "cancelled";
  /** Where and why it stopped, in stable codes; null when it did not. */
  readonly failure: RunFailure | null;
}

/** Why a run stopped. */
export interface RunFailure {
  readonly stage: string;
  readonly code: string;
  readonly reason: string;
}

/** What the store holds. */
export interface StoredState {
  /** The lists accepted last, one for each source. */
  readonly lists: readonly StoredList[];
  readonly lastRun: EndedRun | null;
  readonly counts: StoredCounts;
  readonly trust: StoredTrust;
}

/** What of the trust in the store an operator should look into. */
export interface StoredTrust {
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

/** The last list of a source that was accepted. */
export interface StoredList {
  readonly source: string;
  readonly acceptedAt: Date;
  /** Null where the list does not say. */
  readonly signingTime: Date | null;
}

/** How much the store holds. */
export interface StoredCounts {
  readonly certificates: number;
  readonly countries: number;
  readonly crls: number;
  readonly revoked: number;
  readonly rejections: number;
}
