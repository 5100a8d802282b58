import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";

const src = fileURLToPath(new URL("../src/", import.meta.url));

/** Adapters: none knows another. */
const rooms = ["config", "download", "store", "schedule", "http", "log", "simulate", "metrics"];
/** The composition root knows them all; the front door passes on what they export. */
const hallway = ["main.ts", "service.ts", "patient-store.ts", "stored-state.ts", "index.ts"];

/** What goes from one room to another all the same, and why. */
const passages: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: "download", to: "config/public-url.ts", why: "addresses in messages hide what the settings hide" },
  {
    from: "simulate",
    to: "http/serve.ts",
    why: "the simulator listens as the service does, on three runtimes",
  },
  {
    from: "cli",
    to: "log/colour.ts",
    why: "the command line has the terminal's colours as the log has them",
  },
  { from: "cli", to: "log/error-text.ts", why: "an unexpected error is told as the log tells causes" },
  {
    from: "cli",
    to: "log/events.ts",
    why: "the command line logs the events of its own life under listed names",
  },
  {
    from: "cli",
    to: "log/figures.ts",
    why: "counts, sizes and durations read alike in the log and beside it",
  },
  {
    from: "cli",
    to: "log/logger.ts",
    why: "the command line makes the logger, since it knows where output goes",
  },
  { from: "cli", to: "log/part-names.ts", why: "parts of a file are called alike in the log and beside it" },
  { from: "cli", to: "log/printable.ts", why: "text from outside is made harmless in one way" },
  {
    from: "cli",
    to: "log/sync-events.ts",
    why: "a failed run is told in the same words in the log and beside it",
  },
  { from: "cli", to: "store/judgment-json.ts", why: "documents tell of judgments as the store keeps them" },
  {
    from: "cli",
    to: "store/database/store-location.ts",
    why: "where the store is reads alike in the log and beside it",
  },
];

/** Types that go from one room to another: they leave no trace in the program. The command line may know all. */
const typePassages: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: "download", to: "config/configuration.ts", why: "the settings of the service, as they were read" },
];

/** The one room of each dependency, and the part of the tree behind it that loads only where it is needed. */
const doors: Readonly<Record<string, readonly string[]>> = {
  "@electric-sql/pglite": ["store"],
  "@hono/node-server": ["http"],
  "@slonik/driver": ["store"],
  "@slonik/pg-driver": ["store"],
  "cert-parser-fixtures": ["simulate"],
  commander: ["cli"],
  consola: ["log"],
  croner: ["schedule"],
  hono: ["http", "simulate"],
  ky: ["download"],
  "prom-client": ["metrics"],
  slonik: ["store"],
  valibot: ["config", "store"],
};

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((file) => file.split(sep).join("/"))
  .filter((file) => file.endsWith(".ts"))
  .sort();

/** What a file imports or passes on, in any of the forms that there are. */
function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(src, file), "utf8");
  const statements = /^(?:import|export)\s+(type\s+)?([^;"]*?)from\s+"([^"]+)"|\bimport\(?\s*"([^"]+)"/gm;
  return Array.from(text.matchAll(statements), ([, type, clause = "", from, bare]) => ({
    specifier: from ?? bare ?? "",
    typeOnly: type !== undefined || namesOnlyTypes(clause),
  }));
}

/** `{ type A, type B }` */
function namesOnlyTypes(clause: string): boolean {
  const names = /^\{([^}]*)\}\s*$/.exec(clause)?.[1]?.split(",") ?? [];
  const written = names.map((name) => name.trim()).filter((name) => name !== "");
  return written.length > 0 && written.every((name) => name.startsWith("type "));
}

/** Where a relative import leads, as a path from `src`. */
function resolve(file: string, specifier: string): string {
  return relative(src, join(src, dirname(file), specifier))
    .split(sep)
    .join("/");
}

/** The room of a file; one that stands in no room is its own. */
function roomOf(file: string): string {
  if (file === "cli.ts") return "cli";
  return file.split("/")[0] ?? "";
}

/** Every import that leads out of its room, with the room's leave or without. */
function crossings(): readonly { file: string; from: string; to: string; typeOnly: boolean }[] {
  return files
    .filter((file) => !hallway.includes(file))
    .flatMap((file) =>
      importsOf(file)
        .filter(({ specifier }) => specifier.startsWith("."))
        .map(({ specifier, typeOnly }) => ({
          file,
          from: roomOf(file),
          to: resolve(file, specifier),
          typeOnly,
        }))
        .filter(({ from, to }) => from !== roomOf(to)),
    );
}

/** Packages that a file imports, without their paths: `hono/secure-headers` is `hono`. */
function packagesOf(file: string): readonly string[] {
  return importsOf(file)
    .map(({ specifier }) => specifier)
    .filter((specifier) => !specifier.startsWith(".") && !specifier.startsWith("node:"))
    .map((specifier) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/"));
}

describe("rooms", () => {
  test("there is a file in each, and no file in another", () => {
    const lived = new Set(files.filter((file) => !hallway.includes(file)).map(roomOf));
    assert.deepEqual([...lived].sort(), [...rooms, "cli"].sort());
  });

  for (const room of rooms) {
    test(`${room} does not know the others`, () => {
      const strays = crossings()
        .filter(({ from }) => from === room)
        .filter(({ from, to, typeOnly }) => {
          const open = typeOnly ? [...passages, ...typePassages] : passages;
          return !open.some((passage) => passage.from === from && passage.to === to);
        });
      assert.deepEqual(strays, []);
    });
  }

  test("cli maps flags onto main.ts and service.ts, and knows of the rooms only types", () => {
    const strays = crossings()
      .filter(({ from, typeOnly }) => from === "cli" && !typeOnly)
      .filter(({ to }) => to !== "main.ts" && to !== "service.ts")
      .filter(({ to }) => !passages.some((passage) => passage.from === "cli" && passage.to === to));
    assert.deepEqual(strays, []);
  });

  test("nothing imports the front door, and nothing below the command line imports that", () => {
    for (const file of files) {
      for (const { specifier } of importsOf(file).filter(({ specifier }) => specifier.startsWith("."))) {
        const to = resolve(file, specifier);
        assert.notEqual(to, "index.ts", file);
        if (roomOf(file) !== "cli") assert.notEqual(roomOf(to), "cli", file);
      }
    }
  });

  test("main.ts does not know service.ts: a run needs no schedule and no routes", () => {
    const targets = importsOf("main.ts").map(({ specifier }) => specifier);
    assert.equal(targets.includes("./service.ts"), false);
  });

  for (const { from, to, why } of [...passages, ...typePassages]) {
    test(`the passage from ${from} to ${to} is used: ${why}`, () => {
      assert.ok(crossings().some((crossing) => crossing.from === from && crossing.to === to));
    });
  }
});

describe("one door to each dependency", () => {
  for (const [name, allowed] of Object.entries(doors)) {
    test(`${name} comes in through ${allowed.join(" and ")} alone`, () => {
      const importers = files.filter((file) => packagesOf(file).includes(name));
      assert.deepEqual([...new Set(importers.map(roomOf))].sort(), allowed.toSorted());
    });
  }

  test("there is no other, and none is declared that nothing imports", () => {
    const manifest = JSON.parse(readFileSync(join(src, "../package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const imported = new Set(files.flatMap(packagesOf));
    imported.delete("cert-parser-core");
    assert.deepEqual([...imported].sort(), Object.keys(doors).sort());
    assert.deepEqual(
      Object.keys(manifest.dependencies).sort(),
      [...Object.keys(doors), "cert-parser-core"].sort(),
    );
  });
});

describe("the reader of imports", () => {
  test("tells types from values, over several lines too", () => {
    assert.equal(namesOnlyTypes("{ type A, type B }"), true);
    assert.equal(namesOnlyTypes("{\n  type A,\n  type B,\n} "), true);
    assert.equal(namesOnlyTypes("{ a, type B }"), false);
    assert.equal(namesOnlyTypes("{}"), false);
    assert.equal(namesOnlyTypes("* as v "), false);
  });

  test("finds the imports that are known to be there", () => {
    const found = importsOf("main.ts").map(({ specifier }) => specifier);
    assert.ok(found.includes("cert-parser-core"), "over several lines");
    assert.ok(found.includes("./store/store.ts"), "types and import() alike");
    assert.ok(importsOf("http/serve.ts").some(({ specifier }) => specifier === "@hono/node-server"));
  });
});
