/** What would go wrong only after minutes, found before anything is made. */
import type { StackConfig } from "../../config/stack";
import { manifestArgs } from "../../stack/args";
import { bytes, millicores } from "../../manifests/quantity";
import { UserError } from "../../tools/errors";
import { kubectl, type ClusterAddress, type Cluster } from "../../tools/kubectl";
import { inUsersForm } from "../../tools/known-errors";
import { bareWorks } from "../environment";
import { print } from "../terminal";
import { capacityWarning, type Amount } from "./capacity";

/** preStop's `sleep` (KEP-3960) is on by default from here. */
const oldestMinor = 30;

/**
 * @throws UserError when the cluster is too old, or a NodePort is taken by another namespace
 */
export async function preflight(
  cluster: ClusterAddress,
  { version }: Pick<Cluster, "version">,
  config: StackConfig,
): Promise<void> {
  refuseOldKubernetes(version);
  const [services, free] = await Promise.all([
    nodePortServices(cluster),
    freeCapacity(cluster, config.namespace),
  ]);
  refuseTakenPort(services, config);
  const warning =
    free &&
    capacityWarning(
      manifestArgs(config, { frontend: config.frontend.image, backend: config.backend.image }),
      free,
    );
  if (warning !== undefined) print(`Note: ${inUsersForm(warning, bareWorks())}`);
}

export function refuseOldKubernetes(version: string): void {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major !== "1" || Number(minor) >= oldestMinor) return;
  throw new UserError(
    `The cluster runs Kubernetes ${version}; 1.${oldestMinor} or newer is needed (pods sleep before they stop).`,
    [
      "minikube start --kubernetes-version=stable   (or another cluster: npm start -- --context NAME)",
    ],
  );
}

export interface NodePortService {
  namespace: string;
  name: string;
  ports: number[];
}

export function refuseTakenPort(services: NodePortService[], config: StackConfig): void {
  const wanted: [string, number][] = [
    ...(config.frontend.serviceType === "NodePort"
      ? [["nodePort", config.frontend.nodePort] as [string, number]]
      : []),
    ...(config.backend.expose === "nodePort"
      ? [["backendNodePort", config.backend.nodePort] as [string, number]]
      : []),
  ];
  for (const [key, port] of wanted) {
    const holder = services.find(
      ({ namespace, ports }) => namespace !== config.namespace && ports.includes(port),
    );
    if (holder === undefined) continue;
    const taken = new Set(services.flatMap(({ ports }) => ports));
    let other = port + 1;
    while (taken.has(other)) other++;
    throw new UserError(
      `Port ${port} of the nodes (${key}) belongs to the service ${holder.name} in the namespace ${holder.namespace}: ` +
        "a port is one per cluster. Nothing was changed.",
      [`npm run pulumi -- config set ${key} ${other}   (or in the stack's file), then: npm start`],
    );
  }
}

async function nodePortServices(cluster: ClusterAddress): Promise<NodePortService[]> {
  const listed = await kubectl(cluster, ["get", "services", "-A", "-o", "json"]);
  if (listed.code !== 0) return []; // somebody who may not list services is told by the update itself
  const { items } = JSON.parse(listed.stdout) as {
    items: {
      metadata: { namespace: string; name: string };
      spec: { ports?: { nodePort?: number }[] };
    }[];
  };
  return items.map(({ metadata: { namespace, name }, spec }) => ({
    namespace,
    name,
    ports: (spec.ports ?? []).flatMap(({ nodePort }) => (nodePort === undefined ? [] : [nodePort])),
  }));
}

interface Requests {
  resources?: { requests?: { cpu?: string; memory?: string } };
}

/** What the nodes can give, less what pods of other namespaces requested; undefined where it may not be read. */
async function freeCapacity(cluster: ClusterAddress, own: string): Promise<Amount | undefined> {
  const [nodes, pods] = await Promise.all([
    kubectl(cluster, ["get", "nodes", "-o", "json"]),
    kubectl(cluster, ["get", "pods", "-A", "-o", "json"]),
  ]);
  if (nodes.code !== 0 || pods.code !== 0) return undefined;
  const free: Amount = { cpu: 0, memory: 0 };
  for (const { status, spec } of (
    JSON.parse(nodes.stdout) as {
      items: {
        status: { allocatable: { cpu: string; memory: string } };
        spec: { unschedulable?: boolean };
      }[];
    }
  ).items) {
    if (spec.unschedulable === true) continue;
    free.cpu += millicores(status.allocatable.cpu);
    free.memory += bytes(status.allocatable.memory);
  }
  for (const { metadata, spec, status } of (
    JSON.parse(pods.stdout) as {
      items: {
        metadata: { namespace: string };
        spec: { containers: Requests[] };
        status: { phase: string };
      }[];
    }
  ).items) {
    if (metadata.namespace === own || ["Succeeded", "Failed"].includes(status.phase)) continue;
    for (const { resources } of spec.containers) {
      free.cpu -= millicores(resources?.requests?.cpu ?? "0");
      free.memory -= bytes(resources?.requests?.memory ?? "0");
    }
  }
  return free;
}
