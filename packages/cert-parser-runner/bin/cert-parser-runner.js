#!/usr/bin/env node
// Committed as it is, since npm links no command to a file that the build has yet to make. It must parse on old Nodes.
import { existsSync } from "node:fs";
import module from "node:module";
import process from "node:process";

const needed = 24;
const built = new URL("../dist/cli.js", import.meta.url);
const source = new URL("../src/cli.ts", import.meta.url);
const isNode = !("bun" in process.versions) && !("deno" in process.versions);

if (isNode && Number.parseInt(process.versions.node, 10) < needed) {
  process.stderr.write(
    `error: cert-parser-runner needs Node.js ${needed} or later, and this is ${process.versions.node} (${process.execPath}).\n` +
      "Install a newer one from https://nodejs.org, or run it with Deno or Bun.\n" +
      "In a clone of the repository, npm ci brings one along on Linux x64: npx cert-parser-runner and npm start use it.\n",
  );
  process.exit(2);
}

if (existsSync(built)) {
  await import(built.href);
} else if (existsSync(source) && isNode) {
  // A clone that was not built: its sources run as they are, under the condition that leads from package to package.
  module.registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, { ...context, conditions: [...context.conditions, "cert-parser-source"] }),
  });
  await import(source.href);
} else {
  process.stderr.write(
    "error: cert-parser-runner is not built: run npm run build in its repository first.\n",
  );
  process.exit(1);
}
