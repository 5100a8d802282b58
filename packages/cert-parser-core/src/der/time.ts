/**
 * Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }, RFC 5280 section 4.1.2.5.
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";
import { CertParserError } from "../errors.ts";
import { contentBytes, type Element } from "./reader.ts";
import { nameTag, Tag } from "./tag.ts";

/** An instant, and whether it was written as RFC 5280 wants it. */
export interface Time {
  readonly date: Date;
  /** What is wrong with the form; undefined where nothing is. */
  readonly deviation: string | undefined;
}

/** Tells whether an element can be a Time at all. */
export function isTime(element: Element): boolean {
  return element.tag === Tag.UTC_TIME || element.tag === Tag.GENERALIZED_TIME;
}

/** Reads a Time in the form of RFC 5280, or in any other form of X.680 with a deviation. */
export function decodeTime(der: Uint8Array, element: Element, path: string): Time {
  if (!isTime(element)) {
    throw new CertParserError("DER_SYNTAX", `${path} is ${nameTag(element.tag)}, expected a Time`, {
      offset: element.start,
      path,
    });
  }
  const yearDigits = element.tag === Tag.UTC_TIME ? 2 : 4;
  const time = profiledMs(der, element, yearDigits);
  if (time !== undefined) {
    const early = yearDigits === 4 && time < generalizedTimeBegins;
    return { date: new Date(time), deviation: early ? "GeneralizedTime before 2050" : undefined };
  }
  return lenientTime(decodeLatin1(contentBytes(der, element)), yearDigits, element, path);
}

/** Writes an instant as `YYYY-MM-DDTHH:MM:SSZ`. Fractions of a second are dropped. */
export function formatTime(date: Date): string {
  const year = date.getUTCFullYear();
  // Only an offset from UTC can push a four-digit year over its edge.
  if (!(year >= 0 && year <= 9999)) return `${date.toISOString().slice(0, -5)}Z`;
  const fields = [
    Math.trunc(year / 100),
    year % 100,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
  ];
  const text = timeTemplate.slice();
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] as number;
    const position = fieldPositions[index] as number;
    text[position] = 0x30 + Math.trunc(field / 10);
    text[position + 1] = 0x30 + (field % 10);
  }
  return decodeLatin1(text);
}

/** The form that RFC 5280 prescribes: all fields down to the seconds, then Z. */
function profiledMs(der: Uint8Array, { contentStart, end }: Element, yearDigits: 2 | 4): number | undefined {
  if (end - contentStart !== yearDigits + 11 || der[end - 1] !== 0x5a) return undefined;
  let at = contentStart;
  let year = twoDigits(der, at);
  at += 2;
  if (yearDigits === 4) {
    year = year * 100 + twoDigits(der, at);
    at += 2;
  } else {
    year += year < 50 ? 2000 : 1900;
  }
  return instant(
    year,
    twoDigits(der, at),
    twoDigits(der, at + 2),
    twoDigits(der, at + 4),
    twoDigits(der, at + 6),
    twoDigits(der, at + 8),
  );
}

function twoDigits(der: Uint8Array, at: number): number {
  const tens = (der[at] as number) - 0x30;
  const ones = (der[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}

/** Milliseconds since 1970; undefined where a field is no number or out of its range. */
function instant(
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
): number | undefined {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1 && hours <= 23 && minutes <= 59 && seconds <= 59))
    return undefined;
  if (!(day <= 28 || day <= daysIn(month, year))) return undefined;
  const ms = Date.UTC(year, month - 1, day, hours, minutes, seconds);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  return year < 100 ? new Date(ms).setUTCFullYear(year, month - 1, day) : ms;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Seconds left out, fractions of the last field, and offsets from UTC: X.680 allows them, RFC 5280 does not. */
function lenientTime(text: string, yearDigits: 2 | 4, element: Element, path: string): Time {
  const fields = (yearDigits === 2 ? anyUtcTime : anyGeneralizedTime).exec(text)?.groups;
  const ms = fields && lenientMs(fields, yearDigits);
  if (ms === undefined) {
    throw new CertParserError("DER_SYNTAX", `${path} is not a time: ${JSON.stringify(text.slice(0, 32))}`, {
      offset: element.start,
      path,
    });
  }
  return { date: new Date(ms), deviation: `not in the form of RFC 5280: ${JSON.stringify(text)}` };
}

function lenientMs(fields: Partial<Record<string, string>>, yearDigits: 2 | 4): number | undefined {
  const { year = "", month, day, hours, minutes, seconds, fraction = "0", offset = "Z" } = fields;
  const written = Number(year);
  const ms = instant(
    yearDigits === 4 ? written : written + (written < 50 ? 2000 : 1900),
    Number(month),
    Number(day),
    Number(hours),
    Number(minutes ?? 0),
    Number(seconds ?? 0),
  );
  if (ms === undefined) return undefined;
  const lastFieldMs = seconds !== undefined ? 1000 : minutes !== undefined ? 60_000 : 3_600_000;
  const sign = offset.startsWith("-") ? -1 : 1;
  const shift = offset === "Z" ? 0 : Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  return ms + Math.trunc(Number(`0.${fraction}`) * lastFieldMs) - sign * shift * 60_000;
}

const anyUtcTime =
  /^(?<year>\d\d)(?<month>\d\d)(?<day>\d\d)(?<hours>\d\d)(?<minutes>\d\d)(?<seconds>\d\d)?(?<offset>Z|[+-][01]\d[0-5]\d)$/;
const anyGeneralizedTime =
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hours>\d\d)(?:(?<minutes>\d\d)(?<seconds>\d\d)?)?(?:[.,](?<fraction>\d{1,9}))?(?<offset>Z|[+-][01]\d[0-5]\d)?$/;
// RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
const generalizedTimeBegins = Date.UTC(2050, 0, 1);
const timeTemplate = Uint8Array.from("0000-00-00T00:00:00Z", (character) => character.charCodeAt(0));
// Where century, year, month, day, hours, minutes and seconds stand in the template.
const fieldPositions = [0, 2, 5, 8, 11, 14, 17];
