import assert from "node:assert/strict";
import { basename } from "node:path";
import { describe, test } from "node:test";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { CronJob } from "kubernetes-types/batch/v1.d.ts";
import type { ConfigMap, PodSpec, Secret, Service, ServiceAccount } from "kubernetes-types/core/v1.d.ts";
import type { NetworkPolicy } from "kubernetes-types/networking/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import { manifestOf, manifests, parseManifests, podTemplateOf } from "./manifest-files.ts";

const deployment = manifestOf<Deployment>("base/deployment.yaml", "Deployment");
const cronJob = manifestOf<CronJob>("base/cronjob.yaml", "CronJob", "cert-parser-sync");
const pod = deployment.spec?.template.spec as PodSpec;
const batchPod = cronJob.spec?.jobTemplate.spec?.template.spec as PodSpec;
const [container] = pod.containers;
const [batchContainer] = batchPod.containers;
assert.ok(container && batchContainer);

describe("the Deployment", () => {
  test("replaces its one pod without a gap", () => {
    assert.equal(deployment.spec?.replicas, 1);
    assert.deepEqual(deployment.spec?.strategy, {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
    assert.equal(pod.terminationGracePeriodSeconds, 30);
  });

  test("allows five minutes for the start, and counts the start as progress for longer", () => {
    assert.partialDeepStrictEqual(container.startupProbe, { periodSeconds: 10, failureThreshold: 30 });
    assert.ok((deployment.spec?.progressDeadlineSeconds ?? 0) > 300);
  });

  test("asks whether it lives each 30 s, and whether it is ready each 10 s, three times", () => {
    assert.partialDeepStrictEqual(container.livenessProbe, { periodSeconds: 30, failureThreshold: 3 });
    assert.partialDeepStrictEqual(container.readinessProbe, { periodSeconds: 10, failureThreshold: 3 });
  });

  test("takes 202 of /ready for not ready, and no database for no reason to restart", () => {
    assert.equal(container.readinessProbe?.httpGet?.path, "/ready?strict");
    for (const probe of [container.startupProbe, container.livenessProbe]) {
      assert.equal(probe?.httpGet?.path, "/health");
    }
  });

  test("can be told by its labels from all other pods of the namespace", () => {
    const selected = deployment.spec?.selector.matchLabels ?? {};
    assert.deepEqual(
      manifests
        .filter(({ file }) => !file.includes("/examples/"))
        .filter(({ manifest }) => selects(selected, podTemplateOf(manifest)?.metadata?.labels))
        .map(({ file }) => file),
      ["k8s/base/deployment.yaml"],
    );
  });
});

describe("the pods of the service and of the batch form", () => {
  test("are the same but for their arguments, probes and ports", () => {
    assert.deepEqual(
      { ...container, startupProbe: 0, livenessProbe: 0, readinessProbe: 0, ports: 0, args: 0 },
      { ...batchContainer, startupProbe: 0, livenessProbe: 0, readinessProbe: 0, ports: 0, args: 0 },
    );
    assert.deepEqual(
      { ...pod, containers: 0, restartPolicy: 0 },
      { ...batchPod, containers: 0, restartPolicy: 0 },
    );
  });

  test("run as certparser, 1000:1000, and can write to two volumes only", () => {
    assert.partialDeepStrictEqual(pod.securityContext, { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 });
    assert.equal(container.securityContext?.readOnlyRootFilesystem, true);
    assert.deepEqual(
      container.volumeMounts?.map(({ mountPath }) => mountPath),
      ["/tmp", "/data"],
    );
    assert.ok(pod.volumes?.every(({ emptyDir }) => emptyDir?.sizeLimit !== undefined));
  });

  test("have no token for the Kubernetes API", () => {
    const account = manifestOf<ServiceAccount>("base/deployment.yaml", "ServiceAccount");
    assert.equal(account.automountServiceAccountToken, false);
    for (const { manifest, file } of manifests) {
      if (file.startsWith("k8s/examples/")) continue;
      const spec = podTemplateOf(manifest)?.spec;
      if (spec?.containers?.[0]?.image === undefined) continue;
      assert.equal(spec.automountServiceAccountToken, false, file);
    }
  });

  test("have limits, and ask for less than those", () => {
    assert.deepEqual(container.resources?.limits, { cpu: "500m", memory: "512Mi" });
    // What a run was measured to need, in MiB.
    assert.ok(Number.parseInt(container.resources?.requests?.memory ?? "", 10) > 150);
  });

  test("get the ConfigMap and the Secret as their environment", () => {
    assert.deepEqual(container.envFrom, [
      { configMapRef: { name: "cert-parser-config" } },
      { secretRef: { name: "cert-parser-secrets" } },
    ]);
    manifestOf<ConfigMap>("base/configmap.yaml", "ConfigMap", "cert-parser-config");
    manifestOf<Secret>("base/configmap.yaml", "Secret", "cert-parser-secrets");
  });
});

describe("the CronJob", () => {
  test("sleeps in the base, and never runs twice at a time", () => {
    assert.partialDeepStrictEqual(cronJob.spec, {
      suspend: true,
      concurrencyPolicy: "Forbid",
      timeZone: "Etc/UTC",
    });
  });

  test("ends by itself, gives up, and is cleared away", () => {
    const job = cronJob.spec?.jobTemplate.spec;
    assert.ok((job?.backoffLimit ?? 6) < 6);
    assert.ok((job?.activeDeadlineSeconds ?? 0) > 0);
    assert.ok((job?.ttlSecondsAfterFinished ?? 0) > 0);
    assert.equal(batchPod.restartPolicy, "Never");
  });

  test("does not try a wrong configuration again", () => {
    assert.partialDeepStrictEqual(cronJob.spec?.jobTemplate.spec?.podFailurePolicy?.rules[0], {
      action: "FailJob",
      onExitCodes: { containerName: batchContainer.name, operator: "In", values: [2] },
    });
  });
});

describe("the PodDisruptionBudget", () => {
  test("holds up no drain", () => {
    const { spec } = manifestOf<PodDisruptionBudget>("base/pdb-networkpolicy.yaml", "PodDisruptionBudget");
    assert.equal(spec?.minAvailable, 0);
    assert.equal(spec?.unhealthyPodEvictionPolicy, "AlwaysAllow");
    assert.deepEqual(spec?.selector, deployment.spec?.selector);
  });
});

describe("the Service", () => {
  test("leads to the pods, inside of the cluster only", () => {
    const { spec } = manifestOf<Service>("base/service.yaml", "Service");
    assert.equal(spec?.type, "ClusterIP");
    assert.deepEqual(spec?.selector, deployment.spec?.selector.matchLabels);
  });
});

describe("the NetworkPolicy", () => {
  const policy = manifestOf<NetworkPolicy>("base/pdb-networkpolicy.yaml", "NetworkPolicy");

  test("is about the service and the batch form, in both directions", () => {
    assert.deepEqual(policy.spec?.policyTypes, ["Ingress", "Egress"]);
    assert.deepEqual(policy.spec?.podSelector, {
      matchLabels: { "app.kubernetes.io/name": "cert-parser" },
      matchExpressions: [
        { key: "app.kubernetes.io/component", operator: "In", values: ["service", "batch"] },
      ],
    });
  });

  test("lets out to names, HTTPS and PostgreSQL, and nothing else", () => {
    const ports = policy.spec?.egress?.flatMap(({ ports = [] }) => ports) ?? [];
    assert.deepEqual(
      ports.map(({ protocol, port }) => `${port}/${protocol}`),
      ["53/UDP", "53/TCP", "443/TCP", "5432/TCP"],
    );
    // A rule without ports would let everything out.
    assert.ok(policy.spec?.egress?.every(({ ports = [] }) => ports.length > 0));
  });

  test("lets in Prometheus and pods of the namespace, to the one port", () => {
    assert.deepEqual(policy.spec?.ingress, [
      {
        from: [
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } } },
          { podSelector: {} },
        ],
        ports: [{ protocol: "TCP", port: "http" }],
      },
    ]);
  });
});

describe("the form for the Secret", () => {
  const form = manifestOf<Secret>("base/configmap.yaml", "Secret", "cert-parser-secrets");

  test("holds no secret", () => {
    assert.deepEqual([...new Set(Object.values(form.stringData ?? {}))].sort(), ["", "fill-in"]);
    assert.equal(form.data, undefined);
  });

  test("is not applied by kustomize: an upgrade would write it over the real one", () => {
    for (const { file, manifest } of manifests) {
      if (manifest.kind !== "Secret" || manifest.metadata.name !== "cert-parser-secrets") continue;
      assert.match(file, /^k8s\/(base\/configmap|overlays\/local\/secret)\.yaml$/);
    }
  });
});

describe("every manifest", () => {
  test("says what it is part of, in the namespace", () => {
    for (const { file, manifest } of manifests) {
      const { name, namespace, labels = {} } = manifest.metadata;
      const where = `${file}: ${manifest.kind} ${name}`;
      if (isPatch(file)) continue;
      // Where alerts go is for whoever runs Prometheus to say.
      if (!["Namespace", "PrometheusRule"].includes(manifest.kind)) {
        assert.equal(namespace, "cert-parser", where);
        assert.equal(labels["app.kubernetes.io/part-of"], "cert-parser", where);
      }
      assert.equal(labels["app.kubernetes.io/name"], "cert-parser", where);
      const component = labels["app.kubernetes.io/component"] ?? "service";
      assert.match(component, /^(service|batch|database|simulator|monitoring)$/, where);
    }
  });

  test("is refused where it says a thing twice", () => {
    assert.throws(() => parseManifests("kind: Service\nkind: Secret\n"), /unique/);
  });
});

/** Files that hold what an overlay or an example changes, not documents of their own. */
function isPatch(file: string): boolean {
  const patches = ["settings.yaml", "spread.yaml"];
  return patches.includes(basename(file)) || file === "k8s/examples/vault-agent/deployment.yaml";
}

/** Whether a selector finds a pod with these labels. */
function selects(
  selector: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> | undefined,
): boolean {
  return labels !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}
