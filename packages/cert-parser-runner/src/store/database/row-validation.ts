/**
 * Holds every row to the schema that its query was written with: slonik leaves that to an interceptor.
 *
 * @module
 */

import { type Interceptor, type QueryResultRow, SchemaValidationError } from "slonik";

/** Validates rows by the Standard Schema of `sql.type`; those of `sql.unsafe` pass as they are. */
export const rowValidation: Interceptor = {
  name: "row-validation",
  transformRow: ({ resultParser }, query, row): QueryResultRow => {
    if (resultParser === undefined) return row;
    const validated = resultParser["~standard"].validate(row);
    if (validated instanceof Promise) throw new TypeError("row schemas must validate synchronously");
    if (validated.issues) throw new SchemaValidationError(query, row, validated.issues);
    return validated.value as QueryResultRow;
  },
};
