import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type {
  ConfigMap,
  LimitRange,
  Namespace,
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
import type { Plan } from "./args";
import * as settings from "../components/settings";

/** Every kind of object that the stack can consist of. */
export type KubernetesObject =
  | Namespace
  | Secret
  | ConfigMap
  | ResourceQuota
  | LimitRange
  | NetworkPolicy
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
export function componentObjects(plan: Plan) {
  return {
    namespace: namespace.manifests(plan.namespace),
    credentials: credentials.manifests(plan.credentials),
    settings: settings.manifests(plan.settings),
    ...(plan.limits === undefined ? {} : { limits: limits.manifests(plan.limits) }),
    ...(plan.network === undefined ? {} : { network: networkPolicies.manifests(plan.network) }),
    ...(plan.database === undefined ? {} : { database: database.manifests(plan.database) }),
    backend: backend.manifests(plan.backend),
    ...(plan.mcp === undefined ? {} : { mcp: mcp.manifests(plan.mcp) }),
    frontend: frontend.manifests(plan.frontend),
    ...(plan.ingress === undefined ? {} : { ingress: ingress.manifests(plan.ingress) }),
    ...(plan.kubectlAi === undefined ? {} : { kubectlAi: kubectlAi.manifests(plan.kubectlAi) }),
    ...(plan.kagent === undefined ? {} : { kagent: kagent.manifests(plan.kagent) }),
  };
}

/** All of them, without secret data, in an order in which they can be applied; a part that is off has no key. */
export function allObjects(plan: Plan): KubernetesObject[] {
  const components: Record<string, KubernetesObject>[] = Object.values(componentObjects(plan));
  return components.flatMap((component) => Object.values(component));
}
