/**
 * Writes an entry of LDIF as ICAO's directory does: RFC 2849, values of bytes in base64, lines folded after 76 columns.
 *
 * @module
 */

/** One entry or change record, without the empty line that parts it from the next. */
export function ldifEntry(
  dn: string,
  attributes: readonly (readonly [name: string, value: string | Uint8Array])[],
): string {
  const lines = attributes.map(([name, value]) =>
    typeof value === "string" ? fold(`${name}: ${value}`) : fold(`${name}:: ${toBase64(value)}`),
  );
  return `${fold(`dn: ${dn}`)}${lines.join("")}`;
}

function fold(line: string): string {
  let folded = line.slice(0, columns);
  for (let at = columns; at < line.length; at += columns - 1)
    folded += `\n ${line.slice(at, at + columns - 1)}`;
  return `${folded}\n`;
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");
}

const columns = 76;
