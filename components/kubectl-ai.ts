import { ServiceAccount as ServiceAccountResource } from "@pulumi/kubernetes/core/v1/serviceAccount";
import { Role as RoleResource } from "@pulumi/kubernetes/rbac/v1/role";
import { RoleBinding as RoleBindingResource } from "@pulumi/kubernetes/rbac/v1/roleBinding";
import * as pulumi from "@pulumi/pulumi";
import type { ServiceAccount } from "kubernetes-types/core/v1";
import type { PolicyRule, Role, RoleBinding } from "kubernetes-types/rbac/v1";

import { kubectlAiAccount as app } from "../manifests/kubectl-ai-commands";
import { labels } from "../manifests/labels";
import { type InNamespace, plain, within } from "./namespace";

/** Access for kubectl-ai, a program on somebody's own machine: it may look around the namespace, not into Secrets. */
export interface KubectlAiArgs {
  namespace: string;
  /** Whether it may change the number of a Deployment's pods. */
  scale: boolean;
}

/** What looking around needs. Secrets are left out, and so is everything outside of the namespace. */
const view: PolicyRule[] = [
  {
    apiGroups: [""],
    resources: [
      ...["pods", "pods/log", "pods/status", "services", "endpoints", "configmaps", "events"],
      ...["persistentvolumeclaims", "resourcequotas", "limitranges", "serviceaccounts"],
    ],
  },
  { apiGroups: ["apps"], resources: ["deployments", "replicasets", "statefulsets"] },
  { apiGroups: ["autoscaling"], resources: ["horizontalpodautoscalers"] },
  { apiGroups: ["policy"], resources: ["poddisruptionbudgets"] },
  { apiGroups: ["networking.k8s.io"], resources: ["ingresses", "networkpolicies"] },
  { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"] },
  { apiGroups: ["metrics.k8s.io"], resources: ["pods"] },
].map((rule) => ({ ...rule, verbs: ["get", "list", "watch"] }));

const scaling: PolicyRule = {
  apiGroups: ["apps"],
  resources: ["deployments/scale"],
  verbs: ["get", "update", "patch"],
};

export function manifests({ namespace, scale }: KubectlAiArgs): {
  serviceAccount: ServiceAccount;
  role: Role;
  roleBinding: RoleBinding;
} {
  const metadata = { name: app, namespace, labels: labels(app, "access") };
  const apiVersion = "rbac.authorization.k8s.io/v1";
  return {
    serviceAccount: {
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata,
      automountServiceAccountToken: false,
    },
    role: { apiVersion, kind: "Role", metadata, rules: [...view, ...(scale ? [scaling] : [])] },
    roleBinding: {
      apiVersion,
      kind: "RoleBinding",
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: app },
      subjects: [{ kind: "ServiceAccount", name: app, namespace }],
    },
  };
}

export class KubectlAi extends pulumi.ComponentResource {
  constructor(
    name: string,
    props: InNamespace<KubectlAiArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:KubectlAi", name, {}, within(props, opts));
    const { serviceAccount, role, roleBinding } = manifests(plain(props));
    const options = { parent: this };
    new ServiceAccountResource(app, serviceAccount, options);
    new RoleResource(app, role, options);
    new RoleBindingResource(app, roleBinding, options);
    this.registerOutputs({});
  }
}
