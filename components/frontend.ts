import type { Deployment as DeploymentResource } from "@pulumi/kubernetes/apps/v1/deployment";
import type { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import * as pulumi from "@pulumi/pulumi";

import type { SecretsDigest } from "./rollout";
import type { Reach } from "../manifests/service";
import { registerWorkload, type Workload, workload, type WorkloadArgs } from "./workload";

/** The Next.js application: what browsers talk to. */
export interface FrontendArgs extends WorkloadArgs {
  /** How its Service is reached (seed section 3.6: NodePort 30300). */
  reach: Reach;
}

/** Seed sections 3.4 and 3.6. */
export function manifests(args: FrontendArgs): Workload {
  return workload(args, args.reach);
}

export class Frontend extends pulumi.ComponentResource {
  readonly deployment: DeploymentResource;
  readonly service: ServiceResource;

  /** @param digest of the secrets that the pods read, if they read any */
  constructor(
    name: string,
    args: FrontendArgs,
    digest: SecretsDigest,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Frontend", name, {}, opts);
    ({ deployment: this.deployment, service: this.service } = registerWorkload(
      this,
      args,
      manifests(args),
      digest,
    ));
    this.registerOutputs({});
  }
}
