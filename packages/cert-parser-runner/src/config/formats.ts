/**
 * How the text of a setting is read: each format is a valibot schema from text to value, whose one message says what is
 * expected.
 *
 * @module
 */

import * as v from "valibot";

/** From the text of a setting to its value. */
export type Format<T> = v.GenericSchema<string, T>;

/** Text as it is, blanks at its ends dropped. */
export const text: Format<string> = format("some text", (found) => found.trim() || undefined);

/** A secret: every character counts, blanks too. */
export const secretText: Format<string> = format("some text", (found) => found);

/** A secret that travels in an HTTP header: RFC 6750 section 2.1 allows no blanks there. */
export const headerToken: Format<string> = format("visible ASCII characters without blanks", (found) =>
  /^[\x21-\x7e]+$/.test(found) ? found : undefined,
);

/** An absolute http or https URL. Fetch refuses one that carries a user name, so it is refused here already. */
export const httpUrl: Format<string> = format(
  "an absolute http or https URL without user name and password",
  (found) => {
    const url = URL.parse(found.trim());
    const usable = url !== null && /^https?:$/.test(url.protocol) && url.username + url.password === "";
    return usable ? url.href : undefined;
  },
);

/** A connection string of PostgreSQL. */
export const postgresqlDsn: Format<string> = format(
  "postgresql://USER:PASSWORD@HOST:PORT/NAME, special characters percent-encoded (or DATABASE_HOST, _NAME, _USERNAME, _PASSWORD instead)",
  (found) => {
    const url = URL.parse(found.trim());
    return url !== null && /^postgres(ql)?:$/.test(url.protocol) ? found.trim() : undefined;
  },
);

/** `true` or `false`, in the spellings that the Python predecessor took. */
export const flag: Format<boolean> = format("true or false", (found) => {
  const word = found.trim().toLowerCase();
  if (/^(true|1|yes|y|on|t)$/.test(word)) return true;
  return /^(false|0|no|n|off|f)$/.test(word) ? false : undefined;
});

/** A whole number between two bounds, both included. */
export function integer(from: number, to: number): Format<number> {
  return format(`a whole number from ${from} to ${to}`, (found) => {
    const value = /^[+-]?\d{1,15}$/.test(found.trim()) ? Number(found) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  });
}

/** A decimal number between two bounds, both included. */
export function decimal(from: number, to: number): Format<number> {
  return format(`a number from ${from} to ${to}`, (found) => {
    const value = /^[+-]?\d{1,15}(\.\d{1,15})?$/.test(found.trim()) ? Number(found) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  });
}

/** Names, parted by commas; blanks around them are dropped. */
export const nameList: Format<readonly string[]> = format("names, separated by commas", (found) => {
  const names = found.split(",").map((name) => name.trim());
  return names.every((name) => name !== "") ? [...new Set(names)] : undefined;
});

/** One word of several; its case does not matter. */
export function oneOf<const Word extends string>(words: readonly Word[]): Format<Word> {
  return format(`one of ${words.join(", ")}`, (found) =>
    words.find((word) => word.toLowerCase() === found.trim().toLowerCase()),
  );
}

/** The path under which a proxy shows the service: empty, or `/path` without a slash at its end. */
export const rootPath: Format<string> = format(
  "a path that begins with a slash, such as /cert-parser",
  (found) => {
    const path = found.trim().replace(/\/+$/, "");
    return path === "" || /^(\/[\w.~!$&'()*+,;=:@%-]+)+$/.test(path) ? path : undefined;
  },
);

function format<T>(expected: string, read: (found: string) => T | undefined): Format<T> {
  return v.pipe(
    v.string(),
    v.rawTransform<string, T>(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value);
      if (value !== undefined) return value;
      addIssue({ message: expected });
      return NEVER;
    }),
  );
}
