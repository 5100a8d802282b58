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

/**
 * Milliseconds since 1970 of a UTCTime or GeneralizedTime that has all fields down to the seconds, then Z; undefined where
 * it is in another form, or no time. Makes no object: a CRL has millions of these.
 */
export function profiledTimeMs(der: Uint8Array, element: Element): number | undefined {
  if (element.tag === Tag.UTC_TIME) return profiledMs(der, element, 2);
  return element.tag === Tag.GENERALIZED_TIME ? profiledMs(der, element, 4) : undefined;
}

/** Tells whether the content of an element is a GeneralizedTime in the form of RFC 5280, whatever its tag is. */
export function isGeneralizedTime(der: Uint8Array, element: Element): boolean {
  return profiledMs(der, element, 4) !== undefined;
}

/** Reads a GeneralizedTime by itself, with whatever tag is implied: before 2050, too, it is the right type then. */
export function decodeGeneralizedTime(der: Uint8Array, element: Element, path: string): Time {
  const time = profiledMs(der, element, 4);
  if (time !== undefined) return { date: new Date(time), deviation: undefined };
  return lenientTime(decodeLatin1(contentBytes(der, element)), 4, element, path);
}

/** Reads a Time where GeneralizedTime, with its own tag, is the only right type. */
export function decodeExplicitGeneralizedTime(der: Uint8Array, element: Element, path: string): Time {
  if (element.tag === Tag.GENERALIZED_TIME) return decodeGeneralizedTime(der, element, path);
  const { date, deviation } = decodeTime(der, element, path);
  return { date, deviation: deviation ?? "UTCTime, expected GeneralizedTime" };
}

/** Writes an instant as `YYYY-MM-DDTHH:MM:SSZ`. Fractions of a second are dropped. */
export function formatTime(date: Date): string {
  const year = date.getUTCFullYear();
  // Only an offset from UTC can push a four-digit year over its edge.
  if (!(year >= 0 && year <= 9999)) return `${date.toISOString().slice(0, -5)}Z`;
  const [century, inCentury] = [Math.trunc(year / 100), year % 100];
  const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
  const [hours, minutes, seconds] = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()];
  // One call for all of them: a list has two of these a certificate, and pieces to be joined take three times as long.
  return String.fromCharCode(
    tens(century),
    ones(century),
    tens(inCentury),
    ones(inCentury),
    hyphen,
    tens(month),
    ones(month),
    hyphen,
    tens(day),
    ones(day),
    letterT,
    tens(hours),
    ones(hours),
    colon,
    tens(minutes),
    ones(minutes),
    colon,
    tens(seconds),
    ones(seconds),
    letterZ,
  );
}

function tens(number: number): number {
  return 0x30 + Math.trunc(number / 10);
}

function ones(number: number): number {
  return 0x30 + (number % 10);
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

/** Far below zero where they are no digits, and so whatever is made of them. */
function twoDigits(der: Uint8Array, at: number): number {
  const tens = (der[at] as number) - 0x30;
  const ones = (der[at + 1] as number) - 0x30;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1_000_000;
}

/** Milliseconds since 1970; undefined where a field is out of its range. */
function instant(
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
): number | undefined {
  if (!(year >= 0 && month >= 1 && month <= 12 && day >= 1)) return undefined;
  if (!(day <= 28 || day <= daysIn(month, year))) return undefined;
  if (!(hours >= 0 && hours <= 23 && minutes >= 0 && minutes <= 59 && seconds >= 0 && seconds <= 59))
    return undefined;
  return daysSince1970(year, month, day) * 86_400_000 + ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** Some times as fast as Date.UTC, which takes the years 0 to 99 for 1900 to 1999. */
function daysSince1970(year: number, month: number, day: number): number {
  // Years that begin in March end with the leap day, and their months have 153 days in every five.
  const years = month <= 2 ? year - 1 : year;
  const months = month <= 2 ? month + 9 : month - 3;
  const leapDays = Math.floor(years / 4) - Math.floor(years / 100) + Math.floor(years / 400);
  return years * 365 + leapDays + Math.trunc((months * 153 + 2) / 5) + day - 719_469;
}

function daysIn(month: number, year: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Seconds left out, fractions of the last field, and offsets from UTC: X.680 allows them, RFC 5280 does not. UTCTime
 * without Z is in no standard, but in all 72 entries of a CRL of the University of Virginia, 2016; it is taken for UTC.
 */
function lenientTime(text: string, yearDigits: 2 | 4, element: Element, path: string): Time {
  const fields = (yearDigits === 2 ? anyUtcTime : anyGeneralizedTime).exec(text)?.groups;
  const ms = fields && lenientMs(fields, yearDigits);
  if (ms === undefined) {
    throw new CertParserError("DER_SYNTAX", `${path} is not a time: ${JSON.stringify(text.slice(0, 32))}`, {
      offset: element.start,
      path,
    });
  }
  const zone = fields?.offset === undefined ? ", which has no Z and is taken for UTC" : "";
  return { date: new Date(ms), deviation: `not in the form of RFC 5280: ${JSON.stringify(text)}${zone}` };
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
  /^(?<year>\d\d)(?<month>\d\d)(?<day>\d\d)(?<hours>\d\d)(?<minutes>\d\d)(?<seconds>\d\d)?(?<offset>Z|[+-][01]\d[0-5]\d)?$/;
const anyGeneralizedTime =
  /^(?<year>\d{4})(?<month>\d\d)(?<day>\d\d)(?<hours>\d\d)(?:(?<minutes>\d\d)(?<seconds>\d\d)?)?(?:[.,](?<fraction>\d{1,9}))?(?<offset>Z|[+-][01]\d[0-5]\d)?$/;
// RFC 5280, 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
const generalizedTimeBegins = Date.UTC(2050, 0, 1);
const [hyphen, letterT, colon, letterZ] = [0x2d, 0x54, 0x3a, 0x5a];
