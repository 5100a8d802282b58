import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readManifest } from "cert-parser-fixtures";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "README.md"), "utf8");

test("the table of the README has a row for every file, with its kind and description", () => {
  const rows = [...readme.matchAll(/^\| `([^`]+\.\w+)` +\| ([a-z-]+) +\| (.+?) +\|$/gm)];
  assert.deepEqual(
    rows.map(([, name, kind, description]) => ({ name, kind, description })),
    readManifest().files.map(({ name, kind, description }) => ({ name, kind, description })),
  );
});

const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

test("the README has three examples", () => assert.equal(examples.length, 3));

for (const [index, code] of examples.entries()) {
  test(`example ${index + 1} of the README runs`, () => {
    const flags = ["--conditions=cert-parser-source", "--input-type=module-typescript"];
    const { status, stderr } = spawnSync(process.execPath, [...flags, "--eval", code], { cwd: root });
    assert.equal(status, 0, stderr.toString());
  });
}
