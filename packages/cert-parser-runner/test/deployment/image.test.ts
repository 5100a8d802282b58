import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { settings } from "../../src/config/settings.ts";
import { packageManifest } from "../../src/main.ts";

// What only a build can show is for k8s/scripts/build-and-test.sh.
const root = join(import.meta.dirname, "../../../..");
const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8").replaceAll("\\\n", " ");
const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
const ignored = readFileSync(join(root, ".dockerignore"), "utf8");

/** What follows an instruction, each time that it stands there. */
function instructions(name: string, text: string): readonly string[] {
  return Array.from(text.matchAll(new RegExp(`^${name} +(.+)$`, "gm")), ([, rest = ""]) => rest.trim());
}

describe("the Dockerfile", () => {
  test("pulls one base, and ends with the image that has nothing else", () => {
    const bases = stages.map((stage) => instructions("FROM", stage)[0] ?? "");
    const names = bases.map((base) => base.split(" AS ")[1]);
    const strangers = bases.map((base) => base.split(" ")[0] ?? "").filter((base) => !names.includes(base));
    assert.deepEqual([...new Set(strangers)].sort(), ["$NODE_IMAGE", "scratch"]);
    assert.equal(bases.at(-1), "scratch AS distroless");
    assert.ok(bases.includes("$NODE_IMAGE AS slim"));
  });

  for (const [stage = ""] of stages
    .filter((text) => /^FROM .* AS (slim|distroless)/.test(text))
    .map((text) => [text])) {
    describe(instructions("FROM", stage)[0] ?? "", () => {
      test("runs a file that the build makes", () => {
        const [node, file = ""] = JSON.parse(instructions("ENTRYPOINT", stage)[0] ?? "");
        assert.equal(node, "/usr/local/bin/node");
        assertBuilt(file);
      });

      test("checks its health with one too", () => {
        const [, command = ""] = /CMD (\[.*\])/.exec(instructions("HEALTHCHECK", stage)[0] ?? "") ?? [];
        const [node, file = ""] = JSON.parse(command);
        assert.equal(node, "/usr/local/bin/node");
        assertBuilt(file);
      });

      test("exposes the port that the service listens on", () => {
        const port = settings.find(({ name }) => name === "PORT")?.default;
        assert.deepEqual(instructions("EXPOSE", stage), [port]);
      });

      test("runs as UID 1000, with the data directory on a volume", () => {
        assert.deepEqual(instructions("USER", stage), ["1000:1000"]);
        const [, directory] = /\bDATA_DIR=(\S+)/.exec(instructions("ENV", stage).join(" ")) ?? [];
        assert.ok(JSON.parse(instructions("VOLUME", stage)[0] ?? "").includes(directory));
      });

      test("has the version of the package", () => {
        assert.ok(instructions("ARG", stage).includes(`VERSION=${packageManifest.version}`));
      });
    });
  }

  test("differs between its two images only in what lies below", () => {
    const common = (stage: string) => stage.slice(stage.indexOf("\nUSER "), stage.lastIndexOf("\nLABEL"));
    const [slim = "", distroless = ""] = stages
      .slice(-2)
      .map((stage) => common(stage).replaceAll(/^#.*\n/gm, ""));
    assert.ok(slim.length > 300);
    assert.equal(slim, distroless);
  });

  test("copies only what is there and not ignored", () => {
    const copied = instructions("COPY", dockerfile)
      .filter((line) => !line.startsWith("--from"))
      .flatMap((line) => line.split(/\s+/).slice(0, -1))
      .filter((path) => path !== ".");
    assert.ok(copied.length >= 6);
    for (const path of copied) {
      assert.ok(existsSync(join(root, path)), path);
      assert.ok(ignored.includes(`\n!${path}\n`), `${path} is ignored`);
    }
  });
});

describe(".dockerignore", () => {
  test("lets in only what it names, and all of it is there", () => {
    const lines = ignored.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    assert.equal(lines[0], "*");
    const admitted = lines.filter((line) => line.startsWith("!")).map((line) => line.slice(1));
    for (const path of admitted) assert.ok(existsSync(join(root, path)), path);
  });

  test("keeps out keys and settings, after what it lets in", () => {
    for (const pattern of ["test-fixtures/files/keys", "**/.env", "**/.env.*", "**/*.pem", "**/*.key"]) {
      assert.ok(ignored.lastIndexOf(`\n${pattern}\n`) > ignored.lastIndexOf("\n!"), pattern);
    }
  });
});

/** `/app/…/dist/x.js` comes from `src/x.ts`. */
function assertBuilt(file: string): void {
  const source = file
    .replace(/^\/app\//, "")
    .replace("/dist/", "/src/")
    .replace(/\.js$/, ".ts");
  assert.ok(existsSync(join(root, source)), file);
}
