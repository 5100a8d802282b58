/**
 * Cron expressions, as this service takes them: five fields (or six with seconds), in UTC, 1 is Monday.
 *
 * @module
 */

import { Cron } from "croner";

/** Says what is wrong with a cron expression; null where nothing is. One that never comes due is wrong too. */
export function validateCron(expression: string): string | null {
  // croner also takes one date, as a job for that instant: no schedule.
  if (/^\d{4}-/.test(expression.trim()))
    return "it is a date; a schedule has five fields, such as 0 */6 * * *";
  try {
    const job = new Cron(expression, { timezone: "UTC", paused: true });
    const next = job.nextRun();
    job.stop();
    return next === null ? "it never comes due" : null;
  } catch (error) {
    // croner begins its messages with names of its own classes.
    return (error instanceof Error ? error.message : String(error)).replace(/^Cron\w*: /, "");
  }
}
