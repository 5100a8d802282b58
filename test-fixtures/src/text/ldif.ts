/**
 * LDIF (RFC 2849), as ICAO's directory is published in it.
 *
 * @module
 */

/** An entry, or a change of one. */
export interface LdifRecord {
  readonly dn: string;
  /** Writes the DN in base64 even if it need not be. */
  readonly encodesDn?: boolean;
  /** Left out in a file of entries. */
  readonly changeType?: "add" | "modify" | "delete";
  /** Lines after the DN and the changetype, in their order. Of `modify`: its parts, with `-` as `{ separator: true }`. */
  readonly lines?: readonly LdifLine[];
}

/** `name: value`; bytes are written in base64, and so is text that is not safe (RFC 2849, SAFE-STRING). */
export type LdifLine =
  | { readonly name: string; readonly value: string | Uint8Array }
  | { readonly separator: true }
  | { readonly comment: string };

/** How the file is laid out. */
export interface LdifOptions {
  /** Default `\n`. */
  readonly lineEnding?: "\n" | "\r\n";
  /** Characters in a line before it is folded. Default 76, as ICAO's files. */
  readonly width?: number;
  /** Whether the file begins with `version: 1`. Default true. */
  readonly version?: boolean;
  /** Whether a blank line follows the last record. Default true. */
  readonly endsBlank?: boolean;
}

/** The text of an LDIF file. */
export function encodeLdif(records: readonly LdifRecord[], options: LdifOptions = {}): string {
  const { lineEnding = "\n", width = 76, version = true, endsBlank = true } = options;
  const groups = [...(version ? [["version: 1"]] : []), ...records.map(recordLines)];
  const blocks = groups.map((group) => group.map((line) => `${fold(line, width)}\n`).join(""));
  return `${blocks.join("\n")}${endsBlank ? "\n" : ""}`.replaceAll("\n", lineEnding);
}

function recordLines({ dn, encodesDn = false, changeType, lines = [] }: LdifRecord): readonly string[] {
  return [
    attribute("dn", encodesDn ? Buffer.from(dn) : dn),
    ...(changeType === undefined ? [] : [`changetype: ${changeType}`]),
    ...lines.map(encodeLine),
  ];
}

function encodeLine(line: LdifLine): string {
  if ("separator" in line) return "-";
  return "comment" in line ? `# ${line.comment}` : attribute(line.name, line.value);
}

function attribute(name: string, value: string | Uint8Array): string {
  if (typeof value === "string" && isSafe(value)) return `${name}: ${value}`;
  return `${name}:: ${Buffer.from(value).toString("base64")}`;
}

/** SAFE-STRING, and no space at the end either (RFC 2849, note 8). */
function isSafe(value: string): boolean {
  return /^(?:[!-9;=-~][ -~]*)?$/.test(value) && !value.endsWith(" ");
}

/** RFC 2849, note 2: the lines after the first begin with a space. */
function fold(line: string, width: number): string {
  let folded = line.slice(0, width);
  for (let at = width; at < line.length; at += width - 1) folded += `\n ${line.slice(at, at + width - 1)}`;
  return folded;
}
