/** Whether the stack fits into the cluster at its peak: every back-end pod, while an update rolls. */
import { databaseResources } from "../../manifests/database-resources";
import type { ManifestArgs } from "../../stack/args";
import type { WorkloadArgs } from "../../manifests/deployment";
import type { PodArgs } from "../../manifests/pod";
import { bytes, millicores } from "../../manifests/quantity";

/** CPU in millicores, memory in bytes. */
export interface Amount {
  cpu: number;
  memory: number;
}

/**
 * What an update needs beside the pods: those that it starts at a time, and as many on their way out, which still hold what
 * they requested. Old and new ones together are all that there can be.
 */
function extraPods(pods: number, surge: number): number {
  return Math.max(2, Math.min(2 * surge, pods));
}

/**
 * A sentence that names the largest number of back-end pods that fit, or undefined when all do.
 * @param free what the nodes can give beside the pods of other namespaces
 */
export function capacityWarning(plan: ManifestArgs, free: Amount): string | undefined {
  const most = plan.backend.autoscaling?.maxReplicas ?? plan.backend.replicas;
  const pod = request(plan.backend.pod.resources);
  const rest = left(free, [
    rolling(plan.frontend),
    ...(plan.mcp === undefined ? [] : [rolling(plan.mcp)]),
    ...(plan.database === undefined ? [] : [request(databaseResources)]),
  ]);
  const room = Math.floor(Math.min(rest.cpu / pod.cpu, rest.memory / pod.memory));
  const { surge } = plan.backend;
  const number = fitting(most, room, surge);
  if (number === most) return undefined;
  const oneByOne = fitting(most, room, 1);
  return (
    `${most} back-end pods do not fit into this cluster while an update rolls; ${number} do ` +
    `(each requests ${plan.backend.pod.resources.cpuRequest} CPU and ${plan.backend.pod.resources.memoryRequest}). ` +
    `Beyond that, pods wait and an update waits with them. ` +
    (number >= 1
      ? `To stay within it: pulumi config set maxReplicas ${number}${oneByOne > number ? ` (${oneByOne} with rolloutSurge 1)` : ""}`
      : oneByOne >= 1
        ? "To stay within it: pulumi config set rolloutSurge 1"
        : "Give the cluster more CPUs and memory, or lower backendCpuRequest and backendMemoryRequest.")
  );
}

function request({ cpuRequest, memoryRequest }: PodArgs["resources"]): Amount {
  return { cpu: millicores(cpuRequest), memory: bytes(memoryRequest) };
}

/** The most pods, up to `most`, that fit into the room of so many while they roll. */
function fitting(most: number, room: number, surge: number): number {
  let pods = most;
  while (pods > 0 && pods + extraPods(pods, surge) > room) pods -= 1;
  return pods;
}

/** What a workload takes while an update rolls. */
function rolling({ pod, replicas, surge }: WorkloadArgs): Amount {
  return scaled(request(pod.resources), replicas + extraPods(replicas, surge));
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
