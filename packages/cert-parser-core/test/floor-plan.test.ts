import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../src/", import.meta.url));

// Data flows down this list, so imports only ever point up it; types count like values.
const rooms = [
  "foundation",
  "bytes",
  "containers",
  "der",
  "x509",
  "signatures",
  "crl",
  "cms",
  "icao",
  "chain",
  "verify",
  "records",
  "policy",
  "pipeline",
];
const foundation = ["errors.ts", "findings.ts", "limits.ts", "result.ts"];
const doors = ["index.ts", "node.ts"];

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".ts"))
  .sort();

/** What a file imports or passes on: `import ... from "x"`, `export ... from "x"`, `import "x"`, `import("x")`. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(src, file), "utf8");
  return Array.from(
    text.matchAll(/\bfrom "([^"]+)"|\bimport\(?\s*"([^"]+)"/g),
    ([, from, bare]) => from ?? bare ?? "",
  );
}

/** Where a relative import leads, as a path from `src`. */
function resolve(file: string, specifier: string): string {
  return relative(src, join(src, dirname(file), specifier))
    .split(sep)
    .join("/");
}

function roomOf(file: string): string {
  return foundation.includes(file) ? "foundation" : (file.split("/")[0] ?? "");
}

describe("rooms", () => {
  for (const file of files.filter((candidate) => !doors.includes(candidate))) {
    test(`${file} imports only from its own room or an earlier one`, () => {
      for (const specifier of importsOf(file).filter((name) => name.startsWith("."))) {
        const target = resolve(file, specifier);
        const [from, to] = [rooms.indexOf(roomOf(file)), rooms.indexOf(roomOf(target))];
        assert.ok(from >= 0 && to >= 0, `${file} or ${target} is in no room`);
        assert.ok(to <= from, `${file} (${roomOf(file)}) must not import ${target} (${roomOf(target)})`);
      }
    });
  }

  for (const room of ["chain", "verify", "policy"]) {
    test(`${room} has under twenty files`, () => {
      const inside = files.filter((file) => roomOf(file) === room);
      assert.ok(inside.length < 20, `${inside.length}`);
    });
  }

  test("there is a file in each", () => {
    const lived = new Set(files.filter((file) => !doors.includes(file)).map(roomOf));
    assert.deepEqual([...lived].sort(), rooms.toSorted());
  });

  test("nothing imports a door from inside", () => {
    for (const file of files) {
      for (const specifier of importsOf(file))
        assert.equal(doors.includes(resolve(file, specifier)), false, file);
    }
  });
});

/** The files that a door leads to, and the packages that they import. */
function reachedFrom(door: string): {
  readonly reached: ReadonlySet<string>;
  readonly outside: ReadonlySet<string>;
} {
  const reached = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const specifier of importsOf(file)) {
      if (specifier.startsWith(".")) visit(resolve(file, specifier));
      else outside.add(specifier);
    }
  };
  visit(door);
  return { reached, outside };
}

test("every file can be reached from a door: nothing lies about unused", () => {
  const reached = new Set(doors.flatMap((door) => [...reachedFrom(door).reached]));
  assert.deepEqual(
    files.filter((file) => !reached.has(file)),
    [],
  );
});

describe("what can be reached from index.ts", () => {
  const { reached, outside } = reachedFrom("index.ts");

  test("is portable: no module of a runtime, and no package but the declared ones", () => {
    const manifest = JSON.parse(readFileSync(join(src, "../package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const packages = [...outside].map((specifier) => specifier.split("/").slice(0, 2).join("/"));
    assert.deepEqual(
      [...new Set(packages)].filter((name) => !(name in manifest.dependencies)),
      [],
    );
    assert.ok([...outside].every((specifier) => !specifier.startsWith("node:")));
  });

  test("names no global of a runtime or of its clock", () => {
    for (const file of reached) {
      const code = readFileSync(join(src, file), "utf8").replace(/\/\*.*?\*\/|\/\/[^\n]*/gs, "");
      assert.doesNotMatch(
        code,
        /\b(?:process|Buffer|Deno|Bun|require|console)\b\s*[.(]|Date\.now|new Date\(\)/,
        file,
      );
    }
  });
});

describe("one door to each dependency", () => {
  const importers = (specifier: RegExp) =>
    files.filter((file) => importsOf(file).some((name) => specifier.test(name)));

  test("the schema parser is called in der/decode.ts alone", () => {
    assert.deepEqual(importers(/^@peculiar\/asn1-schema$/), ["der/decode.ts"]);
  });

  test("archives are inflated in containers/zip.ts alone", () => {
    assert.deepEqual(importers(/^fflate$/), ["containers/zip.ts"]);
  });

  test("noble's digests and curves come in through a file for each use", () => {
    assert.deepEqual(importers(/^@noble\//), [
      "bytes/digest.ts",
      "signatures/eddsa.ts",
      "signatures/portable-engine.ts",
    ]);
  });

  test("a runtime's own arithmetic is in signatures/node-engine.ts alone", () => {
    assert.deepEqual(importers(/^node:/), ["node.ts", "signatures/node-engine.ts"]);
  });
});
