/**
 * The manifests of `k8s/`, as they stand in the files: what kustomize makes of them is for `npm run check:manifests`.
 *
 * @module
 */

import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { CronJob } from "kubernetes-types/batch/v1.d.ts";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.d.ts";
import { parseAllDocuments } from "yaml";

/** One document of a manifest: every kind has these. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
}

/** A document, and the file that it stands in. */
export interface FoundManifest {
  /** From the root of the repository. */
  readonly file: string;
  readonly manifest: Manifest;
}

/** The root of the repository. */
export const root = join(import.meta.dirname, "../../../..");

/**
 * Every document of every manifest, those of examples too. Not what kustomize alone reads, and not the predecessor's, which
 * are as they were.
 */
export const manifests: readonly FoundManifest[] = globSync("k8s/**/*.yaml", { cwd: root })
  .filter((file) => basename(file) !== "kustomization.yaml" && !file.startsWith("k8s/examples/predecessor/"))
  .sort()
  .flatMap((file) => readManifests(file).map((manifest) => ({ file, manifest })));

/** The documents of one file. Throws where it is no YAML. */
export function readManifests(file: string): readonly Manifest[] {
  return parseManifests(readFileSync(join(root, file), "utf8"));
}

/** The documents of a text. Throws where it is no YAML. */
export function parseManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).map((document) => {
    // What YAML only warns of, such as a key written twice, is wrong here too.
    const [flaw] = [...document.errors, ...document.warnings];
    if (flaw !== undefined) throw flaw;
    return document.toJS() as Manifest;
  });
}

/** The one document of that kind and name in a file below `k8s/`, as the type that its reader knows it to be. */
export function manifestOf<T>(file: string, kind: string, name = "cert-parser"): T {
  const path = `k8s/${file}`;
  const found = manifests.filter(
    ({ file, manifest }) => file === path && manifest.kind === kind && manifest.metadata.name === name,
  );
  assert.equal(found.length, 1, `${path} has ${found.length} documents of kind ${kind} named ${name}`);
  return found[0]?.manifest as T;
}

/** The pod template in a manifest, or undefined where its kind has none. */
export function podTemplateOf({ kind, spec }: Manifest): PodTemplateSpec | undefined {
  if (kind === "CronJob") return (spec as NonNullable<CronJob["spec"]>).jobTemplate.spec?.template;
  const workloads = ["DaemonSet", "Deployment", "Job", "ReplicaSet", "StatefulSet"];
  return workloads.includes(kind) ? (spec as { readonly template: PodTemplateSpec }).template : undefined;
}
