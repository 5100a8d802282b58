import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { PodSpec, PodTemplateSpec } from "kubernetes-types/core/v1.d.ts";
import { manifestOf, manifests, podTemplateOf } from "./manifest-files.ts";
import { restrictedViolations } from "./pod-security.ts";
import { merge, tamperings } from "./tampering.ts";

const templates = manifests.flatMap(({ file, manifest }) => {
  const template = podTemplateOf(manifest);
  return template === undefined ? [] : [{ file, manifest, template }];
});

describe("the restricted Pod Security Standard", () => {
  test("is enforced in the namespace, and audited and warned of", () => {
    const { labels = {} } = manifestOf<(typeof manifests)[0]["manifest"]>(
      "base/namespace.yaml",
      "Namespace",
    ).metadata;
    for (const mode of ["enforce", "audit", "warn"]) {
      assert.equal(labels[`pod-security.kubernetes.io/${mode}`], "restricted");
    }
  });

  test("is met by every pod there is", () => {
    assert.ok(templates.length >= 4);
    for (const { file, manifest, template } of templates) {
      // A patch says only what it changes: check:manifests looks at what comes of it.
      if (template.spec?.containers?.every(({ image }) => image !== undefined) !== true) continue;
      assert.deepEqual(restrictedViolations(template), [], `${file}: ${manifest.metadata.name}`);
    }
  });

  for (const { control, pod = {}, container = {}, annotations = {} } of tamperings) {
    test(`would refuse for ${control} a pod with ${JSON.stringify({ ...annotations, ...pod, ...container })}`, () => {
      const template = structuredClone(goodTemplate());
      assert.deepEqual(restrictedViolations(template), []);
      merge(template, { metadata: { annotations }, spec: pod });
      merge(template.spec.containers[0] ?? {}, container);
      const names = restrictedViolations(template).map((violation) => violation.split(": ")[0]);
      assert.ok(names.includes(control), `found only: ${names.join(", ")}`);
    });
  }

  test("holds for init containers as for others", () => {
    const template = structuredClone(goodTemplate());
    template.spec.initContainers = [{ name: "first", image: "first" }];
    assert.ok(restrictedViolations(template).includes("Privilege Escalation: first"));
  });

  test("takes what a container says for itself over what its pod says", () => {
    const template = structuredClone(goodTemplate());
    const [container] = template.spec.containers;
    assert.ok(container?.securityContext && template.spec.securityContext);
    delete template.spec.securityContext.runAsNonRoot;
    delete template.spec.securityContext.seccompProfile;
    container.securityContext.runAsNonRoot = true;
    container.securityContext.seccompProfile = { type: "RuntimeDefault" };
    assert.deepEqual(restrictedViolations(template), []);
  });
});

function goodTemplate(): PodTemplateSpec & { spec: PodSpec } {
  const template = podTemplateOf(manifestOf("base/deployment.yaml", "Deployment"));
  assert.ok(template?.spec);
  return template as PodTemplateSpec & { spec: PodSpec };
}
