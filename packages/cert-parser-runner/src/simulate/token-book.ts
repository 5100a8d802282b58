/**
 * The tokens that a simulator has given out, and until when they hold.
 *
 * @module
 */

/** Gives out tokens and knows them again. */
export interface TokenBook {
  /** A new access token. */
  issueAccessToken(): string;
  /** A new SFC token, which holds only beside this access token. */
  issueSfcToken(accessToken: string): string;
  /** Whether the access token was given out here and has not expired. */
  knowsAccessToken(accessToken: string): boolean;
  /** Whether the SFC token was given out for this access token and has not expired. */
  knowsSfcToken(sfcToken: string, accessToken: string): boolean;
}

/** An empty book; it lives in memory only. */
export function createTokenBook(lifetimeSeconds: number, now: () => Date): TokenBook {
  const expiries = new Map<string, number>();
  const accessTokensOfSfc = new Map<string, string>();

  function issue(kind: string): string {
    forgetExpired();
    const random = crypto.getRandomValues(new Uint8Array(32));
    const token = `${kind}-${Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    expiries.set(token, now().getTime() + lifetimeSeconds * 1000);
    return token;
  }

  function holds(token: string): boolean {
    const expiry = expiries.get(token);
    return expiry !== undefined && now().getTime() < expiry;
  }

  function forgetExpired(): void {
    for (const token of expiries.keys()) {
      if (holds(token)) continue;
      expiries.delete(token);
      accessTokensOfSfc.delete(token);
    }
  }

  return {
    issueAccessToken: () => issue("access"),
    issueSfcToken: (accessToken) => {
      const sfcToken = issue("sfc");
      accessTokensOfSfc.set(sfcToken, accessToken);
      return sfcToken;
    },
    knowsAccessToken: (accessToken) => accessToken.startsWith("access-") && holds(accessToken),
    knowsSfcToken: (sfcToken, accessToken) =>
      accessTokensOfSfc.get(sfcToken) === accessToken && holds(sfcToken),
  };
}
