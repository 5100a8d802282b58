/**
 * The commands that stand in documents: the `sh` blocks, each marked with what it needs.
 *
 * @module
 */

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What a block needs: `run` blocks need nothing but a clone, and are run by `npm run check:documents`. */
export type BlockMark = "run" | "cluster" | "docker" | "systemd" | "later";

/** One block of commands. */
export interface CommandBlock {
  /** Path of the document, from the root of the repository. */
  readonly document: string;
  /** Line of its first command, from 1. */
  readonly line: number;
  /** What follows `sh`: a {@link BlockMark}, unless somebody forgot it. */
  readonly mark: string;
  readonly commands: string;
  /** What their output must hold: texts of the comments `<!-- shows: TEXT -->` right below the block. */
  readonly shows: readonly string[];
}

/** The root of the repository. */
export const root: string = join(import.meta.dirname, "..");

/** The marks, and what each says. */
export const blockMarks: Readonly<Record<BlockMark, string>> = {
  run: "run by the check",
  cluster: "needs a cluster",
  docker: "needs Docker or Podman",
  systemd: "needs systemd and its privileges",
  later: "not run; its first line says why",
};

/** The documents that tell operators what to type, in the order in which they are run. */
export function operatorDocuments(): readonly string[] {
  const references = globSync("docs/*.md", { cwd: root }).sort();
  return ["README.md", "k8s/DEPLOYMENT.md", ...references, "CONTRIBUTING.md"];
}

/** The text of a document. */
export function readDocument(document: string): string {
  return readFileSync(join(root, document), "utf8");
}

/** The `sh` blocks of a document, in order. */
export function commandBlocks(document: string, text: string = readDocument(document)): CommandBlock[] {
  return Array.from(text.matchAll(fencedBlock), ({ groups = {}, index }) => {
    const { info = "", commands = "", below = "" } = groups;
    const [language = "", ...mark] = info.trim().split(/\s+/);
    const line = text.slice(0, index).split("\n").length + 1;
    const shows = Array.from(below.matchAll(/<!-- shows: (.*) -->/g), ([, shown = ""]) => shown);
    return { language, block: { document, line, mark: mark.join(" "), commands, shows } };
  })
    .filter(({ language }) => /^(sh|bash|shell|console)$/.test(language))
    .map(({ block }) => block);
}

// A block, and the comments right below it.
const fencedBlock =
  /^(?<indent> *)```(?<info>.*)\n(?<commands>(?:.*\n)*?)\k<indent>```\n(?<below>(?: *<!-- shows: .* -->\n)*)/gm;
