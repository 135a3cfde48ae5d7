import { containersOf, objectOf, podSpecOf, type Rule, title } from "./resource";

/** What holds for every pod. */

const restricted: Rule = {
  name: "restricted-pods",
  description: "Pods meet Pod Security level restricted, with a read-only root file system.",
  check(resource) {
    const spec = podSpecOf(resource);
    if (spec === undefined) return [];
    const where = title(resource);
    const pod = spec.securityContext;
    const problems = [
      ...(pod?.runAsNonRoot === true && (pod.runAsUser ?? 0) > 0
        ? []
        : [
            `${where} may run as root. Set frontendRunAsUser or backendRunAsUser to another number.`,
          ]),
      ...(pod?.seccompProfile?.type === "RuntimeDefault"
        ? []
        : [`${where} has no seccomp profile. Use podDefaults() of components/pod.ts.`]),
      ...(spec.hostNetwork === true || spec.hostPID === true || spec.hostIPC === true
        ? [
            `${where} shares the node's network or processes. Leave hostNetwork, hostPID and hostIPC out.`,
          ]
        : []),
      ...(spec.volumes ?? [])
        .filter(({ hostPath }) => hostPath !== undefined)
        .map(
          ({ name }) => `${where} mounts the node's folder ${name}. Use an emptyDir or a claim.`,
        ),
    ];
    for (const { name, securityContext: security } of containersOf(spec)) {
      if (
        security?.allowPrivilegeEscalation !== false ||
        !(security.capabilities?.drop ?? []).includes("ALL") ||
        security.privileged === true
      ) {
        problems.push(
          `${where}, container ${name}, keeps privileges. Use containerSecurity() of components/pod.ts.`,
        );
      }
      if (security?.readOnlyRootFilesystem !== true) {
        problems.push(
          `${where}, container ${name}, may write to its root file system. Set frontendReadOnlyRoot or backendReadOnlyRoot to true, and name its folders in …WritablePaths.`,
        );
      }
    }
    return problems;
  },
};

const noToken: Rule = {
  name: "no-service-account-token",
  description: "No pod gets a token of the cluster's API.",
  check(resource) {
    const spec = podSpecOf(resource);
    if (spec === undefined || spec.automountServiceAccountToken === false) return [];
    return [
      `${title(resource)} gets a token of the cluster's API. Set automountServiceAccountToken: false (podDefaults() does).`,
    ];
  },
};

const resources: Rule = {
  name: "resources-set",
  description: "Every container says what CPU and memory it requests, and its limits.",
  check(resource) {
    const spec = podSpecOf(resource);
    return (spec === undefined ? [] : containersOf(spec)).flatMap(
      ({ name, resources: amounts }) => {
        const missing = [
          ...["cpu", "memory"]
            .filter((what) => amounts?.requests?.[what] === undefined)
            .map((what) => `request of ${what}`),
          ...["cpu", "memory"]
            .filter((what) => amounts?.limits?.[what] === undefined)
            .map((what) => `limit of ${what}`),
        ];
        return missing.length === 0
          ? []
          : [
              `${title(resource)}, container ${name}, has no ${missing.join(", no ")}. Set …CpuRequest, …MemoryRequest, …CpuLimit and …MemoryLimit.`,
            ];
      },
    );
  },
};

const probes: Rule = {
  name: "probes",
  description: "Every server has a startup, a liveness and a readiness probe.",
  check(resource) {
    const served = objectOf(resource, "Deployment", "StatefulSet");
    const spec = served === undefined ? undefined : podSpecOf(resource);
    return (spec?.containers ?? []).flatMap((container) => {
      const missing = (["startupProbe", "livenessProbe", "readinessProbe"] as const).filter(
        (probe) => container[probe] === undefined,
      );
      return missing.length === 0
        ? []
        : [
            `${title(resource)}, container ${container.name}, has no ${missing.join(", no ")}: traffic would reach pods that are not ready. Add what is missing; applicationContainer() of components/pod.ts has all three.`,
          ];
    });
  },
};

const secretName = /(SECRET|PASSWORD|PASSWD|TOKEN|API_?KEY|PRIVATE_?KEY|DATABASE_URL|DSN)$/i;
const secretValue = /:\/\/[^/\s:@]+:[^/\s@]+@|^sk-\w{8,}|-----BEGIN [A-Z ]*PRIVATE KEY/;

const noLiterals: Rule = {
  name: "no-secret-in-clear",
  description: "Secret values come from a Secret, never from a pod's environment or a ConfigMap.",
  check(resource) {
    const settings = objectOf(resource, "ConfigMap");
    const spec = podSpecOf(resource);
    const plain = [
      ...Object.entries(settings?.data ?? {}),
      ...(spec === undefined ? [] : containersOf(spec)).flatMap(({ env }) =>
        (env ?? []).flatMap(({ name, value }) =>
          value === undefined ? [] : [[name, value] as const],
        ),
      ),
    ];
    return plain
      .filter(([name, value]) => value !== "" && (secretName.test(name) || secretValue.test(value)))
      .map(
        ([name]) =>
          `${title(resource)} holds ${name} in clear. Remove it and set it as a secret: pulumi config set --secret --path 'backendSecretEnv.${name}'`,
      );
  },
};

export const podRules = [restricted, noToken, resources, probes, noLiterals];
