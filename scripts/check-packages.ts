/**
 * Checks the packages as they are published: packs each, lints the archive, and resolves its types as others would.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is published, with the size that its archive may not pass: a sudden growth is a mistake in `files`. */
const packages = [
  { folder: "packages/cert-parser-core", maxArchiveKiB: 500, needed: [] },
  {
    folder: "packages/cert-parser-runner",
    maxArchiveKiB: 420,
    needed: ["schema/schema.sql", "schema/predecessor-views.sql"],
  },
  { folder: "test-fixtures", maxArchiveKiB: 1600, needed: [] },
];

const root = join(import.meta.dirname, "..");
const archives = mkdtempSync(join(tmpdir(), "cert-parser-packages-"));
try {
  for (const { folder, maxArchiveKiB, needed } of packages) checkPackage(folder, maxArchiveKiB, needed);
} finally {
  rmSync(archives, { recursive: true });
}

function checkPackage(folder: string, maxArchiveKiB: number, ownFiles: readonly string[]): void {
  console.log(`\n== ${folder}`);
  const packed = run("npm", [
    "pack",
    `./${folder}`,
    "--json",
    "--ignore-scripts",
    "--pack-destination",
    archives,
  ]);
  const [archive] = JSON.parse(packed) as { filename: string; size: number; files: { path: string }[] }[];
  if (archive === undefined) throw new Error(`${folder}: npm pack made nothing`);
  const kib = Math.ceil(archive.size / 1024);
  console.log(`${archive.filename}: ${archive.files.length} files, ${kib} KiB (at most ${maxArchiveKiB})`);
  if (kib > maxArchiveKiB) throw new Error(`${folder}: the archive is ${kib} KiB, over ${maxArchiveKiB}`);
  for (const needed of ["LICENSE", "README.md", "dist/index.js", "dist/index.d.ts", ...ownFiles]) {
    if (!archive.files.some(({ path }) => path === needed))
      throw new Error(`${folder}: ${needed} is not packed`);
  }

  const file = join(archives, archive.filename);
  console.log(run("npx", ["publint", "--strict", file]).trim());
  // ESM only, by decision: require() of it is a dynamic import. Fixture files are no modules.
  console.log(
    run("npx", ["attw", file, "--profile", "esm-only", "--exclude-entrypoints", "./files/*"]).trim(),
  );
}

function run(command: string, args: readonly string[]): string {
  return execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
}
