import type { Namespace } from "kubernetes-types/core/v1";

import { objectOf, type Resource, type Rule, title } from "./resource";

/** What holds for the namespace and what lies around the pods. */

const podSecurity: Rule = {
  name: "pod-security-enforced",
  description: "The namespace of the application enforces Pod Security level restricted.",
  check(resource, all) {
    const namespace = objectOf(resource, "Namespace");
    if (namespace === undefined || !holdsPods(namespace, all)) return [];
    const level = namespace.metadata?.labels?.["pod-security.kubernetes.io/enforce"];
    if (level === "restricted") return [];
    return [
      `${title(resource)} enforces ${level ?? "no"} Pod Security level. Set it: pulumi config set podSecurity restricted`,
    ];
  },
};

const defaultDeny: Rule = {
  name: "network-default-deny",
  description: "A namespace with pods refuses every connection that no policy allows.",
  check(resource, all) {
    const namespace = objectOf(resource, "Namespace");
    if (namespace === undefined || !holdsPods(namespace, all)) return [];
    const denies = all.some((other) => {
      const policy = objectOf(other, "NetworkPolicy");
      const { podSelector, policyTypes = [], ingress, egress } = policy?.spec ?? {};
      return (
        policy?.metadata?.namespace === namespace.metadata?.name &&
        Object.keys(podSelector ?? { none: "" }).length === 0 &&
        ["Ingress", "Egress"].every((type) => policyTypes.includes(type)) &&
        ingress === undefined &&
        egress === undefined
      );
    });
    return denies
      ? []
      : [
          `${title(resource)} has no policy that refuses by default. Set it: pulumi config set networkPolicies true`,
        ];
  },
};

const disruptionBudget: Rule = {
  name: "disruption-budget",
  description: "A drain of a node takes one pod of a Deployment at a time.",
  check(resource, all) {
    const deployment = objectOf(resource, "Deployment");
    if (deployment === undefined) return [];
    const labels = deployment.spec?.template.metadata?.labels ?? {};
    const covered = all.some((other) => {
      const budget = objectOf(other, "PodDisruptionBudget");
      const wanted = Object.entries(budget?.spec?.selector?.matchLabels ?? {});
      return (
        budget?.metadata?.namespace === deployment.metadata?.namespace &&
        wanted.length > 0 &&
        wanted.every(([key, value]) => labels[key] === value) &&
        budget?.spec?.unhealthyPodEvictionPolicy === "AlwaysAllow"
      );
    });
    return covered
      ? []
      : [
          `${title(resource)} has no PodDisruptionBudget with unhealthyPodEvictionPolicy AlwaysAllow. Make it with components/workload.ts.`,
        ];
  },
};

const rolling: Rule = {
  name: "rolls-without-a-gap",
  description: "An update never leaves fewer ready pods than before.",
  check(resource) {
    const deployment = objectOf(resource, "Deployment");
    if (deployment === undefined) return [];
    if (deployment.spec?.strategy?.rollingUpdate?.maxUnavailable === 0) return [];
    return [
      `${title(resource)} may lose pods while it rolls. Set maxUnavailable to 0 (deployment() of components/deployment.ts).`,
    ];
  },
};

const nodePort: Rule = {
  name: "node-port-range",
  description: "NodePorts are in Kubernetes's range, and only frontend and backend have one.",
  check(resource) {
    const service = objectOf(resource, "Service");
    const open = (service?.spec?.ports ?? []).filter(({ nodePort }) => nodePort !== undefined);
    return open.flatMap(({ nodePort: port = 0 }) => [
      ...(port >= 30000 && port <= 32767
        ? []
        : [
            `${title(resource)} has NodePort ${port}, outside 30000-32767. Set it: pulumi config set nodePort 30300`,
          ]),
      ...(["frontend", "backend"].includes(service?.metadata?.name ?? "")
        ? []
        : [`${title(resource)} is open on every node. Give it a ClusterIP.`]),
    ]);
  },
};

const leastPrivilege: Rule = {
  name: "least-privilege",
  description: "Nobody gets rights over the whole cluster, over Secrets, or over everything.",
  check(resource) {
    if (objectOf(resource, "ClusterRole", "ClusterRoleBinding") !== undefined) {
      return [`${title(resource)} reaches over the whole cluster. Use a Role in the namespace.`];
    }
    const rules = objectOf(resource, "Role")?.rules ?? [];
    return rules.flatMap(({ verbs, resources = [], apiGroups = [] }) =>
      [...verbs, ...resources, ...apiGroups].includes("*") || resources.includes("secrets")
        ? [
            `${title(resource)} gives rights over Secrets or over everything (*). Name what is needed.`,
          ]
        : [],
    );
  },
};

const protectedData: Rule = {
  name: "data-protected",
  description: "A namespace that holds a database cannot be destroyed by accident.",
  check(resource, all) {
    const namespace = objectOf(resource, "Namespace");
    if (namespace === undefined || resource.protect === true) return [];
    const holdsData = all.some((other) => {
      const set = objectOf(other, "StatefulSet");
      return (
        set?.metadata?.namespace === namespace.metadata?.name &&
        (set?.spec?.volumeClaimTemplates ?? []).length > 0
      );
    });
    return holdsData
      ? [
          `${title(resource)} holds a database and may be destroyed. Set it: pulumi config set databaseProtect true (a developer's own stack may do without)`,
        ]
      : [];
  },
};

const ownCluster: Rule = {
  name: "named-cluster",
  description: "The stack names its cluster, and keeps this machine's kubeconfig out of its state.",
  check({ type, name, props }) {
    if (type !== "pulumi:providers:kubernetes") return [];
    const set = (key: string) => typeof props[key] === "string" && props[key] !== "";
    return [
      ...(set("context")
        ? []
        : [
            `Provider ${name} uses whatever cluster is current. Set it: pulumi config set kubernetes:context NAME`,
          ]),
      ...(set("clusterIdentifier")
        ? []
        : [
            `Provider ${name} has no clusterIdentifier: a new port of the API server would replace every object. Make it with components/providers.ts.`,
          ]),
      ...(set("kubeconfig")
        ? [`Provider ${name} keeps a kubeconfig in the state. Leave it empty; KUBECONFIG is used.`]
        : []),
    ];
  },
};

function holdsPods(namespace: Namespace, all: readonly Resource[]): boolean {
  return all.some(
    (other) =>
      objectOf(other, "Deployment", "StatefulSet")?.metadata?.namespace ===
      namespace.metadata?.name,
  );
}

export const namespaceRules = [
  ...[podSecurity, defaultDeny, disruptionBudget, rolling, nodePort],
  ...[leastPrivilege, protectedData, ownCluster],
];
