/**
 * Who saw what, and when: what every part of a snapshot is written with.
 *
 * @module
 */

/** The circumstances of one `apply`. */
export interface Observation {
  readonly source: string;
  readonly observedAt: Date;
  /** When the source's previous bundle was last accepted; null before the first. */
  readonly previouslySeen: Date | null;
  /** Whether the source's last accepted bundle was another one. */
  readonly bundleIsNew: boolean;
}
