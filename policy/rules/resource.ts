import type { DaemonSet, Deployment, StatefulSet } from "kubernetes-types/apps/v1";
import type { Job } from "kubernetes-types/batch/v1";
import type { ConfigMap, Container, Namespace, PodSpec, Service } from "kubernetes-types/core/v1";
import type { NetworkPolicy } from "kubernetes-types/networking/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";
import type { ClusterRole, ClusterRoleBinding, Role } from "kubernetes-types/rbac/v1";

/** A resource as the engine shows it to a policy, or a rendered object in a test. */
export interface Resource {
  /** Pulumi's type, `kubernetes:apps/v1:Deployment`. */
  type: string;
  name: string;
  /** Inputs; for Kubernetes the object itself. */
  props: Record<string, unknown>;
  /** Whether Pulumi refuses to delete it. */
  protect?: boolean;
}

/** A promise that the stack keeps, and what breaks it. */
export interface Rule {
  name: string;
  description: string;
  /** One sentence for each violation: what is wrong, and what to do. */
  check: (resource: Resource, all: readonly Resource[]) => string[];
}

/** The kinds that some rule looks at. */
interface Kinds {
  Deployment: Deployment;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  Namespace: Namespace;
  ConfigMap: ConfigMap;
  Service: Service;
  NetworkPolicy: NetworkPolicy;
  PodDisruptionBudget: PodDisruptionBudget;
  Role: Role;
  ClusterRole: ClusterRole;
  ClusterRoleBinding: ClusterRoleBinding;
}

/** The object, if the resource is one of these kinds. */
export function objectOf<K extends keyof Kinds>(
  { type, props }: Resource,
  ...kinds: K[]
): Kinds[K] | undefined {
  const found = kinds.some((kind) => kind === props["kind"]) && type.startsWith("kubernetes:");
  return found ? (props as unknown as Kinds[K]) : undefined; // the kind says which it is
}

/** The pods that a resource makes. */
export function podSpecOf(resource: Resource): PodSpec | undefined {
  const workload = objectOf(resource, "Deployment", "StatefulSet", "DaemonSet", "Job");
  return workload?.spec?.template.spec;
}

/** All containers of a pod, those that run before it included. */
export function containersOf(spec: PodSpec): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

/** A name for messages: `Deployment backend`. */
export function title({ type, name, props }: Resource): string {
  const metadata = props["metadata"] as { name?: string } | undefined;
  const kind = typeof props["kind"] === "string" ? props["kind"] : type;
  return `${kind} ${metadata?.name ?? name}`;
}
