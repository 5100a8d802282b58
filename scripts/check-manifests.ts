/**
 * `npm run check:manifests`: renders the base, each overlay and each example as `kubectl apply -k` would, checks every
 * document against the types of the Kubernetes API, and every pod against the restricted Pod Security Standard.
 *
 * It needs kubectl, but no cluster.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { CronJob } from "kubernetes-types/batch/v1.d.ts";
import {
  type Manifest,
  parseManifests,
  podTemplateOf,
  root,
} from "../packages/cert-parser-runner/test/deployment/manifest-files.ts";
import { restrictedViolations } from "../packages/cert-parser-runner/test/deployment/pod-security.ts";

/** Documents that belong together: what one command applies. */
interface Rendered {
  readonly name: string;
  readonly documents: readonly Manifest[];
}

if (spawnSync("kubectl", ["version", "--client"]).status !== 0) {
  console.error(
    "check:manifests needs kubectl 1.27 or later in PATH: it renders the manifests, no cluster is asked",
  );
  process.exit(1);
}

// Our manifests; the predecessor's are as they were, and apart.
const directories = globSync("k8s/**/kustomization.yaml", { cwd: root })
  .map(dirname)
  .filter((directory) => !directory.startsWith("k8s/examples/predecessor"))
  .sort();
const rendered: readonly Rendered[] = [
  ...directories.map((directory) => ({ name: directory, documents: render(directory) })),
  ...["k8s/ingress.yaml", "k8s/base/configmap.yaml"].map((file) => ({
    name: file,
    documents: parseManifests(readFileSync(join(root, file), "utf8")),
  })),
];
for (const { name, documents } of rendered) console.log(`${name}: ${documents.length} documents`);

checkOverlays();
checkPods();
checkTypes();

function render(directory: string): readonly Manifest[] {
  const { status, stdout, stderr } = spawnSync("kubectl", ["kustomize", directory], {
    cwd: root,
    encoding: "utf8",
  });
  // Fields that kustomize will drop are told there, with exit code 0.
  if (status !== 0 || stderr !== "") throw new Error(`kubectl kustomize ${directory}: ${stderr.trim()}`);
  return parseManifests(stdout);
}

/** What an overlay is for must be seen in what comes of it. */
function checkOverlays(): void {
  const documentsOf = (name: string) => rendered.find((each) => each.name === name)?.documents ?? [];
  const one = <T>(name: string, kind: string) => {
    const found = documentsOf(name).filter(
      (each) => each.kind === kind && /^cert-parser/.test(each.metadata.name),
    );
    assert.equal(found.length, 1, `${name}: ${found.length} of ${kind}`);
    return found[0] as T;
  };
  assert.deepEqual(documentsOf("k8s"), documentsOf("k8s/base"));
  for (const name of ["k8s", "k8s/overlays/production", "k8s/overlays/batch"]) {
    assert.ok(!documentsOf(name).some(({ kind }) => kind === "Secret"), `${name} brings a Secret`);
  }
  assert.equal(one<CronJob>("k8s/overlays/batch", "CronJob").spec?.suspend, false);
  assert.equal(one<Deployment>("k8s/overlays/batch", "Deployment").spec?.replicas, 0);
  const vault = one<Deployment>("k8s/examples/vault-agent", "Deployment").spec?.template.spec?.containers[0];
  assert.deepEqual(vault?.envFrom, [{ configMapRef: { name: "cert-parser-config" } }]);

  const images = documentsOf("k8s/overlays/local").flatMap((document) =>
    (podTemplateOf(document)?.spec?.containers ?? []).map(({ image }) => image),
  );
  assert.deepEqual([...new Set(images)].sort(), ["cert-parser-runner:local", "postgres:17-alpine"]);
}

function checkPods(): void {
  let pods = 0;
  for (const { name, documents } of rendered) {
    for (const document of documents) {
      const template = podTemplateOf(document);
      if (template === undefined) continue;
      assert.deepEqual(
        restrictedViolations(template),
        [],
        `${name}: ${document.kind} ${document.metadata.name}`,
      );
      pods++;
    }
  }
  assert.ok(pods > 0);
  console.log(`${pods} pod templates meet the restricted Pod Security Standard`);
}

/** Writes each document as a value that must satisfy its type, and lets the compiler say. */
function checkTypes(): void {
  // Below node_modules, so that the compiler finds the types, and git and the linter look away.
  const folder = join(root, "node_modules/.cert-parser-manifests");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });

  const untyped = new Set<string>();
  let typed = 0;
  const files = rendered.map(({ name, documents }, index) => {
    const lines = documents.flatMap((document) => {
      const module = typesOf(document);
      if (module === null) {
        untyped.add(`${document.kind} (${document.apiVersion})`);
        return [];
      }
      typed++;
      return [asTypeScript(document, module)];
    });
    const file = `rendered-${index}.ts`;
    writeFileSync(join(folder, file), `// ${name}\n${lines.join("\n")}\nexport {};\n`);
    return file;
  });
  assert.ok(typed > 0);

  // Were the types not found or the check asleep, this would be an error of its own.
  const watched = `({ apiVersion: "apps/v1", kind: "Deployment",
  // @ts-expect-error: no such field
  spec: { replica: 1 } }) satisfies import("kubernetes-types/apps/v1.d.ts").Deployment;
`;
  writeFileSync(join(folder, "watched.ts"), `${watched}export {};\n`);
  const options = {
    extends: "../../tsconfig.base.json",
    compilerOptions: { noEmit: true },
    files: [...files, "watched.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(options));

  const { status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", folder], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error("check:manifests: documents are not of their types; the lines above name each field");
    process.exit(1);
  }
  rmSync(folder, { recursive: true });
  console.log(`${typed} documents are of their types; without types here: ${[...untyped].sort().join(", ")}`);
}

/** The module of kubernetes-types for an API group, or null where it is none of Kubernetes' own. */
function typesOf({ apiVersion }: Manifest): string | null {
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  const path = `kubernetes-types/${group.replace(/\.k8s\.io$/, "")}/${version}.d.ts`;
  return existsSync(join(root, "node_modules", path)) ? path : null;
}

function asTypeScript(document: Manifest, module: string): string {
  return `(${JSON.stringify(document, null, 2)}) satisfies import("${module}").${document.kind};`;
}
