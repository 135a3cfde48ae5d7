import { Deployment as DeploymentResource } from "@pulumi/kubernetes/apps/v1/deployment";
import { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import { PodDisruptionBudget as DisruptionBudgetResource } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import type * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "kubernetes-types/apps/v1";
import type { Service } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";

import { deployment } from "../manifests/deployment";
import { disruptionBudget } from "../manifests/disruption-budget";
import type { PodArgs } from "../manifests/pod";
import { rollingDeployment, type SecretsDigest } from "./rollout";
import { type Reach, service, withoutAwait } from "../manifests/service";

/** What the front end, the back end and the MCP server have in common. */
export interface WorkloadArgs {
  namespace: string;
  /** Pods; where there is an autoscaler, pods at first. */
  replicas: number;
  pod: PodArgs;
  /** Seconds a rollout may take. */
  timeoutSeconds: number;
}

// A type, not an interface: it may then stand where objects are listed by any key.
export type Workload = {
  deployment: Deployment;
  service: Service;
  disruptionBudget: PodDisruptionBudget;
};

/** Pods that roll without a gap, the Service before them, and how many a drain may take at a time. */
export function workload(args: WorkloadArgs, reach?: Reach): Workload {
  return {
    deployment: deployment(args),
    service: service(args.namespace, args.pod, reach),
    disruptionBudget: disruptionBudget(args.namespace, args.pod),
  };
}

/**
 * Registers a workload's objects below a component.
 * @param digest of the secrets that the pods read: they roll when it changes
 * @param ignoreChanges fields of the Deployment that somebody else owns
 */
export function registerWorkload(
  parent: pulumi.Resource,
  { timeoutSeconds }: WorkloadArgs,
  manifests: Workload,
  digest: SecretsDigest,
  ignoreChanges: string[] = [],
): { deployment: DeploymentResource; service: ServiceResource } {
  const name = manifests.deployment.metadata?.name ?? "";
  const timeout = `${timeoutSeconds}s`;
  new DisruptionBudgetResource(name, manifests.disruptionBudget, { parent });
  return {
    deployment: new DeploymentResource(name, rollingDeployment(manifests.deployment, digest), {
      parent,
      customTimeouts: { create: timeout, update: timeout },
      ignoreChanges,
    }),
    service: new ServiceResource(name, withoutAwait(manifests.service), { parent }),
  };
}
