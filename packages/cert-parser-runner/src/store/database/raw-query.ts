/**
 * A statement that is not written in place, for slonik, which takes template literals only.
 *
 * @module
 */

import { type QuerySqlToken, sql } from "slonik";

/** Never for text that comes from outside: nothing in it is bound or escaped. */
export function rawQuery(statement: string): QuerySqlToken {
  // slonik tells a template literal by its frozen `raw`.
  const template = Object.freeze(Object.assign([statement], { raw: Object.freeze([statement]) }));
  return sql.unsafe(template);
}
