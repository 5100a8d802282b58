import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, test } from "node:test";
import {
  blockMarks,
  type CommandBlock,
  commandBlocks,
  operatorDocuments,
  readDocument,
  root,
} from "../../../../scripts/document-blocks.ts";
import { spellings } from "../../src/config/setting-spellings.ts";
import { pipelineTexts } from "../documents/error-texts.ts";
import { readRules } from "../metrics/rules.ts";
import { manifests } from "./manifest-files.ts";

const deployment = "k8s/DEPLOYMENT.md";
const blocks = operatorDocuments().flatMap((document) => commandBlocks(document));
// Beside our own: one of Node, and one of psql.
const settingNames = new Set([
  ...spellings.map(({ spelled }) => spelled),
  "NODE_EXTRA_CA_CERTS",
  "ON_ERROR_STOP",
]);

describe("the commands of the documents", () => {
  for (const block of blocks) {
    test(`${block.document}:${block.line} can be followed`, () => {
      assert.ok(Object.keys(blockMarks).includes(block.mark), `no mark, or an unknown one: ${block.mark}`);
      if (block.mark === "later") assert.match(block.commands, /^\s*# \w/, "does not say why it is not run");
      if (block.shows.length > 0) assert.equal(block.mark, "run", "nobody looks at what it shows");
      assert.deepEqual(strangers(block), []);
    });
  }

  test("of the deployment are mostly run", () => {
    const own = blocks.filter(({ document }) => document === deployment);
    assert.ok(own.filter(({ mark }) => mark === "run").length >= 15);
    assert.ok(own.flatMap(({ shows }) => shows).length >= 10);
  });

  test("name npm scripts that exist", () => {
    const scripts = new Set(
      ["package.json", "test-fixtures/package.json"].flatMap((file) =>
        Object.keys(JSON.parse(readFileSync(join(root, file), "utf8")).scripts),
      ),
    );
    const named = operatorDocuments().flatMap((document) =>
      found(readDocument(document), /npm run ([\w:-]+)/g),
    );
    assert.ok(named.length >= 10);
    assert.deepEqual(
      named.filter((name) => !scripts.has(name)),
      [],
    );
  });
});

describe("the check of the commands", () => {
  const base = { document: deployment, line: 1, mark: "cluster", shows: [] };
  const wrong: Readonly<Record<string, string>> = {
    "a file that is not there": "bash k8s/scripts/no-such.sh",
    "a directory without a kustomization": "kubectl apply -k k8s/scripts",
    "a resource that no manifest has": "kubectl -n cert-parser scale deployment/cert-passer",
    "a Secret that no manifest has": "kubectl -n cert-parser get secret cert-parser-secret",
    "a command without its namespace": "kubectl get pods",
    "a setting that is none": 'psql "$DATABASE_DNS"',
    "a setting that is none, given": "MAX_REMOVED_PERCENTS=1 npx cert-parser-runner sync",
    "a command that the runner has not": "npx cert-parser-runner synchronise",
  };
  for (const [name, commands] of Object.entries(wrong)) {
    test(`finds ${name}`, () => {
      assert.equal(strangers({ ...base, commands: `${commands}\n` }).length, 1);
    });
  }

  test("reads blocks, their marks, and what they show", () => {
    const text =
      "a\n\n```sh run\nx\n```\n<!-- shows: y -->\n<!-- shows: z -->\n\n- b\n\n  ```sh\n  v\n  ```\n\n```text\nw\n```\n";
    assert.deepEqual(commandBlocks("d.md", text), [
      { document: "d.md", line: 4, mark: "run", commands: "x\n", shows: ["y", "z"] },
      { document: "d.md", line: 12, mark: "", commands: "  v\n", shows: [] },
    ]);
  });
});

describe("k8s/DEPLOYMENT.md", () => {
  const text = readDocument(deployment);
  const headings = new Set(found(text, /^### (.+)$/gm));

  for (const code of Object.keys(pipelineTexts)) {
    test(`has a runbook for ${code}`, () => assert.ok(headings.has(code)));
  }

  for (const { alert } of readRules().spec.groups.flatMap(({ rules }) => rules)) {
    test(`leads from ${alert} to its runbook`, () => {
      assert.ok(text.includes(`| [${alert}](../docs/metrics.md#${alert.toLowerCase()}) |`));
    });
  }

  test("starts the program in the image from where it is", () => {
    const programs = found(text, /\s(\/(?:usr|app)\/\S+)/g);
    const image = readFileSync(join(root, "Dockerfile"), "utf8");
    assert.equal(programs.length, 2);
    for (const program of programs) assert.match(image, new RegExp(`^ENTRYPOINT .*"${program}"`, "m"));
  });

  test("names only settings and codes that exist", () => {
    const codes = new Set(found(readDocument("docs/errors.md"), /^\| `([A-Z0-9_]+)` \|/gm));
    const named = found(text, /`([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])`/g);
    assert.ok(named.length > 50);
    const known = (name: string) =>
      settingNames.has(name) || codes.has(name) || /^HTTP_[1-5]\d\d$|^NAME_FILE$/.test(name);
    assert.deepEqual(
      named.filter((name) => !known(name)),
      [],
    );
  });
});

describe("links between documents", () => {
  const files = ["*.md", "docs/*.md", "k8s/**/*.md", "packages/*/README.md", "test-fixtures/README.md"]
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .sort();
  for (const file of files) {
    test(`of ${file} lead somewhere`, () => {
      const links = found(withoutCode(readDocument(file)), /\]\(([^)\s]+)\)/g);
      const broken = links.filter((link) => !/^(https?|mailto):/.test(link) && !leadsSomewhere(file, link));
      assert.deepEqual(broken, []);
    });
  }
});

/** What a block names and the repository does not have. */
function strangers({ document, commands }: CommandBlock): readonly string[] {
  return [
    ...found(
      commands,
      /(?<![\w/.$-])((?:k8s|docs|scripts|systemd|packages)\/[\w./-]*\w|compose\.yaml)/g,
    ).filter((path) => !existsSync(join(root, path))),
    ...found(commands, /kubectl (?:apply|diff|kustomize) (?:-k )?(k8s\/\S+)/g)
      .filter((path) => existsSync(join(root, path)))
      .filter((path) => !existsSync(join(root, path, "kustomization.yaml"))),
    ...found(commands, /\$\{?([A-Z][A-Z0-9_]*)/g).filter((name) => !settingNames.has(name)),
    ...found(commands, /(?:^|\s|--from-file=)([A-Z][A-Z0-9_]*_[A-Z0-9_]*)(?==|-?$|\s)/gm).filter(
      (name) => !settingNames.has(name),
    ),
    ...found(commands, /(?<!docker tag )cert-parser-runner(?::[\w.]+)? ([a-z][a-z-]*)/g).filter(
      (name) => !readDocument("docs/commands.md").includes(`\n## ${name}\n`),
    ),
    ...(document === deployment ? strangeResources(commands) : []),
  ];
}

/** The predecessor's migration has a Deployment of its own, outside of our namespace. */
function strangeResources(commands: string): readonly string[] {
  const made = new Set(found(commands, /create job ([\w-]+)/g).map((name) => `job/${name}`));
  const named = [
    ...found(commands, /\b((?:deployment|cronjob|job|service|secret|configmap)\/[\w-]+)/g),
    ...found(commands, /get secret ([\w-]+)/g).map((name) => `secret/${name}`),
  ];
  const has = (resource: string) =>
    manifests.some(
      ({ manifest: { kind, metadata } }) => `${kind.toLowerCase()}/${metadata.name}` === resource,
    );
  return [
    ...named.filter((resource) => !made.has(resource) && !has(resource)),
    ...found(commands, /(kubectl (?!-n cert-parser |apply |diff |kustomize )[^\n]*)/g),
  ];
}

function found(text: string, pattern: RegExp): readonly string[] {
  return Array.from(text.matchAll(pattern), ([, group = ""]) => group);
}

function withoutCode(text: string): string {
  return text.replace(/^( *)```[\s\S]*?^\1```$/gm, "");
}

function leadsSomewhere(file: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : join(dirname(file), decodeURI(path));
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** As GitHub makes them of headings. */
function anchorsOf(file: string): readonly string[] {
  return found(withoutCode(readDocument(file)), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
