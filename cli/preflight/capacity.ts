/** Whether the stack fits into the cluster at its peak: every back-end pod, while an update rolls. */
import { databaseResources } from "../../manifests/database-resources";
import type { ManifestArgs } from "../../stack/args";
import type { PodArgs } from "../../manifests/pod";
import { bytes, millicores } from "../../manifests/quantity";

/** CPU in millicores, memory in bytes. */
export interface Amount {
  cpu: number;
  memory: number;
}

/** An update adds one pod (maxSurge 1), and one that is on its way out still holds what it requested. */
const extraPods = 2;

/**
 * A sentence that names the largest number of back-end pods that fit, or undefined when all do.
 * @param free what the nodes can give beside the pods of other namespaces
 */
export function capacityWarning(plan: ManifestArgs, free: Amount): string | undefined {
  const most = plan.backend.autoscaling?.maxReplicas ?? plan.backend.replicas;
  const pod = request(plan.backend.pod.resources);
  const rest = left(free, [
    scaled(request(plan.frontend.pod.resources), plan.frontend.replicas + extraPods),
    ...(plan.mcp === undefined
      ? []
      : [scaled(request(plan.mcp.pod.resources), plan.mcp.replicas + extraPods)]),
    ...(plan.database === undefined ? [] : [request(databaseResources)]),
  ]);
  const fits = Math.floor(Math.min(rest.cpu / pod.cpu, rest.memory / pod.memory)) - extraPods;
  if (fits >= most) return undefined;
  const number = Math.max(fits, 0);
  return (
    `${most} back-end pods do not fit into this cluster while an update rolls; ${number} do ` +
    `(each requests ${plan.backend.pod.resources.cpuRequest} CPU and ${plan.backend.pod.resources.memoryRequest}). ` +
    `Beyond that, pods wait and an update waits with them. ` +
    (number >= 1
      ? `To stay within it: pulumi config set maxReplicas ${number}`
      : "Give the cluster more CPUs and memory, or lower backendCpuRequest and backendMemoryRequest.")
  );
}

function request({ cpuRequest, memoryRequest }: PodArgs["resources"]): Amount {
  return { cpu: millicores(cpuRequest), memory: bytes(memoryRequest) };
}

function scaled({ cpu, memory }: Amount, times: number): Amount {
  return { cpu: cpu * times, memory: memory * times };
}

function left(free: Amount, taken: readonly Amount[]): Amount {
  return taken.reduce(
    (rest, { cpu, memory }) => ({ cpu: rest.cpu - cpu, memory: rest.memory - memory }),
    free,
  );
}
