/**
 * How values of the database read, the same with both drivers.
 *
 * Times are not among them: queries ask for milliseconds, since their text depends on settings of the server
 * (`DateStyle`) and `Date.parse` reads it differently on each runtime.
 *
 * @module
 */

import { createBigintTypeParser, createNumericTypeParser, type DriverTypeParser } from "slonik";

/** int8 as BigInt, numeric as a number; the drivers themselves give bytea as Buffer. */
export const typeParsers: readonly DriverTypeParser[] = [createBigintTypeParser(), createNumericTypeParser()];
