/**
 * A slonik driver for PGlite: one session, shared by clients that the pool hands out one at a time.
 *
 * @module
 */

import { Readable } from "node:stream";
import type { PGlite, Results } from "@electric-sql/pglite";
import {
  createDriverFactory,
  type DriverCommand,
  type DriverFactory,
  type DriverTypeParser,
} from "@slonik/driver";
import {
  CheckExclusionConstraintViolationError,
  CheckIntegrityConstraintViolationError,
  ForeignKeyIntegrityConstraintViolationError,
  InvalidInputError,
  NotNullIntegrityConstraintViolationError,
  UniqueIntegrityConstraintViolationError,
} from "slonik";

/** Serves an engine that the caller has opened and will close: connections come and go, it stays. */
export function createPgliteDriverFactory(engine: PGlite): DriverFactory {
  return createDriverFactory(async ({ driverConfiguration }) => {
    const parsers = await parsersByOid(engine, driverConfiguration.typeParsers);

    return {
      createPoolClient: async ({ clientEventEmitter }) => {
        const run = async (text: string, values: unknown[] = []): Promise<Results<Row>> => {
          try {
            return await engine.query<Row>(text, values, {
              parsers,
              onNotice: ({ message }) => {
                if (message !== undefined) clientEventEmitter.emit("notice", { message });
              },
            });
          } catch (error) {
            throw wrapError(error);
          }
        };

        return {
          connect: () => engine.waitReady,
          end: async () => {},
          query: async (text, values) => toDriverResult(await run(text, values)),
          // PGlite gives a result whole; what is streamed is its rows.
          stream: (text, values) => Readable.from(streamRows(() => run(text, values))),
        };
      },
    };
  });
}

type Row = Record<string, unknown>;
type Parsers = Record<number, (value: string) => unknown>;

async function parsersByOid(engine: PGlite, typeParsers: readonly DriverTypeParser[]): Promise<Parsers> {
  const { rows } = await engine.query<{ oid: number; typname: string }>(
    "select oid::int4, typname::text from pg_catalog.pg_type where typname = any($1::text[])",
    [typeParsers.map(({ name }) => name)],
  );
  const parsers: Parsers = { ...textParsers };
  for (const { name, parse } of typeParsers) {
    const type = rows.find(({ typname }) => typname === name);
    if (type === undefined) throw new TypeError(`the database has no type ${name}`);
    parsers[type.oid] = parse;
  }
  return parsers;
}

function toDriverResult({ rows, fields, command, rowCount }: Results<Row>) {
  return {
    command: command as DriverCommand,
    fields: fields.map(({ name, dataTypeID }) => ({ name, dataTypeId: dataTypeID })),
    rowCount: rowCount ?? null,
    rows,
  };
}

async function* streamRows(run: () => Promise<Results<Row>>): AsyncGenerator<object, void, undefined> {
  const { fields, rows } = toDriverResult(await run());
  for (const row of rows) yield { fields, row };
}

/** slonik's own errors, which its driver for PostgreSQL raises in these cases. */
function wrapError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  switch (error.code) {
    case "22P02":
      return new InvalidInputError(error.message, { cause: error });
    case "23502":
      return new NotNullIntegrityConstraintViolationError(error);
    case "23503":
      return new ForeignKeyIntegrityConstraintViolationError(error);
    case "23505":
      return new UniqueIntegrityConstraintViolationError(error);
    case "23P01":
      return new CheckExclusionConstraintViolationError(error);
    case "23514":
      return new CheckIntegrityConstraintViolationError(error);
    default:
      return error;
  }
}

// PGlite would give a Uint8Array; readers of both databases get a Buffer.
const byteaOid = 17;
const textParsers: Parsers = {
  [byteaOid]: (value) => Buffer.from(value.slice(2), "hex"),
};
