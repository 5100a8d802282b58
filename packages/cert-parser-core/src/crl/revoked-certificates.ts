/**
 * The entries of a CRL: checked when it is read, and read again while they are iterated, since there may be millions.
 *
 * @module
 */

import type { Element } from "../der/reader.ts";
import { CertParserError } from "../errors.ts";
import type { Finding } from "../findings.ts";
import type { Limits } from "../limits.ts";
import { entryExtensionsAt } from "./entry-extensions.ts";
import { createFindingTally } from "./finding-tally.ts";
import {
  checkEntry,
  type EntryReading,
  entriesPath,
  entryFrame,
  frameEntry,
  hasExtensions,
  isPlainEntry,
  type RevokedCertificate,
  revokedCertificateIn,
} from "./revoked-certificate.ts";

/** What a CRL's entries are as a whole. */
export interface RevokedCertificates extends Iterable<RevokedCertificate> {
  readonly count: number;
  /** Whether an entry has a certificateIssuer, readable or not. */
  readonly namesIssuers: boolean;
  /** Whether a critical extension of an entry is unknown or cannot be read. */
  readonly unprocessable: boolean;
  /** Finds the first entry with this serial number. */
  find(serialNumber: Uint8Array): RevokedCertificate | undefined;
}

/** Reads every entry in `list` once, so that reading it again cannot fail. Notes one finding of each code. */
export function revokedCertificatesAt(
  input: Uint8Array,
  list: Element | undefined,
  limits: Limits,
  findings: Finding[],
): RevokedCertificates {
  if (list === undefined) return noEntries;
  const reading: EntryReading = { input, limits };
  const summary = checkEntries(reading, list, findings);
  const { namesIssuers } = summary;
  return {
    ...summary,
    [Symbol.iterator]: () => new EntryIterator(reading, list, namesIssuers),
    find(serialNumber) {
      const entries = new EntryIterator(reading, list, namesIssuers);
      while (entries.advance()) if (entries.hasSerialNumber(serialNumber)) return entries.view();
      return undefined;
    },
  };
}

function checkEntries(
  reading: EntryReading,
  list: Element,
  findings: Finding[],
): Pick<RevokedCertificates, "count" | "namesIssuers" | "unprocessable"> {
  const { input, limits } = reading;
  const frame = entryFrame();
  const tally = createFindingTally();
  let [count, namesIssuers, unprocessable] = [0, false, false];
  for (let at = list.contentStart; at < list.end; at = frame.entry.end) {
    if (count === limits.maxRevokedCertificates) {
      throw new CertParserError("LIMIT_EXCEEDED", `CRL has over ${limits.maxRevokedCertificates} entries`, {
        offset: at,
        path: entriesPath,
      });
    }
    count += 1;
    frameEntry(input, at, list.end, frame);
    if (isPlainEntry(input, frame)) continue;
    const noted: Finding[] = [];
    const extensions = checkEntry(reading, frame, noted);
    if (extensions?.certificateIssuerStart !== undefined) namesIssuers = true;
    if (extensions?.unprocessable) unprocessable = true;
    tally.add(noted);
  }
  findings.push(...tally.totals());
  return { count, namesIssuers, unprocessable };
}

/** Goes from entry to entry without an object for each; as an iterator, with one. */
class EntryIterator implements IterableIterator<RevokedCertificate, undefined> {
  readonly #reading: EntryReading;
  readonly #input: Uint8Array;
  readonly #end: number;
  readonly #namesIssuers: boolean;
  readonly #frame = entryFrame();
  #at: number;
  #issuerStart = 0;

  constructor(reading: EntryReading, list: Element, namesIssuers: boolean) {
    this.#reading = reading;
    this.#input = reading.input;
    this.#at = list.contentStart;
    this.#end = list.end;
    this.#namesIssuers = namesIssuers;
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<RevokedCertificate, undefined> {
    return this.advance() ? { done: false, value: this.view() } : { done: true, value: undefined };
  }

  advance(): boolean {
    if (this.#at >= this.#end) return false;
    const frame = this.#frame;
    frameEntry(this.#input, this.#at, this.#end, frame);
    this.#at = frame.entry.end;
    if (this.#namesIssuers && hasExtensions(frame)) {
      // RFC 5280, 5.3.3: it holds for the entries that follow, until another comes.
      const { limits } = this.#reading;
      const { certificateIssuerStart } = entryExtensionsAt(this.#input, frame.crlEntryExtensions, limits, []);
      this.#issuerStart = certificateIssuerStart ?? this.#issuerStart;
    }
    return true;
  }

  view(): RevokedCertificate {
    return revokedCertificateIn(this.#reading, this.#frame, this.#issuerStart);
  }

  hasSerialNumber(serialNumber: Uint8Array): boolean {
    const { contentStart, end } = this.#frame.userCertificate;
    if (end - contentStart !== serialNumber.length) return false;
    // From the end: the first octets of a CA's serial numbers are often the same.
    for (let at = serialNumber.length - 1; at >= 0; at--) {
      if (this.#input[contentStart + at] !== serialNumber[at]) return false;
    }
    return true;
  }
}

const noEntries: RevokedCertificates = Object.freeze({
  count: 0,
  namesIssuers: false,
  unprocessable: false,
  [Symbol.iterator]: () => [][Symbol.iterator](),
  find: () => undefined,
});
