/**
 * A real OpenID Connect provider on this machine, with the password grant that the service's own provider has.
 *
 * @module
 */

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider, { errors, type TokenEndpointGrantContext } from "oidc-provider";

/** Who may log in, and how. */
export interface IdentityProviderOptions {
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** How long access tokens hold. */
  readonly tokenLifetimeSeconds: number;
}

/** A provider that listens. */
export interface IdentityProvider {
  readonly tokenUrl: string;
  /** Access tokens that were given out, in their order. */
  readonly issued: readonly string[];
  /** Requests of the token endpoint so far. */
  readonly tokenRequests: number;
  /** Asks the provider, over HTTP and as a client of its own, whether a token is good. RFC 7662. */
  introspect(token: string): Promise<boolean>;
  /** Takes a token back. RFC 7009. */
  revoke(token: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the provider on a free port. */
export async function startIdentityProvider(options: IdentityProviderOptions): Promise<IdentityProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issued: string[] = [];
  const provider = configure(issuer, options, issued);
  let tokenRequests = 0;
  server.on("request", ({ url }) => {
    if (url === "/token") tokenRequests += 1;
  });
  server.on("request", provider.callback());

  const post = async (path: string, token: string, client: Client) => {
    const body = new URLSearchParams({ token, ...client });
    const response = await fetch(`${issuer}${path}`, { method: "POST", body });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return response;
  };
  const { clientId: client_id, clientSecret: client_secret } = options;
  return {
    tokenUrl: `${issuer}/token`,
    issued,
    get tokenRequests() {
      return tokenRequests;
    },
    async introspect(token) {
      if (token === "") return false;
      const response = await post("/token/introspection", token, resourceServer);
      const { active } = (await response.json()) as { active: boolean };
      return active;
    },
    async revoke(token) {
      await post("/token/revocation", token, { client_id, client_secret });
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Client {
  readonly client_id: string;
  readonly client_secret: string;
}

function configure(
  issuer: string,
  { clientId, clientSecret, username, password, tokenLifetimeSeconds }: IdentityProviderOptions,
  issued: string[],
): Provider {
  const common = {
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: "client_secret_post" as const,
  };
  const provider = new Provider(issuer, {
    clients: [
      { ...common, client_id: clientId, client_secret: clientSecret, grant_types: ["password"] },
      { ...common, ...resourceServer, grant_types: [] },
    ],
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      revocation: { enabled: true, allowedPolicy: () => true },
    },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    ttl: { AccessToken: tokenLifetimeSeconds, Grant: tokenLifetimeSeconds },
  });

  const grant = async (ctx: TokenEndpointGrantContext<{ username?: string; password?: string }>) => {
    const { client, params } = ctx.oidc;
    if (params.username !== username || params.password !== password) {
      throw new errors.InvalidGrant("wrong user or password");
    }
    const { clientId: grantee } = client;
    const permission = new provider.Grant({ accountId: username, clientId: grantee });
    const grantId = await permission.save();
    const token = new provider.AccessToken({
      accountId: username,
      client,
      grantId,
      gty: "password",
      scope: "",
    });
    const value = await token.save();
    issued.push(value);
    ctx.body = { access_token: value, expires_in: token.expiration, token_type: token.tokenType };
  };
  provider.registerGrantType("password", grant, ["username", "password"]);
  return provider;
}

/** The client of the services that take the tokens: they ask the provider in their own name. */
export const resourceServer: Client = { client_id: "sfc", client_secret: "secret-of-the-resource-server" };
