/**
 * Long texts in lines.
 *
 * @module
 */

/** Breaks a text at spaces, commas and the like, or anywhere where it has none; what follows is indented by two more. */
export function wrapText(text: string, width: number): readonly string[] {
  if (text.length <= width) return [text];
  const indent = `${/^ */.exec(text)?.[0] ?? ""}  `;
  const first = lineEnd(text, 0, width);
  const lines = [text.slice(0, first).trimEnd()];
  // By places in the text: a name in a certificate may have a million letters, and no copy of the rest is made for a line.
  for (let at = first; at < text.length; ) {
    while (text[at] === " ") at++;
    const end = lineEnd(text, at, Math.max(1, width - indent.length));
    if (end > at) lines.push(indent + text.slice(at, end).trimEnd());
    at = end;
  }
  return lines;
}

/** Where the last word that fits ends; a line that would be left half empty is filled up instead. */
function lineEnd(text: string, start: number, width: number): number {
  const full = start + width;
  if (full >= text.length) return text.length;
  for (let at = full; at > start + width / 2; at--) {
    if (text[at] === " " || breakAfter.has(text[at - 1] ?? "")) return at;
  }
  return full;
}

const breakAfter: ReadonlySet<string> = new Set([",", ";", "/", "+"]);
