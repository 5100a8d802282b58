import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

const run = promisify(execFile);
const launcher = join(import.meta.dirname, "../../bin/cert-parser-runner.js");
const oldNode = findOldNode();

describe("the launcher", () => {
  const directory = mkdtempSync(join(tmpdir(), "cert-parser-launcher-"));
  const copy = join(directory, "bin/cert-parser-runner.js");
  before(() => {
    mkdirSync(join(directory, "bin"));
    cpSync(launcher, copy);
    writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
  });
  after(() => rmSync(directory, { recursive: true }));

  test("runs the sources of a clone that was not built", async () => {
    symlinkSync(join(import.meta.dirname, "../../src"), join(directory, "src"));
    const { stdout } = await run(process.execPath, [copy, "--help"]);
    assert.match(stdout, /^Usage: cert-parser-runner /);
    rmSync(join(directory, "src"));
  });

  test("prefers what was built", async () => {
    mkdirSync(join(directory, "dist"), { recursive: true });
    writeFileSync(join(directory, "dist/cli.js"), 'console.log("built", process.argv.slice(2).join(" "));');
    const { stdout } = await run(process.execPath, [copy, "inspect", "x"]);
    assert.equal(stdout, "built inspect x\n");
    rmSync(join(directory, "dist"), { recursive: true });
  });

  test("says what is missing where nothing was built", async () => {
    await assert.rejects(run(process.execPath, [copy]), { code: 1, stderr: /npm run build/ });
  });

  test("says which Node it needs on an older one", {
    skip: oldNode === undefined && "no older Node here",
  }, async () => {
    await assert.rejects(run(oldNode ?? "", [launcher, "--help"]), {
      code: 2,
      stderr: /needs Node\.js 24 or later, and this is \d/,
    });
  });
});

/** The system's own Node, where it is older than the one that the checkout brings along. */
function findOldNode(): string | undefined {
  return ["/usr/bin/node", "/usr/local/bin/node"].find((path) => {
    if (!existsSync(path)) return false;
    const version = execFileSync(path, ["--version"], { encoding: "utf8" });
    return Number.parseInt(version.slice(1), 10) < 24;
  });
}
