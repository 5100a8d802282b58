/**
 * How values of the database read, the same with both drivers.
 *
 * @module
 */

import { createBigintTypeParser, createNumericTypeParser, type DriverTypeParser } from "slonik";

/** int8 as BigInt, numeric as a number, timestamptz as a Date; the drivers themselves give bytea as Buffer. */
export const typeParsers: readonly DriverTypeParser[] = [
  createBigintTypeParser(),
  createNumericTypeParser(),
  { name: "timestamptz", parse: parseTimestamp },
];

/**
 * Reads the text of a `timestamptz` in the ISO style, which the store sets in each of its transactions. Not with
 * `Date.parse`: runtimes differ in what they read, and none knows BC.
 */
export function parseTimestamp(text: string): Date {
  const parts = timestampForm.exec(text)?.groups;
  if (parts === undefined) throw new TypeError(`not a timestamp in ISO style: ${text}`);
  const number = (name: string) => Number(parts[name] ?? 0);
  const date = new Date(0);
  // 1 BC is the year 0; and `Date.UTC` would take the year 26 for 1926.
  date.setUTCFullYear(
    parts.bc === undefined ? number("year") : 1 - number("year"),
    number("month") - 1,
    number("day"),
  );
  date.setUTCHours(number("hour"), number("minute"), number("second"), Math.trunc(number("fraction") * 1000));
  const offset = number("zoneHour") * 3600 + number("zoneMinute") * 60 + number("zoneSecond");
  return new Date(date.getTime() - (parts.sign === "-" ? -offset : offset) * 1000);
}

const timestampForm =
  /^(?<year>\d{4,})-(?<month>\d\d)-(?<day>\d\d) (?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?<fraction>\.\d+)?(?<sign>[+-])(?<zoneHour>\d\d)(?::(?<zoneMinute>\d\d))?(?::(?<zoneSecond>\d\d))?(?<bc> BC)?$/;
