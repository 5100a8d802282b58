/**
 * Takes a file of SQL apart: drivers that bind parameters take one statement a query.
 *
 * @module
 */

/** The statements of a text, in order, without the semicolons between them and without comments outside of them. */
export function splitStatements(text: string): readonly string[] {
  const statements: string[] = [];
  let current = "";
  for (const [token] of text.matchAll(tokens)) {
    if (token === ";") {
      statements.push(current.trim());
      current = "";
    } else if (!token.startsWith("--")) current += token;
  }
  return [...statements, current.trim()].filter((statement) => statement !== "");
}

/**
 * A comment to the end of its line; a string, a quoted name, or a text between dollar signs, in which nothing counts but
 * its end; a semicolon; anything else. Nested comments and `E''` strings are not used.
 */
const tokens = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|;|[^-'"$;]+|[-$]/g;
