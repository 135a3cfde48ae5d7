import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type {
  ConfigMap,
  LimitRange,
  Namespace,
  PersistentVolumeClaim,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from "kubernetes-types/core/v1";
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { Role, RoleBinding } from "kubernetes-types/rbac/v1";

import * as backend from "../components/backend";
import * as credentials from "../components/credentials";
import * as database from "../components/database";
import * as frontend from "../components/frontend";
import * as ingress from "../components/ingress";
import * as kagent from "../components/kagent";
import * as kubectlAi from "../components/kubectl-ai";
import * as limits from "../components/limits";
import * as mcp from "../components/mcp";
import * as namespace from "../components/namespace";
import * as networkPolicies from "../components/network-policies";
import * as settings from "../components/settings";
import type { ManifestArgs } from "../stack/args";

/** Every kind of object that the stack can consist of. */
export type KubernetesObject =
  | Namespace
  | Secret
  | ConfigMap
  | ResourceQuota
  | LimitRange
  | NetworkPolicy
  | PersistentVolumeClaim
  | StatefulSet
  | Deployment
  | Service
  | PodDisruptionBudget
  | HorizontalPodAutoscaler
  | Ingress
  | ServiceAccount
  | Role
  | RoleBinding
  | kagent.KagentObject;

/** The stack's objects by the component that makes them, from the very functions that the program registers. */
export function componentObjects(args: ManifestArgs) {
  return {
    namespace: namespace.manifests(args.namespace),
    credentials: credentials.manifests(args.credentials),
    settings: settings.manifests(args.settings),
    ...(args.limits === undefined ? {} : { limits: limits.manifests(args.limits) }),
    ...(args.network === undefined ? {} : { network: networkPolicies.manifests(args.network) }),
    ...(args.database === undefined ? {} : { database: database.manifests(args.database) }),
    backend: backend.manifests(args.backend),
    ...(args.mcp === undefined ? {} : { mcp: mcp.manifests(args.mcp) }),
    frontend: frontend.manifests(args.frontend),
    ...(args.ingress === undefined ? {} : { ingress: ingress.manifests(args.ingress) }),
    ...(args.kubectlAi === undefined ? {} : { kubectlAi: kubectlAi.manifests(args.kubectlAi) }),
    ...(args.kagent === undefined ? {} : { kagent: kagent.manifests(args.kagent) }),
  };
}

/** All of them, without secret data, in an order in which they can be applied; a part that is off has no key. */
export function allObjects(args: ManifestArgs): KubernetesObject[] {
  const components: Record<string, KubernetesObject>[] = Object.values(componentObjects(args));
  return components.flatMap((component) => Object.values(component));
}
