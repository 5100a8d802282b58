/**
 * URLs as they may be shown: no password, no query, no fragment.
 *
 * @module
 */

/** An HTTP URL for messages and logs: scheme, host and path only. Text that is no URL is not shown at all. */
export function publicUrl(url: string | URL): string {
  const parsed = URL.parse(String(url));
  return parsed === null ? "(not a URL)" : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}

/** A PostgreSQL DSN for messages and logs: user, host and database stay; password and query values do not. */
export function publicDsn(dsn: string): string {
  const url = URL.parse(dsn);
  if (url === null) return "(hidden)";

  const user = url.username === "" ? "" : decoded(url.username);
  const password = url.password === "" ? "" : ":(hidden)";
  const at = user + password === "" ? "" : "@";
  // Of the parameters only the harmless one is shown: `password` and `sslpassword` may stand there too.
  const sslMode = url.searchParams.get("sslmode");
  const query = sslMode === null ? "" : `?sslmode=${sslMode}`;
  return `${url.protocol}//${user}${password}${at}${decoded(url.host)}${url.pathname}${query}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
