/**
 * Tables and marked sections of Markdown documents.
 *
 * @module
 */

/** What stands between the marks `begin NAME` and `end NAME` of a document. */
export type Sections = Readonly<Record<string, () => string | Promise<string>>>;

/** The document with its marked sections made anew. Throws where a mark is missing, or stands for no section. */
export async function renewSections(document: string, sections: Sections, file: string): Promise<string> {
  const marked = Array.from(document.matchAll(/^<!-- begin (.+) -->$/gm), ([, name]) => name);
  const unknown = marked.filter((name) => !Object.hasOwn(sections, name ?? ""));
  if (unknown.length > 0) throw new Error(`${file} has marks for nothing: ${unknown.join(", ")}`);

  let text = document;
  for (const [name, render] of Object.entries(sections)) {
    const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
    const [from, to] = [text.indexOf(begin), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}`);
    text = `${text.slice(0, from + begin.length)}\n${await render()}\n${text.slice(to)}`;
  }
  return text;
}

/** A table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...rows].map(line).join("");
}

/** Text as code; nothing where there is none. */
export function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}

/** Several texts as code, with commas between. */
export function codes(texts: readonly string[]): string {
  return texts.map(code).join(", ");
}
