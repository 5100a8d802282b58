/**
 * What a migration is. Once released, one is never edited: its checksum is kept in every store.
 *
 * @module
 */

/** One step of the schema. */
export interface Migration {
  /** 1 for the first, without gaps. */
  readonly version: number;
  readonly name: string;
  /** In order, one statement each. */
  readonly statements: readonly string[];
}

/** The statements that document a table and its columns in the database itself. */
export function comments(table: string, about: string, columns: Readonly<Record<string, string>>): string[] {
  return [
    `comment on table certs.${table} is ${literal(about)}`,
    ...Object.entries(columns).map(
      ([column, text]) => `comment on column certs.${table}.${column} is ${literal(text)}`,
    ),
  ];
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
