import type { Deployment } from "kubernetes-types/apps/v1";
import type { PersistentVolumeClaim, Service } from "kubernetes-types/core/v1";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";

import { deployment, type WorkloadArgs } from "./deployment";
import { disruptionBudget } from "./disruption-budget";
import { volumeClaim } from "./volume-claim";
import { service, type ServiceExposure } from "./service";

export type { WorkloadArgs } from "./deployment";

// A type, not an interface: it may then stand where objects are listed by any key.
export type WorkloadManifests = {
  /** Where the pods have a volume. */
  volumeClaim?: PersistentVolumeClaim;
  deployment: Deployment;
  service: Service;
  disruptionBudget: PodDisruptionBudget;
};

/** Pods that roll without a gap, the Service before them, and how many a drain may take at a time. */
export function workload(args: WorkloadArgs, exposure?: ServiceExposure): WorkloadManifests {
  const { volume } = args.pod;
  return {
    ...(volume === undefined ? {} : { volumeClaim: volumeClaim(args.namespace, args.pod, volume) }),
    deployment: deployment(args),
    service: service(args.namespace, args.pod, exposure),
    disruptionBudget: disruptionBudget(args.namespace, args.pod),
  };
}
