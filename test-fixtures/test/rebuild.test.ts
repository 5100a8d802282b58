import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildFixtureSet, writeFixtureSet } from "../src/world/fixture-set.ts";
import { openKeyRing } from "../src/world/key-ring.ts";

const committed = join(import.meta.dirname, "../files");
const temporary = mkdtempSync(join(tmpdir(), "cert-parser-fixtures-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

test("a build with the committed keys gives the committed files, octet by octet", () => {
  cpSync(join(committed, "keys"), join(temporary, "keys"), { recursive: true });
  const keys = openKeyRing(join(temporary, "keys"));
  writeFixtureSet(buildFixtureSet(keys.key), temporary);
  keys.prune();

  const paths = filesIn(committed);
  assert.deepEqual(filesIn(temporary), paths);
  for (const path of paths) {
    assert.ok(readFileSync(join(temporary, path)).equals(readFileSync(join(committed, path))), path);
  }
});

test("a key ring keeps what it has, makes what it lacks or finds of another kind, and drops the rest", () => {
  const directory = join(temporary, "ring");
  const first = openKeyRing(directory).key("a", { kind: "ec", curve: "P-256" });
  writeFileSync(join(directory, "unused.pem"), readFileSync(join(directory, "a.pem")));

  const ring = openKeyRing(directory);
  const second = ring.key("a", { kind: "ec", curve: "P-256" });
  assert.deepEqual(second.publicBits, first.publicBits);
  const third = ring.key("a", { kind: "ec", curve: "brainpoolP256r1" });
  assert.equal(third.kind === "ec" && third.curve, "brainpoolP256r1");
  ring.prune();
  assert.deepEqual(readdirSync(directory), ["a.pem"]);
});

function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length))
    .filter((path) => !path.includes("ring"))
    .toSorted();
}
