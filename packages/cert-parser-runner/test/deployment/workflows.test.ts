import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { parse } from "yaml";

const root = join(import.meta.dirname, "../../../..");
const directory = join(root, ".github/workflows");
const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly uses?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly "timeout-minutes"?: number;
  readonly "runs-on"?: string;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const workflows = readdirSync(directory).map((file) => {
  const text = readFileSync(join(directory, file), "utf8");
  return { file, text, workflow: parse(text, { strict: true, uniqueKeys: true }) as Workflow };
});
const commands = workflows.map(({ workflow }) => runsOf(workflow).join("\n")).join("\n");

/** What a job may write, and everything else it may only read. */
const writes: Readonly<Record<string, readonly string[]>> = {
  "release.yaml npm": ["id-token"],
  "release.yaml image": ["attestations", "id-token", "packages"],
};

test("there are the three workflows", () => {
  assert.deepEqual(workflows.map(({ file }) => file).sort(), ["image.yaml", "release.yaml", "test.yaml"]);
});

for (const { file, text, workflow } of workflows) {
  describe(file, () => {
    const jobs = Object.entries(workflow.jobs);

    test("pins every action to a commit, with its version behind", () => {
      const used = Array.from(text.matchAll(/^\s*(?:- )?uses: (.+)$/gm), ([, use = ""]) => use);
      assert.equal(used.length, jobs.flatMap(([, job]) => usesOf(job)).length);
      for (const use of used) {
        if (use.startsWith("./")) assert.ok(existsSync(join(root, use)), use);
        else assert.match(use, /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });

    test("gives no right to the workflow, and to each job those that it needs", () => {
      assert.deepEqual(workflow.permissions, {});
      for (const [name, { permissions = {} }] of jobs) {
        const { contents, ...others } = permissions;
        assert.equal(contents, "read", name);
        assert.deepEqual(Object.keys(others).sort(), writes[`${file} ${name}`] ?? [], name);
      }
    });

    test("keeps no credentials in the clone, and runs nothing for ever", () => {
      for (const [name, job] of jobs) {
        if (job.uses !== undefined) continue;
        assert.ok((job["timeout-minutes"] ?? 361) <= 30, name);
        assert.match(job["runs-on"] ?? "", /^ubuntu-\d\d\.\d\d$/, name);
        const checkouts = (job.steps ?? []).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
        assert.equal(checkouts.length, 1, name);
        assert.equal(checkouts[0]?.with?.["persist-credentials"], false, name);
      }
    });

    test("puts nothing from outside into a shell", () => {
      for (const run of runsOf(workflow)) assert.doesNotMatch(run, /\$\{\{/);
      // It would hand the secrets of the repository to a stranger's code.
      assert.ok(!("pull_request_target" in workflow.on));
    });

    test("calls what there is", () => {
      const run = runsOf(workflow).join("\n");
      for (const [, name = ""] of run.matchAll(/\bnpm run ([\w:-]+)/g)) assert.ok(name in scripts, name);
      for (const [path] of run.matchAll(/\bk8s\/scripts\/[\w.-]+/g)) {
        assert.ok(statSync(join(root, path)).mode & 0o100, `${path} cannot be run`);
      }
      for (const [path] of run.matchAll(/\b(?:packages\/[\w-]+|test-fixtures)\b/g)) {
        assert.ok(existsSync(join(root, path, "package.json")), path);
      }
    });
  });
}

test("one action has one version everywhere", () => {
  const pins = new Map<string, Set<string>>();
  for (const [, name = "", version = ""] of workflows
    .map(({ text }) => text)
    .join("\n")
    .matchAll(/uses: ([\w./-]+)@([0-9a-f]{40} # \S+)/g)) {
    pins.set(name, (pins.get(name) ?? new Set()).add(version));
  }
  assert.ok(pins.size >= 6);
  for (const [name, versions] of pins) assert.equal(versions.size, 1, name);
});

test("the workflows leave out nothing that .ci/run does", () => {
  const local = readFileSync(join(root, ".ci/run"), "utf8").replaceAll(/^\s*#.*$/gm, "");
  const parts = Array.from(
    local.matchAll(/\bnpm (?:test|run [\w:-]+)|^shellcheck .+|\bk8s\/scripts\/[\w.-]+/gm),
    ([part]) => part,
  );
  assert.ok(parts.length >= 5);
  assert.deepEqual(
    [...new Set(parts)].filter((part) => !commands.split(/\s*\n\s*/).some((line) => line.startsWith(part))),
    [],
  );
});

test("the release publishes every package that is not private", () => {
  const { workspaces } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const published = workspaces.filter(
    (path: string) => JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")).private !== true,
  );
  for (const path of published) assert.ok(commands.includes(path), path);
  assert.equal(published.length, 3);
});

test("the release gives the image only arguments that its Dockerfile takes", () => {
  const release = workflows.find(({ file }) => file === "release.yaml");
  const build = release?.workflow.jobs.image?.steps?.find(({ uses }) =>
    uses?.startsWith("docker/build-push-action@"),
  );
  const given = String(build?.with?.["build-args"])
    .trim()
    .split(/\n/)
    .map((line) => line.split("=")[0] ?? "");
  const dockerfile = readFileSync(join(root, "Dockerfile"), "utf8");
  assert.ok(given.length >= 5);
  for (const name of given) assert.match(dockerfile, new RegExp(`^ARG ${name}\\b`, "m"));
});

function usesOf(job: Job): readonly string[] {
  return [job.uses, ...(job.steps ?? []).map(({ uses }) => uses)].filter((use) => use !== undefined);
}

function runsOf({ jobs }: Workflow): readonly string[] {
  return Object.values(jobs).flatMap(({ steps = [] }) => steps.flatMap(({ run }) => run ?? []));
}
