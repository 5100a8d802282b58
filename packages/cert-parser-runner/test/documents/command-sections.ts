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
    return (await Promise.all(names.map(sectionsOf))).flat().join("\n");
  },
};

/** A command, and those beneath it. */
async function sectionsOf(name: string): Promise<readonly string[]> {
  const help = await helpOf([name]);
  const beneath = await Promise.all(
    commandNames(help).map(async (inner) => section(`### ${name} ${inner}`, await helpOf([name, inner]))),
  );
  return [section(`## ${name}`, help), ...beneath];
}

function section(heading: string, help: string): string {
  return `${heading}\n\n${fenced(help)}`;
}

/** The commands that the help lists, in its order. */
export function commandNames(help: string): readonly string[] {
  const [, listed = ""] = /\nCommands:\n((?:.+\n)*)/.exec(help) ?? [];
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
