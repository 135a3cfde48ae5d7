import type * as pulumi from "@pulumi/pulumi";

import { workload, type WorkloadArgs, type WorkloadManifests } from "../manifests/workload";
import { plain, Workload, type WorkloadProps } from "./workload";

/** The MCP server as a deployment of its own (mcpMode separate), from the back end's image or one of its own. */
export type McpArgs = WorkloadArgs;

export function manifests(args: McpArgs): WorkloadManifests {
  return workload(args);
}

export class Mcp extends Workload {
  constructor(name: string, props: WorkloadProps<McpArgs>, opts?: pulumi.ComponentResourceOptions) {
    super("todo-app:index:Mcp", name, props, manifests(plain(props)), "mcp", opts);
    this.registerOutputs({});
  }
}
