/**
 * The routes of the simulated service: token endpoint, SFC login, download. It checks whatever it gets.
 *
 * @module
 */

import { sha256 } from "cert-parser-core/node";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { type SimulatorCredentials, simulatorCredentials } from "./simulator-credentials.ts";
import { createTokenBook, type TokenBook } from "./token-book.ts";

/** Options of {@link createSimulatorApp}. */
export interface SimulatorAppOptions {
  /** The list that the download gives. */
  readonly bundle: Uint8Array;
  /** Who may log in. Default: {@link simulatorCredentials}. */
  readonly credentials?: SimulatorCredentials;
  /**
   * Says whether an access token is good, where an identity provider of its own gives them out. Default: those of the
   * simulator's own token endpoint are, for as long as they hold.
   */
  readonly acceptAccessToken?: (accessToken: string) => boolean | Promise<boolean>;
  /** How long both tokens hold. Default: 300 s, as identity providers do. */
  readonly tokenLifetimeSeconds?: number;
  /** The time, for the tokens' expiry. */
  readonly now?: () => Date;
  /** Called after each answer, for logs. */
  readonly onRequest?: (request: SimulatedRequest) => void;
}

/** One request that was answered. It holds no token and no query. */
export interface SimulatedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** Where the three steps are. */
export const simulatorPaths = Object.freeze({
  auth: "/protocol/openid-connect/token",
  login: "/auth/v1/login",
  download: "/certificates/csca",
});

/** The service as a Hono application; `app.fetch` answers requests. */
export function createSimulatorApp(options: SimulatorAppOptions): Hono {
  const { credentials = simulatorCredentials, tokenLifetimeSeconds = 300, now = () => new Date() } = options;
  const tokens = createTokenBook(tokenLifetimeSeconds, now);
  const accepts = options.acceptAccessToken ?? tokens.knowsAccessToken;
  const version = versionOf(options.bundle, now());

  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    const { method, path } = context.req;
    options.onRequest?.({ method, path, status: context.res.status });
  });
  const tooLarge = (context: Context) => refuse(context, 413, "invalid_request", "the body is too large");
  app.use(bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }));

  app.post(simulatorPaths.auth, (context) =>
    giveAccessToken(context, credentials, tokenLifetimeSeconds, tokens),
  );
  app.post(simulatorPaths.login, (context) => giveSfcToken(context, tokens, accepts));
  app.get(simulatorPaths.download, async (context) => {
    const refusal = await refuseTokens(context, tokens, accepts);
    return refusal ?? giveBundle(context, options.bundle, version);
  });

  for (const [path, method] of methods) {
    app.all(path, (context) => {
      context.header("allow", method);
      return refuse(context, 405, "method_not_allowed", `expected ${method}`);
    });
  }
  app.notFound((context) => refuse(context, 404, "not_found", "there is no such route"));
  return app;
}

/** The password grant of RFC 6749 section 4.3. A wrong user is answered with 401, as Keycloak does. */
async function giveAccessToken(
  context: Context,
  credentials: SimulatorCredentials,
  lifetimeSeconds: number,
  tokens: TokenBook,
): Promise<Response> {
  if (mediaType(context) !== "application/x-www-form-urlencoded") {
    return refuse(context, 400, "invalid_request", "expected application/x-www-form-urlencoded");
  }

  const form = new URLSearchParams(await context.req.text());
  const flawed = formFields.find((field) => form.getAll(field).length !== 1 || form.get(field) === "");
  if (flawed !== undefined) return refuse(context, 400, "invalid_request", `expected ${flawed} once`);
  if (form.get("grant_type") !== "password") {
    return refuse(context, 400, "unsupported_grant_type", "expected grant_type=password");
  }
  if (
    form.get("client_id") !== credentials.clientId ||
    form.get("client_secret") !== credentials.clientSecret
  ) {
    return refuse(context, 401, "invalid_client", "wrong client or client secret");
  }
  if (form.get("username") !== credentials.username || form.get("password") !== credentials.password) {
    return refuse(context, 401, "invalid_grant", "wrong user or password");
  }

  context.header("cache-control", "no-store");
  return context.json({
    access_token: tokens.issueAccessToken(),
    token_type: "Bearer",
    expires_in: lifetimeSeconds,
  });
}

async function giveSfcToken(
  context: Context,
  tokens: TokenBook,
  accepts: AcceptAccessToken,
): Promise<Response> {
  const accessToken = bearer(context, "authorization");
  if (!(await accepts(accessToken))) return refuseToken(context, "authorization");
  if (mediaType(context) !== "application/json") {
    return refuse(context, 400, "invalid_request", "expected application/json");
  }

  const body: unknown = await context.req.json().catch(() => undefined);
  const flaw = loginFlaw(body);
  if (flaw !== null) return refuse(context, 400, "invalid_request", flaw);
  context.header("cache-control", "no-store");
  return context.text(tokens.issueSfcToken(accessToken));
}

async function refuseTokens(
  context: Context,
  tokens: TokenBook,
  accepts: AcceptAccessToken,
): Promise<Response | null> {
  const accessToken = bearer(context, "authorization");
  if (!(await accepts(accessToken))) return refuseToken(context, "authorization");
  const sfcToken = bearer(context, "x-sfc-authorization");
  if (!tokens.knowsSfcToken(sfcToken, accessToken)) return refuseToken(context, "x-sfc-authorization");
  return null;
}

function giveBundle(context: Context, bundle: Uint8Array, version: Version): Response {
  const flaw = conditionFlaw(context);
  if (flaw !== null) return refuse(context, 400, "invalid_request", flaw);

  const { etag, lastModified } = version;
  // Whoever keeps the list asks each time whether there is another.
  const headers = { "cache-control": "no-cache", etag, "last-modified": lastModified.toUTCString() };
  if (isHeld(context, version)) return context.body(null, 304, headers);
  return context.body(Uint8Array.from(bundle), 200, {
    ...headers,
    "content-length": String(bundle.length),
    "content-type": "application/octet-stream",
  });
}

type AcceptAccessToken = (accessToken: string) => boolean | Promise<boolean>;

interface Version {
  readonly etag: string;
  readonly lastModified: Date;
}

/** The bundle of a simulator is as old as the simulator; HTTP dates have no milliseconds. */
function versionOf(bundle: Uint8Array, now: Date): Version {
  return { etag: `"${sha256(bundle)}"`, lastModified: new Date(Math.floor(now.getTime() / 1000) * 1000) };
}

function conditionFlaw(context: Context): string | null {
  const tags = context.req.header("if-none-match") ?? "*";
  if (!/^(\*|(W\/)?"[!#-~]*"(\s*,\s*(W\/)?"[!#-~]*")*)$/.test(tags.trim())) {
    return "expected entity tags in quotes in if-none-match";
  }
  const date = context.req.header("if-modified-since");
  return date !== undefined && Number.isNaN(Date.parse(date)) ? "expected a date in if-modified-since" : null;
}

/** Whether the client has this version. The date counts only without an entity tag. RFC 9110 section 13.2.2. */
function isHeld(context: Context, { etag, lastModified }: Version): boolean {
  const tags = context.req.header("if-none-match");
  if (tags !== undefined) {
    return tags.trim() === "*" || tags.split(",").some((tag) => tag.trim().replace(/^W\//, "") === etag);
  }
  const date = Date.parse(context.req.header("if-modified-since") ?? "");
  return !Number.isNaN(date) && lastModified.getTime() <= date;
}

function loginFlaw(body: unknown): string | null {
  if (body === null || typeof body !== "object" || Array.isArray(body)) return "expected a JSON object";
  const { borderPostId, boxId, passengerControlType } = body as Readonly<Record<string, unknown>>;
  if (!Number.isSafeInteger(borderPostId)) return "expected borderPostId, an integer";
  if (typeof boxId !== "string" || boxId === "") return "expected boxId, a string";
  if (!Number.isSafeInteger(passengerControlType)) return "expected passengerControlType, an integer";
  return null;
}

/** The token of a header `Bearer TOKEN`, or an empty text. RFC 6750 section 2.1; the scheme's case does not matter. */
function bearer(context: Context, header: string): string {
  return /^bearer +([\w.~+/-]+=*)$/i.exec(context.req.header(header) ?? "")?.[1] ?? "";
}

function mediaType(context: Context): string {
  return (context.req.header("content-type") ?? "").split(";", 1).join("").trim().toLowerCase();
}

function refuseToken(context: Context, header: string): Response {
  context.header("www-authenticate", 'Bearer error="invalid_token"');
  return refuse(context, 401, "invalid_token", `expected a valid token in ${header}`);
}

/** The form of an error of RFC 6749 section 5.2, for all routes. */
function refuse(
  context: Context,
  status: 400 | 401 | 404 | 405 | 413,
  error: string,
  description: string,
): Response {
  return context.json({ error, error_description: description }, status);
}

const formFields = ["grant_type", "client_id", "client_secret", "username", "password"] as const;

const methods = [
  [simulatorPaths.auth, "POST"],
  [simulatorPaths.login, "POST"],
  [simulatorPaths.download, "GET"],
] as const;

// A form or a login is a few hundred bytes.
const maxBodyBytes = 65_536;
