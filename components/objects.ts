import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { ConfigMap, Namespace, Secret, Service } from "kubernetes-types/core/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";

import * as backend from "./backend";
import * as credentials from "./credentials";
import * as database from "./database";
import * as frontend from "./frontend";
import * as namespace from "./namespace";
import * as networkPolicies from "./network-policies";
import type { Plan } from "./plan";
import * as settings from "./settings";

/** Every kind of object that the stack can consist of. */
export type KubernetesObject =
  | Namespace
  | Secret
  | ConfigMap
  | NetworkPolicy
  | StatefulSet
  | Deployment
  | Service
  | HorizontalPodAutoscaler;

/** The stack's objects by the component that makes them, from the very functions that the program registers. */
export function componentObjects(plan: Plan) {
  return {
    namespace: namespace.manifests(plan.namespace),
    credentials: credentials.manifests(plan.credentials),
    settings: settings.manifests(plan.settings),
    ...(plan.network === undefined ? {} : { network: networkPolicies.manifests(plan.network) }),
    ...(plan.database === undefined ? {} : { database: database.manifests(plan.database) }),
    backend: backend.manifests(plan.backend),
    frontend: frontend.manifests(plan.frontend),
  };
}

/** All of them, without secret data, in an order in which they can be applied; a part that is off has no key. */
export function allObjects(plan: Plan): KubernetesObject[] {
  const components: Record<string, KubernetesObject>[] = Object.values(componentObjects(plan));
  return components.flatMap((component) => Object.values(component));
}
