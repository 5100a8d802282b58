/**
 * The tokens of the last login, kept as long as they hold: in memory only.
 *
 * @module
 */

import type { AccessToken } from "./token.ts";

/** At most one pair of tokens. */
export interface Session {
  /** The access token; null where there is none that still holds. */
  accessToken(): string | null;
  /** The SFC token that came with this access token; null where there is none, or it may hold no more. */
  sfcToken(accessToken: string): string | null;
  /** Keeps an access token in place of what was kept before. One that names no lifetime is not kept. */
  keepAccessToken(accessToken: AccessToken): void;
  /** Keeps an SFC token for as long as the access token that it was given for. */
  keepSfcToken(sfcToken: string, accessToken: string): void;
  /** Forgets this access token and the SFC token that came with it. */
  drop(accessToken: string): void;
}

/** A session without tokens. */
export function createSession(now: () => Date): Session {
  let kept: Kept | null = null;
  const holding = () => (kept !== null && now().getTime() < kept.until ? kept : null);
  const holdingFor = (accessToken: string) => {
    const held = holding();
    return held?.accessToken === accessToken ? held : null;
  };

  return {
    accessToken: () => holding()?.accessToken ?? null,
    sfcToken: (accessToken) => holdingFor(accessToken)?.sfcToken ?? null,
    keepAccessToken({ text, lifetimeMs }) {
      if (lifetimeMs === null) return;
      const marginMs = Math.min(longestMarginMs, lifetimeMs / 2);
      kept = { accessToken: text, until: now().getTime() + lifetimeMs - marginMs, sfcToken: null };
    },
    keepSfcToken(sfcToken, accessToken) {
      const held = holdingFor(accessToken);
      if (held !== null) kept = { ...held, sfcToken };
    },
    drop(accessToken) {
      if (kept?.accessToken === accessToken) kept = null;
    },
  };
}

interface Kept {
  readonly accessToken: string;
  /** In milliseconds since 1970: some time before the token expires. */
  readonly until: number;
  readonly sfcToken: string | null;
}

// A token that is used must still hold when the last of three steps begins, and clocks differ.
const longestMarginMs = 30_000;
