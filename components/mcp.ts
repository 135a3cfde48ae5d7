import type { Deployment as DeploymentResource } from "@pulumi/kubernetes/apps/v1/deployment";
import type { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import * as pulumi from "@pulumi/pulumi";

import type { SecretsDigest } from "./rollout";
import { registerWorkload, type Workload, workload, type WorkloadArgs } from "./workload";

/** The MCP server as a deployment of its own (mcpMode separate), from the back end's image. */
export type McpArgs = WorkloadArgs;

/** Name of the deployment and its Service, and the port they listen on (seed section 1.3). */
export const mcpAddress = { app: "mcp", port: 8001 };

export function manifests(args: McpArgs): Workload {
  return workload(args);
}

export class Mcp extends pulumi.ComponentResource {
  readonly deployment: DeploymentResource;
  readonly service: ServiceResource;

  /** @param digest of the secrets that the pods read */
  constructor(
    name: string,
    args: McpArgs,
    digest: SecretsDigest,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Mcp", name, {}, opts);
    ({ deployment: this.deployment, service: this.service } = registerWorkload(
      this,
      args,
      manifests(args),
      digest,
    ));
    this.registerOutputs({});
  }
}
