import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { settings } from "../../src/config/settings.ts";
import { commandNames, helpOf } from "./command-sections.ts";
import { documents, readDocument, renewDocument } from "./documents.ts";
import {
  configurationTexts,
  fileTexts,
  findingTexts,
  httpTexts,
  judgmentTexts,
  leniencyTexts,
  listenTexts,
  otherTexts,
  parserTexts,
  pipelineTexts,
  routeTexts,
  statusTexts,
  storeTexts,
} from "./error-texts.ts";
import { documentedRoutes } from "./http-sections.ts";
import { renewSections } from "./markdown.ts";

const packages = join(import.meta.dirname, "../../..");
const sources = ["cert-parser-core/src", "cert-parser-runner/src"].flatMap((directory) =>
  globSync("**/*.ts", { cwd: join(packages, directory) }).map((file) => ({
    file: `${directory}/${file}`,
    text: readFileSync(join(packages, directory, file), "utf8"),
  })),
);
const documentedCodes: ReadonlySet<string> = new Set(
  [
    configurationTexts,
    fileTexts,
    findingTexts,
    httpTexts,
    judgmentTexts,
    leniencyTexts,
    listenTexts,
    otherTexts,
    parserTexts,
    pipelineTexts,
    routeTexts,
    statusTexts,
    storeTexts,
  ].flatMap((texts) => Object.keys(texts)),
);

for (const file of Object.keys(documents)) {
  test(`${file} is in step with the code`, async () => {
    assert.equal(readDocument(file), await renewDocument(file), "npm run docs makes it anew");
  });
}

describe("marked sections", () => {
  const marked = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n";

  test("are made anew, and nothing else", async () => {
    assert.equal(
      await renewSections(marked, { x: () => "new\n" }, "f"),
      "a\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nb\n",
    );
  });

  test("must have their marks, and marks their section", async () => {
    await assert.rejects(renewSections(marked, { x: () => "", y: () => "" }, "f"), /f has no place for y/);
    await assert.rejects(renewSections(marked, {}, "f"), /f has marks for nothing: x/);
  });
});

describe("docs/errors.md", () => {
  test("has every code that the sources write", () => {
    // Names of the environment, and codes of Node, of PostgreSQL's driver and of OAuth, stand in quotes as well.
    const others = new Set<string>([...settings.map(({ name }) => name), ...foreignNames]);
    const written = sources.flatMap(({ file, text }) => [
      ...Array.from(text.matchAll(/["(]([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)[")]/g), ([, code = ""]) => ({
        file,
        code,
      })),
      ...Array.from(text.matchAll(/\b(?:code|error|reason): "([A-Z]+)"/g), ([, code = ""]) => ({
        file,
        code,
      })),
    ]);
    assert.ok(written.length > 200, `only ${written.length} were found`);
    const missing = written.filter(
      ({ code }) => !documentedCodes.has(code) && !others.has(code) && !foreignCode.test(code),
    );
    assert.deepEqual(missing, []);
  });

  test("has no code that the sources do not have", () => {
    const text = sources.map((source) => source.text).join("\n");
    // Those of HTTP are made from the number of the answer.
    const invented = [...documentedCodes].filter(
      (code) => !new RegExp(`["(]${code}[")]`).test(text) && !/^HTTP_[45]\d\d$/.test(code),
    );
    assert.deepEqual(invented, []);
  });

  test("says of each what to do, in whole sentences", () => {
    for (const texts of [
      configurationTexts,
      fileTexts,
      httpTexts,
      judgmentTexts,
      listenTexts,
      otherTexts,
      parserTexts,
      pipelineTexts,
      routeTexts,
      statusTexts,
      storeTexts,
    ]) {
      for (const [code, row] of Object.entries(texts)) {
        for (const cell of row.slice(-2)) assert.match(cell, /^[A-Z`].*[.?)]$/, code);
      }
    }
  });
});

test("docs/http.md has every route", () => {
  const routes = readFileSync(join(packages, "cert-parser-runner/src/http/routes.ts"), "utf8");
  const paths = Array.from(routes.matchAll(/routes\.(?:get|post)\("([^"]+)"/g), ([, path]) => path);
  assert.deepEqual(paths.sort(), [...documentedRoutes]);
  for (const path of documentedRoutes)
    assert.match(readDocument("docs/http.md"), new RegExp(`\`(GET|POST) ${path}\``));
});

test("docs/commands.md has every command", async () => {
  const names = commandNames(await helpOf([]));
  assert.deepEqual(
    globSync("*.ts", { cwd: join(packages, "cert-parser-runner/src/cli") })
      .map((file) => file.slice(0, -".ts".length))
      .filter((name) =>
        readFileSync(join(packages, `cert-parser-runner/src/cli/${name}.ts`), "utf8").includes(
          `.command("${name}")`,
        ),
      )
      .sort(),
    [...names].sort(),
  );
  for (const name of names) assert.ok(readDocument("docs/commands.md").includes(`\n## ${name}\n`), name);
});

const foreignNames = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS"];
const foreignCode = /^(E[A-Z]+(_[A-Z]+)*|ERR_\w+|ABORT_ERR)$/;
