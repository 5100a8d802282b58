import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { CronJob } from "kubernetes-types/batch/v1.d.ts";
import type { ConfigMap, PodSpec, Probe, Secret, Service } from "kubernetes-types/core/v1.d.ts";
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1.d.ts";
import { parse } from "yaml";
import { canonicalName } from "../../src/config/setting-spellings.ts";
import { settings } from "../../src/config/settings.ts";
import { createRoutes } from "../../src/http/routes.ts";
import type { ServiceView } from "../../src/http/service-view.ts";
import { packageManifest, readConfiguration } from "../../src/main.ts";
import { simulatorPaths } from "../../src/simulate/simulator-app.ts";
import { simulatorCredentials } from "../../src/simulate/simulator-credentials.ts";
import { startCli } from "../cli/run-cli.ts";
import { type Manifest, manifestOf, manifests, podTemplateOf, root } from "./manifest-files.ts";

const deployment = manifestOf<Deployment>("base/deployment.yaml", "Deployment");
const config = manifestOf<ConfigMap>("base/configmap.yaml", "ConfigMap", "cert-parser-config");
const form = manifestOf<Secret>("base/configmap.yaml", "Secret", "cert-parser-secrets");
const localConfig = manifestOf<ConfigMap>("overlays/local/settings.yaml", "ConfigMap", "cert-parser-config");
const localSecret = manifestOf<Secret>("overlays/local/secret.yaml", "Secret", "cert-parser-secrets");
const podSpec = deployment.spec?.template.spec as PodSpec;
const [container] = podSpec.containers;
assert.ok(container);

/** Variables that Node itself reads, and that pass through. */
const ofTheRuntime = new Set([
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "NODE_ENV",
  "NODE_EXTRA_CA_CERTS",
  "NODE_OPTIONS",
]);

/** A service at rest whose store is good. */
const view: ServiceView = {
  name: "cert-parser-runner",
  version: packageManifest.version,
  signaturesVerified: true,
  schedulerRunning: () => true,
  eventLoopLagMs: () => 0,
  nextRun: () => null,
  currentRun: () => null,
  lastRun: () => null,
  stored: async () => ({
    lists: [{ source: "icao-masterlist", acceptedAt: new Date(), signingTime: null }],
    lastRun: null,
    counts: { certificates: 1, countries: 1, crls: 0, revoked: 0, rejections: 0 },
    trust: {
      unapprovedPins: 0,
      unverifiedCertificates: 0,
      unsignedCertificates: 0,
      refusedBundles: 0,
      pendingBundles: 0,
      lastRollover: null,
    },
  }),
  trigger: () => null,
  metrics: async () => ({ contentType: "text/plain", text: "" }),
};

describe("variables", () => {
  for (const { file, manifest } of manifests) {
    const names = variablesOf(manifest);
    if (names.length === 0) continue;
    test(`of ${manifest.kind} ${manifest.metadata.name} in ${file} are settings`, () => {
      for (const name of names) assertIsSetting(name);
    });
  }

  test("that are secret stand in the Secret, all others in the ConfigMap", () => {
    const isSecret = (name: string) => settings.some((setting) => setting.name === name && setting.secret);
    assert.deepEqual(Object.keys(config.data ?? {}).filter(isSecret), []);
    assert.deepEqual(
      Object.keys(form.stringData ?? {}).filter((name) => !isSecret(name)),
      [],
    );
  });

  test("of the ConfigMap have their default, but for the data directory", () => {
    const given = Object.entries(config.data ?? {}).filter(([, value]) => value !== "");
    assert.deepEqual(
      Object.fromEntries(given),
      Object.fromEntries(
        given.map(([name]) => [
          name,
          name === "DATA_DIR" ? "/data" : settings.find((setting) => setting.name === name)?.default,
        ]),
      ),
    );
    assert.ok(container.volumeMounts?.some(({ mountPath }) => mountPath === config.data?.DATA_DIR));
  });

  test("of the base, unfilled, are refused, and each of those to fill in is named", () => {
    const read = readConfiguration({ ...config.data, ...form.stringData });
    assert.ok(!read.ok);
    assert.deepEqual(
      read.error.map(({ name }) => name),
      ["DATABASE_DSN"],
    );
    const begun = readConfiguration({ ...config.data, AUTH_URL: "https://identity.example/token" });
    assert.ok(!begun.ok);
    const empty = Object.entries({ ...config.data, ...form.stringData })
      .filter(([name, value]) => value === "" && /^(AUTH|LOGIN|DOWNLOAD)_/.test(name))
      .map(([name]) => name);
    assert.deepEqual(
      begun.error.map(({ name }) => name).sort(),
      empty.filter((name) => name !== "AUTH_URL").sort(),
    );
  });

  test("of each example are all that the form for the Secret asks for", () => {
    const asked = Object.keys(form.stringData ?? {}).sort();
    const made = manifests.filter(({ manifest }) => /^(Sealed|External)Secret$/.test(manifest.kind));
    assert.equal(made.length, 2);
    for (const { file, manifest } of made) assert.deepEqual([...variablesOf(manifest)].sort(), asked, file);

    const { metadata, spec } =
      manifestOf<Deployment>("examples/vault-agent/deployment.yaml", "Deployment").spec?.template ?? {};
    const env = spec?.containers[0]?.env ?? [];
    assert.deepEqual(
      env.map(({ name }) => name).sort(),
      asked.map((name) => `${name}_FILE`),
    );
    for (const { name, value } of env) {
      const secret = name.slice(0, -"_FILE".length);
      assert.equal(value, `/vault/secrets/${secret}`);
      const template = metadata?.annotations?.[`vault.hashicorp.com/agent-inject-template-${secret}`] ?? "";
      assert.ok(template.includes(`.Data.data.${secret} `), template);
      assert.ok(metadata?.annotations?.[`vault.hashicorp.com/agent-inject-secret-${secret}`]);
    }
  });

  test("of the local overlay are a configuration without a fault", () => {
    const read = readConfiguration({ ...config.data, ...localConfig.data, ...localSecret.stringData });
    assert.ok(read.ok, JSON.stringify(read));
    assert.equal(read.value.database.kind, "postgresql");
    assert.ok(read.value.service && read.value.triggerToken);
  });

  test("of systemd's unit are settings, and each secret that it loads is read", () => {
    const unit = readFileSync(join(root, "systemd/cert-parser-sync.service"), "utf8");
    const values = (key: string) =>
      Array.from(unit.matchAll(new RegExp(`^${key}=(.*)$`, "gm")), ([, v]) => v);
    const variables = values("Environment").map((line) => line?.split("=")[0] ?? "");
    for (const name of variables) assertIsSetting(name);
    const loaded = values("LoadCredential").map((line) => line?.split(":")[0]);
    assert.ok(loaded.length > 0);
    assert.deepEqual(
      variables.filter((name) => name.endsWith("_FILE")).map((name) => name.slice(0, -"_FILE".length)),
      loaded,
    );
  });

  test("of compose.yaml are settings", () => {
    const { services } = parse(readFileSync(join(root, "compose.yaml"), "utf8")) as Compose;
    const ours = Object.values(services).filter(({ image = "" }) => !image.startsWith("postgres"));
    const names = ours.flatMap(({ environment = {} }) =>
      Array.isArray(environment)
        ? environment.map((line: string) => line.split("=")[0] ?? "")
        : Object.keys(environment),
    );
    assert.ok(names.length > 0);
    for (const name of names) assertIsSetting(name);
  });
});

describe("ports", () => {
  const port = Number(settings.find(({ name }) => name === "PORT")?.default);

  test("are the default port in the container, the Service, the ConfigMap and the annotations", () => {
    assert.deepEqual(container.ports, [{ name: "http", containerPort: port }]);
    assert.equal(config.data?.PORT, String(port));
    assert.deepEqual(manifestOf<Service>("base/service.yaml", "Service").spec?.ports, [
      { name: "http", port, targetPort: "http" },
    ]);
    assert.equal(deployment.spec?.template.metadata?.annotations?.["prometheus.io/port"], String(port));
  });

  test("of probes are ports of the container that they ask", () => {
    const containers = manifests.flatMap(({ manifest }) => podTemplateOf(manifest)?.spec?.containers ?? []);
    const probed = containers.flatMap(({ ports = [], startupProbe, livenessProbe, readinessProbe }) =>
      [startupProbe, livenessProbe, readinessProbe].map((probe) => ({
        ports: ports.map(({ name }) => name),
        asked: (probe?.httpGet ?? probe?.tcpSocket)?.port,
      })),
    );
    const byPort = probed.filter(({ asked }) => asked !== undefined);
    assert.ok(byPort.length >= 5);
    for (const { ports, asked } of byPort) assert.ok(ports.includes(String(asked)), String(asked));
  });

  test("of the simulator are where the local overlay looks for it", () => {
    const file = "overlays/local/simulator.yaml";
    const simulator = manifestOf<Deployment>(file, "Deployment", "simulator").spec?.template.spec;
    const args = simulator?.containers[0]?.args ?? [];
    const simulated = Number(args[args.indexOf("--port") + 1]);
    assert.equal(simulator?.containers[0]?.ports?.[0]?.containerPort, simulated);
    const { spec } = manifestOf<Service>(file, "Service", "simulator");
    assert.equal(spec?.ports?.[0]?.port, simulated);
    for (const name of ["AUTH_URL", "LOGIN_URL", "DOWNLOAD_URL"]) {
      assert.equal(new URL(localConfig.data?.[name] ?? "").host, `simulator:${simulated}`);
    }
    const policy = manifestOf<NetworkPolicy>(file, "NetworkPolicy", "cert-parser-to-simulator");
    assert.deepEqual(policy.spec?.egress?.[0]?.ports, [{ protocol: "TCP", port: simulated }]);
  });

  test("of the local database are where its connection string leads", () => {
    const file = "overlays/local/postgresql.yaml";
    const url = new URL(localSecret.stringData?.DATABASE_DSN ?? "");
    const { spec } = manifestOf<Service>(file, "Service", "postgresql");
    const { stringData = {} } = manifestOf<Secret>(file, "Secret", "postgresql");
    assert.deepEqual(
      [url.hostname, url.port, url.username, url.password, url.pathname.slice(1)],
      [
        "postgresql",
        String(spec?.ports?.[0]?.port),
        stringData.POSTGRES_USER,
        stringData.POSTGRES_PASSWORD,
        stringData.POSTGRES_DB,
      ],
    );
  });
});

test("the PodMonitor finds the pods of the Deployment, and asks where their annotations say", () => {
  const { selector, podMetricsEndpoints } = manifestOf<PodMonitor>("pod-monitor.yaml", "PodMonitor").spec;
  assert.deepEqual(selector, deployment.spec?.selector);
  assert.deepEqual(podMetricsEndpoints, [
    {
      port: container.ports?.[0]?.name,
      path: deployment.spec?.template.metadata?.annotations?.["prometheus.io/path"],
    },
  ]);
});

describe("paths", () => {
  const routes = createRoutes(view, { rootPath: "/cert-parser" });
  const status = async (path: string) => (await routes(new Request(`http://127.0.0.1${path}`))).status;

  test("of probes and of Prometheus are routes", async () => {
    const probes: readonly (Probe | undefined)[] = [
      container.startupProbe,
      container.livenessProbe,
      container.readinessProbe,
    ];
    const paths = probes.map((probe) => probe?.httpGet?.path ?? "");
    const { annotations } = deployment.spec?.template.metadata ?? {};
    for (const path of [...paths, annotations?.["prometheus.io/path"] ?? ""]) {
      assert.equal(await status(path), 200, path);
    }
  });

  test("of the Ingress are routes below the ROOT_PATH that it names", async () => {
    const { spec } = manifestOf<Ingress>("ingress.yaml", "Ingress");
    const paths = spec?.rules?.flatMap(({ http }) => http?.paths ?? []) ?? [];
    assert.equal(paths.length, 3);
    for (const { path = "", backend } of paths) {
      assert.match(path, /^\/cert-parser\/\w+$/);
      assert.equal(await status(path), 200, path);
      assert.deepEqual(backend, { service: { name: "cert-parser", port: { name: "http" } } });
    }
  });

  test("of the simulator are those of the local overlay", () => {
    assert.deepEqual(
      ["AUTH_URL", "LOGIN_URL", "DOWNLOAD_URL"].map(
        (name) => new URL(localConfig.data?.[name] ?? "").pathname,
      ),
      [simulatorPaths.auth, simulatorPaths.login, simulatorPaths.download],
    );
  });
});

describe("what is run", () => {
  test("is the image of this version", () => {
    const images = manifests.flatMap(({ manifest }) =>
      (podTemplateOf(manifest)?.spec?.containers ?? []).map(({ image = "" }) => image),
    );
    const ours = images.filter((image) => image.startsWith("cert-parser-runner"));
    assert.ok(ours.length >= 3);
    for (const image of ours) {
      assert.match(image, new RegExp(`^cert-parser-runner:(${packageManifest.version}|local)$`));
    }
  });

  test("are commands of the runner", async () => {
    const cronJob = manifestOf<CronJob>("base/cronjob.yaml", "CronJob", "cert-parser-sync");
    const batch = cronJob.spec?.jobTemplate.spec?.template.spec?.containers[0]?.args ?? [];
    const simulator = manifestOf<Deployment>("overlays/local/simulator.yaml", "Deployment", "simulator");
    const simulate = simulator.spec?.template.spec?.containers[0]?.args ?? [];
    for (const args of [batch, simulate]) {
      const { code, stderr } = await startCli([...args, "--help"]).ended;
      assert.equal(code, 0, stderr);
    }
    assert.equal(container.args, undefined);
  });

  test("lets the simulator in with the credentials that it knows", () => {
    const { clientId, clientSecret, username, password } = simulatorCredentials;
    assert.partialDeepStrictEqual(localSecret.stringData, {
      AUTH_CLIENT_ID: clientId,
      AUTH_CLIENT_SECRET: clientSecret,
      AUTH_USERNAME: username,
      AUTH_PASSWORD: password,
    });
  });
});

describe("documents and scripts", () => {
  const files = globSync(["*.md", "docs/*.md", "k8s/*.md", "k8s/examples/**/*.md", "k8s/scripts/*.sh"], {
    cwd: root,
  });

  for (const file of files) {
    const text = readFileSync(join(root, file), "utf8");

    test(`${file} names only files of k8s/ and systemd/ that exist`, () => {
      // At the start of a word, so that /etc/systemd/ is none of ours; in scripts, below $root.
      const named = text.matchAll(/(?:(?<![\w/.-])|(?<=\$root\/))((?:k8s|systemd)\/[\w./-]*\w)/g);
      const paths = Array.from(named, ([, path = ""]) => path).filter((path) => !madeByScripts.has(path));
      for (const path of paths) assert.ok(existsSync(join(root, path)), path);
    });

    test(`${file} names only objects that exist`, () => {
      const kinds =
        "deployment|deploy|service|svc|configmap|secret|cronjob|pdb|networkpolicy|ingress|namespace";
      const named = text.matchAll(new RegExp(`\\b(${kinds})/([a-z][a-z0-9-]*[a-z0-9])\\b`, "g"));
      for (const [, , name = ""] of named) {
        assert.ok(
          manifests.some(({ manifest }) => manifest.metadata.name === name),
          name,
        );
      }
    });
  }
});

/** As far as it is ours: its types are the Prometheus Operator's. */
interface PodMonitor {
  readonly spec: { readonly selector: unknown; readonly podMetricsEndpoints: unknown };
}

/** A file that build-and-test.sh makes for a moment, to see that it does not get into the image. */
const madeByScripts = new Set(["k8s/secret.yaml"]);

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      { readonly image?: string; readonly environment?: Readonly<Record<string, string>> | readonly string[] }
    >
  >;
}

/** Names of the environment in a manifest: of a ConfigMap or Secret of ours, and of containers of ours. */
function variablesOf(manifest: Manifest): readonly string[] {
  const { kind, metadata, data = {}, stringData = {} } = manifest;
  if (/^cert-parser-(config|secrets)$/.test(metadata.name)) {
    const sealed = (manifest.spec as Sealed | undefined)?.encryptedData ?? {};
    const external = (manifest.spec as External | undefined)?.data ?? [];
    return [
      ...Object.keys({ ...data, ...stringData, ...sealed }),
      ...external.map(({ secretKey }) => secretKey),
    ];
  }
  if (kind === "Deployment" && metadata.name === "postgresql") return [];
  const containers = podTemplateOf(manifest)?.spec?.containers ?? [];
  return containers.flatMap(({ env = [] }) => env.map(({ name }) => name));
}

/** Of Sealed Secrets. */
interface Sealed {
  readonly encryptedData?: Readonly<Record<string, string>>;
}

/** Of the External Secrets Operator. */
interface External {
  readonly data?: readonly { readonly secretKey: string }[];
}

function assertIsSetting(name: string): void {
  const known = settings.some((setting) => setting.name === canonicalName(name));
  assert.ok(known || ofTheRuntime.has(name), `${name} is not a setting`);
}
