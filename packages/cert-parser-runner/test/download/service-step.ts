/**
 * One step of the service against a server of the test.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import type { Download, PortError, Result, Validators } from "cert-parser-core";
import type { ServiceSettings } from "../../src/config/configuration.ts";
import type { RetryOptions } from "../../src/download/retries.ts";
import { createServiceSource, type ServiceRetryEvent } from "../../src/download/service-source.ts";

/** What must never come to light. */
export const secrets = { clientSecret: "s3cr3t & client=1", password: "s3cr3t pässword" };
/** Retries as in production, only faster. */
export const fast: RetryOptions = { attempts: 4, baseDelayMs: 1, maxDelayMs: 5, maxRetryAfterMs: 2_000 };
/** A signal that nobody aborts. */
export const never = new AbortController().signal;
/** What is known of a list that was never downloaded. */
export const unknown: Validators = { etag: null, lastModified: null };

/** The right answer of each step. */
export const good = {
  authenticate: (response: ServerResponse) => response.end('{"access_token":"access.1"}'),
  login: (response: ServerResponse) => response.end("sfc.1"),
  download: (response: ServerResponse) => response.end(Uint8Array.of(0x30, 0x01, 0x00)),
};

/** Announces a thousand bytes, sends four, and hangs up. */
export function breakOff(response: ServerResponse): void {
  response.writeHead(200, { "content-length": 1000 });
  response.write("0123", () => setTimeout(() => response.destroy(), 10));
}

interface StepOptions {
  readonly retry?: Partial<RetryOptions>;
  readonly onRetry?: (event: ServiceRetryEvent) => void;
}

/** Runs one step against a server, with what the test wants otherwise. */
export function step(
  name: "authenticate" | "login" | "download",
  origin: string,
  { retry = {}, onRetry = () => undefined }: StepOptions = {},
  settings: Partial<ServiceSettings> = {},
  progress: (bytes: number) => unknown = () => undefined,
  signal: AbortSignal = never,
  tokens = { accessToken: "access.1", sfcToken: "sfc.1" },
): Promise<Result<string | Download, PortError>> {
  const source = createServiceSource(settingsOf(origin, settings), { retry: { ...fast, ...retry }, onRetry });
  if (name === "authenticate") return source.accessTokens.acquire(signal);
  if (name === "login") return source.sfcTokens.acquire(tokens.accessToken, signal);
  return source.downloader.download(tokens, signal, (bytes) => void progress(bytes), unknown);
}

/** Settings whose three URLs are on one origin. */
export function settingsOf(origin: string, settings: Partial<ServiceSettings> = {}): ServiceSettings {
  return {
    authUrl: `${origin}/token`,
    clientId: "client",
    username: "user",
    ...secrets,
    loginUrl: `${origin}/login`,
    borderPostId: 7,
    boxId: "box",
    passengerControlType: 2,
    downloadUrl: `${origin}/certificates`,
    timeoutMs: 5_000,
    maxBytes: 1_000_000,
    ...settings,
  };
}

/** The error of a result that must be one. */
export function failure(result: Result<unknown, PortError>): PortError {
  assert.ok(!result.ok, "expected a failure");
  return result.error;
}

/** The bytes of a download that must be one. */
export function bytesOf(result: Result<unknown, PortError>): Uint8Array {
  assert.ok(result.ok, JSON.stringify(result));
  const { value } = result as { readonly value: Download };
  assert.ok(value.modified);
  return value.bytes;
}
