/**
 * The help of every command, for `docs/commands.md`.
 *
 * @module
 */

import { runCli } from "../cli/run-cli.ts";
import type { Sections } from "./markdown.ts";

export const commandSections: Sections = {
  overview: async () => fenced(await helpOf([])),
  commands: async () => {
    const names = commandNames(await helpOf([]));
    const helps = await Promise.all(names.map((name) => helpOf([name])));
    return names.map((name, index) => `## ${name}\n\n${fenced(helps[index] ?? "")}`).join("\n");
  },
};

/** The commands that the help lists, in its order. */
export function commandNames(help: string): readonly string[] {
  const listed = help.slice(help.indexOf("\nCommands:\n"));
  return Array.from(listed.matchAll(/^ {2}([a-z][a-z-]*)/gm), ([, name = ""]) => name).filter(
    // commander's own, which says what --help says.
    (name) => name !== "help",
  );
}

/** As it reads where stdout is no terminal: 80 columns. */
export async function helpOf(command: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli([...command, "--help"]);
  if (code !== 0) throw new Error(`${command.join(" ")} --help ended with ${code}: ${stderr}`);
  return stdout;
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\`\n`;
}
