/**
 * Where the data is, as may be shown to anyone: never with a password.
 *
 * @module
 */

/** A directory of the embedded store, or a database on a server. */
export type StoreLocation =
  | { readonly kind: "embedded"; readonly directory: string }
  | {
      readonly kind: "postgresql";
      readonly host: string;
      readonly port: number;
      readonly database: string;
    };

/** Names the place in the words of messages. */
export function describeLocation(location: StoreLocation): string {
  if (location.kind === "embedded") return `the embedded store in ${location.directory}`;
  return `database ${location.database} at ${location.host}:${location.port}`;
}
