/**
 * Changes to a good pod, each of which the restricted Pod Security Standard forbids.
 *
 * @module
 */

/** A change, and the control that it breaks, by the name that the standard gives it. */
export interface Tampering {
  readonly control: string;
  /** To the pod's spec. */
  readonly pod?: object;
  /** To its first container. */
  readonly container?: object;
  readonly annotations?: object;
}

/** Puts a change into a manifest: objects key by key, everything else as a whole, and null takes a key away. */
export function merge(into: object, change: object): void {
  const target = into as Record<string, unknown>;
  for (const [key, value] of Object.entries(change)) {
    const present = target[key];
    const deeper = isObject(value) && isObject(present);
    if (value === null) delete target[key];
    else if (deeper) merge(present, value);
    else target[key] = value;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** At least one for each control. */
export const tamperings: readonly Tampering[] = [
  { control: "HostProcess", pod: { securityContext: { windowsOptions: { hostProcess: true } } } },
  { control: "HostProcess", container: { securityContext: { windowsOptions: { hostProcess: true } } } },
  { control: "Host Namespaces", pod: { hostNetwork: true } },
  { control: "Host Namespaces", pod: { hostPID: true } },
  { control: "Host Namespaces", pod: { hostIPC: true } },
  { control: "Privileged Containers", container: { securityContext: { privileged: true } } },
  { control: "Capabilities", container: { securityContext: { capabilities: null } } },
  { control: "Capabilities", container: { securityContext: { capabilities: { drop: ["CHOWN"] } } } },
  { control: "Capabilities", container: { securityContext: { capabilities: { add: ["CHOWN"] } } } },
  { control: "HostPath Volumes", pod: { volumes: [{ name: "host", hostPath: { path: "/" } }] } },
  { control: "Volume Types", pod: { volumes: [{ name: "host", hostPath: { path: "/" } }] } },
  { control: "Volume Types", pod: { volumes: [{ name: "share", nfs: { server: "a", path: "/" } }] } },
  { control: "Host Ports", container: { ports: [{ containerPort: 8000, hostPort: 8000 }] } },
  {
    control: "Host Probes / Lifecycle Hooks",
    container: { livenessProbe: { httpGet: { host: "10.0.0.1" } } },
  },
  {
    control: "Host Probes / Lifecycle Hooks",
    container: { lifecycle: { preStop: { tcpSocket: { host: "10.0.0.1", port: 80 } } } },
  },
  { control: "AppArmor", pod: { securityContext: { appArmorProfile: { type: "Unconfined" } } } },
  { control: "AppArmor", container: { securityContext: { appArmorProfile: { type: "Unconfined" } } } },
  {
    control: "AppArmor",
    annotations: { "container.apparmor.security.beta.kubernetes.io/cert-parser": "unconfined" },
  },
  { control: "SELinux", pod: { securityContext: { seLinuxOptions: { type: "spc_t" } } } },
  { control: "SELinux", container: { securityContext: { seLinuxOptions: { user: "system_u" } } } },
  { control: "/proc Mount Type", container: { securityContext: { procMount: "Unmasked" } } },
  { control: "Sysctls", pod: { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } } },
  { control: "Seccomp", pod: { securityContext: { seccompProfile: null } } },
  { control: "Seccomp", pod: { securityContext: { seccompProfile: { type: "Unconfined" } } } },
  { control: "Seccomp", container: { securityContext: { seccompProfile: { type: "Unconfined" } } } },
  { control: "Privilege Escalation", container: { securityContext: { allowPrivilegeEscalation: null } } },
  { control: "Privilege Escalation", container: { securityContext: { allowPrivilegeEscalation: true } } },
  { control: "Running as Non-root", pod: { securityContext: { runAsNonRoot: null } } },
  { control: "Running as Non-root", container: { securityContext: { runAsNonRoot: false } } },
  { control: "Running as Non-root user", pod: { securityContext: { runAsUser: 0 } } },
  { control: "Running as Non-root user", container: { securityContext: { runAsUser: 0 } } },
];
