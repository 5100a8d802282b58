/**
 * The restricted Pod Security Standard, as Kubernetes publishes it, for Linux pods: each control of the levels baseline
 * and restricted by its name there.
 *
 * @module
 */

import type {
  Container,
  HTTPGetAction,
  PodSpec,
  PodTemplateSpec,
  SecurityContext,
  TCPSocketAction,
} from "kubernetes-types/core/v1.d.ts";

/** What in a pod breaks the standard: the control's name, and where. Empty when the pod may run. */
export function restrictedViolations({ metadata, spec }: PodTemplateSpec): readonly string[] {
  if (spec === undefined) return ["no pod"];
  const { containers, initContainers = [] } = spec;
  const ephemeral = (spec.ephemeralContainers ?? []) as readonly Container[];
  const all = [...containers, ...initContainers, ...ephemeral];
  return [
    ...podViolations(spec, metadata?.annotations ?? {}),
    ...all.flatMap((container) =>
      containerViolations(container, spec).map((control) => `${control}: ${container.name}`),
    ),
  ];
}

function podViolations(spec: PodSpec, annotations: Readonly<Record<string, string>>): readonly string[] {
  const context = spec.securityContext ?? {};
  return broken([
    ["HostProcess", context.windowsOptions?.hostProcess === true],
    ["Host Namespaces", [spec.hostNetwork, spec.hostPID, spec.hostIPC].includes(true)],
    ["HostPath Volumes", (spec.volumes ?? []).some(({ hostPath }) => hostPath !== undefined)],
    [
      "Volume Types",
      (spec.volumes ?? []).some((volume) => !Object.keys(volume).some((key) => allowedVolumes.has(key))),
    ],
    [
      "AppArmor",
      Object.entries(annotations).some(isForbiddenProfile) ||
        !isAllowedProfile((context as AppArmored).appArmorProfile),
    ],
    ["SELinux", !isAllowedSelinux(context.seLinuxOptions)],
    ["Sysctls", (context.sysctls ?? []).some(({ name }) => !safeSysctls.has(name))],
    ["Seccomp", !isAllowedProfile(context.seccompProfile)],
    ["Running as Non-root", context.runAsNonRoot === false],
    ["Running as Non-root user", context.runAsUser === 0],
  ]);
}

function containerViolations(container: Container, pod: PodSpec): readonly string[] {
  const context: SecurityContext = container.securityContext ?? {};
  const { add = [], drop = [] } = context.capabilities ?? {};
  const hooks = [container.lifecycle?.postStart, container.lifecycle?.preStop];
  const probes = [container.startupProbe, container.livenessProbe, container.readinessProbe];
  return broken([
    ["HostProcess", context.windowsOptions?.hostProcess === true],
    ["Privileged Containers", context.privileged === true],
    ["Host Ports", (container.ports ?? []).some(({ hostPort }) => (hostPort ?? 0) !== 0)],
    ["Host Probes / Lifecycle Hooks", [...probes, ...hooks].some(asksAnotherHost)],
    ["AppArmor", !isAllowedProfile((context as AppArmored).appArmorProfile)],
    ["SELinux", !isAllowedSelinux(context.seLinuxOptions)],
    ["/proc Mount Type", (context.procMount ?? "Default") !== "Default"],
    ["Privilege Escalation", context.allowPrivilegeEscalation !== false],
    ["Running as Non-root", (context.runAsNonRoot ?? pod.securityContext?.runAsNonRoot) !== true],
    ["Running as Non-root user", context.runAsUser === 0],
    [
      "Seccomp",
      !isAllowedProfile(context.seccompProfile) ||
        (context.seccompProfile ?? pod.securityContext?.seccompProfile) === undefined,
    ],
    ["Capabilities", !drop.includes("ALL") || add.some((capability) => capability !== "NET_BIND_SERVICE")],
  ]);
}

function broken(controls: readonly (readonly [name: string, broken: boolean])[]): readonly string[] {
  return controls.filter(([, isBroken]) => isBroken).map(([name]) => name);
}

/** Of seccomp and of AppArmor alike. */
function isAllowedProfile(profile: { readonly type: string } | undefined): boolean {
  return profile === undefined || ["RuntimeDefault", "Localhost"].includes(profile.type);
}

/** The form that AppArmor's profile had before it became a field. */
function isForbiddenProfile([name, value]: readonly [string, string]): boolean {
  return (
    name.startsWith("container.apparmor.security.beta.kubernetes.io/") &&
    value !== "runtime/default" &&
    !value.startsWith("localhost/")
  );
}

function isAllowedSelinux(
  options: { readonly type?: string; readonly user?: string; readonly role?: string } | undefined,
): boolean {
  if (options === undefined) return true;
  return selinuxTypes.has(options.type ?? "") && (options.user ?? "") === "" && (options.role ?? "") === "";
}

/** Asking another host than the pod itself is how a probe could be made to reach into the cluster. */
function asksAnotherHost(
  action: { readonly httpGet?: HTTPGetAction; readonly tcpSocket?: TCPSocketAction } | undefined,
): boolean {
  return (action?.httpGet?.host ?? "") !== "" || (action?.tcpSocket?.host ?? "") !== "";
}

/** A field since Kubernetes 1.30, which its types do not have yet. */
interface AppArmored {
  readonly appArmorProfile?: { readonly type: string };
}

// A volume is its name and one more key, which is its type.
const allowedVolumes = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);
const selinuxTypes = new Set([
  "",
  "container_t",
  "container_init_t",
  "container_kvm_t",
  "container_engine_t",
]);
const safeSysctls = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);
