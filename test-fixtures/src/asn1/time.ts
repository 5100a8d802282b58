/**
 * Times as X.509 and CMS write them.
 *
 * @module
 */

import { element, Tag } from "./der-writer.ts";

/**
 * A time: `YYYY-MM-DDTHH:MM:SSZ`, in the form that RFC 5280, 4.1.2.5 asks for (UTCTime through 2049), or in the
 * form that is named. `text` is written in its place, such as `2501010000Z`, which leaves out the seconds.
 */
export type TimeInput = string | { readonly value: string; readonly form: TimeForm; readonly text?: string };

/** The two ASN.1 types of Time. */
export type TimeForm = "utcTime" | "generalizedTime";

/** Time ::= CHOICE { utcTime UTCTime, generalTime GeneralizedTime }. Throws TypeError on another spelling. */
export function encodeTime(time: TimeInput): Uint8Array {
  const value = timeValue(time);
  const form = typeof time === "string" ? formOf(value) : time.form;
  const digits = `${value.replaceAll(/[-:TZ]/g, "")}Z`;
  const usual = form === "utcTime" ? digits.slice(2) : digits;
  const text = typeof time === "string" ? usual : (time.text ?? usual);
  return element(Tag[form], new TextEncoder().encode(text));
}

/** The instant, as `YYYY-MM-DDTHH:MM:SSZ`. */
export function timeValue(time: TimeInput): string {
  const value = typeof time === "string" ? time : time.value;
  if (toTimeString(new Date(value)) !== value) {
    throw new TypeError(`expected a time such as 2026-06-01T12:00:00Z, got ${value}`);
  }
  return value;
}

/** Writes a date as `YYYY-MM-DDTHH:MM:SSZ`; milliseconds are cut off. */
export function toTimeString(date: Date): string {
  if (Number.isNaN(date.getTime())) return "not a date";
  return `${date.toISOString().slice(0, 19)}Z`;
}

function formOf(value: string): TimeForm {
  const year = Number(value.slice(0, 4));
  return year < 1950 || year > 2049 ? "generalizedTime" : "utcTime";
}
