/**
 * Reads the body of an answer under a limit, and says when it is not what it should be.
 *
 * @module
 */

import { type DownloadProgress, err, ok, type Result } from "cert-parser-core";
import { type HttpFault, type HttpFaultReason, truncatedBody } from "./http-fault.ts";

/** How much of a body is taken. */
export interface BodyOptions {
  readonly maxBytes: number;
  readonly progress?: DownloadProgress;
}

/**
 * Reads a whole body. A body that breaks off, or that is not as long as its Content-Length says, is a fault.
 *
 * The caller's abort signal is that of the request; when it fires, the fault is a truncated body like any other.
 */
export async function readBody(
  response: Response,
  options: BodyOptions,
): Promise<Result<Uint8Array, HttpFault>> {
  const { maxBytes, progress } = options;
  const total = contentLength(response);
  if (total !== undefined && total > maxBytes) {
    discardBody(response);
    return err(tooLarge(maxBytes, `${total} bytes`));
  }

  progress?.(0, total);
  const collected = await collect(response, maxBytes, total, (received) => progress?.(received, total));
  if (!collected.ok) return collected;
  const bytes = concatenate(collected.value);
  if (total !== undefined && bytes.length !== total) {
    return err(truncatedBody(`sent ${bytes.length} of the ${total} bytes that it announced`));
  }
  return ok(bytes);
}

/** Lets go of a body that nobody reads, so that its connection is free again. */
export function discardBody(response: Response): void {
  // A body that is broken already needs no letting go.
  void response.body?.cancel().catch(() => undefined);
}

/** Says what a body is that cannot be a list or a token: nothing, or a page made for people or scripts. */
export function unexpectedBody(bytes: Uint8Array): HttpFault | null {
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart();
  // None of the forms of a list begins like this: DER and BER begin with "0", LDIF with a word, ZIP with "PK", PEM with "-".
  if (bytes.length === 0) return fault("EMPTY_BODY", "answered with an empty body");
  if (/^<\?xml/i.test(start)) return fault("XML_BODY", "answered with an XML document");
  if (start.startsWith("<")) return fault("HTML_BODY", "answered with a web page");
  if (/^[{[]/.test(start)) return fault("JSON_BODY", "answered with a JSON document");
  return null;
}

async function collect(
  response: Response,
  maxBytes: number,
  total: number | undefined,
  received: (bytes: number) => void,
): Promise<Result<readonly Uint8Array[], HttpFault>> {
  const chunks: Uint8Array[] = [];
  const reader = response.body?.getReader();
  for (let length = 0; reader !== undefined; ) {
    const chunk = await reader.read().catch((error: unknown) => ({ error }));
    if ("error" in chunk) {
      const of = total === undefined ? "" : ` of ${total}`;
      return err(truncatedBody(`broke off after ${length}${of} bytes`, chunk.error));
    }
    if (chunk.done) break;
    length += chunk.value.length;
    if (length > maxBytes) {
      void reader.cancel().catch(() => undefined);
      return err(tooLarge(maxBytes, "more bytes"));
    }
    chunks.push(chunk.value);
    received(length);
  }
  return ok(chunks);
}

/** Undefined too for a coded body: there the header counts the coded bytes, and fetch gives the decoded ones. */
function contentLength({ headers }: Response): number | undefined {
  const coding = headers.get("content-encoding");
  if (coding !== null && coding !== "identity") return undefined;
  const text = headers.get("content-length") ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function concatenate(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function tooLarge(maxBytes: number, found: string): HttpFault {
  return fault("TOO_LARGE", `sends ${found}, over the limit of ${maxBytes}`);
}

function fault(reason: HttpFaultReason, message: string): HttpFault {
  return { reason, message, retry: false };
}
