import { run, ToolError } from "../../tools/tool";

/**
 * kubectl, not an API client of our own: it knows every way of a kubeconfig to log in, a user of
 * Kubernetes has it, and a call costs less than loading the client library does.
 */
const REQUEST_TIMEOUT_S = 5;

export interface Cluster {
  /** UID of the namespace kube-system. A cluster that was deleted and made again has another. */
  uid: string;
  /** Nodes that take the application's pods. */
  nodes: ClusterNode[];
}

export interface ClusterNode {
  name: string;
  /** `containerd`, `docker` or `cri-o`. */
  runtime: string;
  runtimeVersion: string;
  addresses: string[];
  /** The profile, if the node belongs to a Minikube. */
  minikubeProfile?: string;
}

/** The cluster did not answer: switched off, deleted, or not reachable from this machine. */
export class ClusterUnreachable extends Error {
  override name = "ClusterUnreachable";
}

/** The cluster was deleted and made again under the same name. */
export class AnotherCluster extends Error {
  override name = "AnotherCluster";
  constructor(kubeContext: string) {
    super(
      `The cluster of context "${kubeContext}" is not the one that this stack was deployed to: ` +
        "it was made again since.",
    );
  }
}

/** A preview asks for one image after the other within this time. */
const RECENT_MS = 5000;

/** How a cluster is looked at. */
export type Look = typeof readCluster;

/** Answers with the cluster as it was a moment ago, or is now: for looking, not for changing something. */
export function glance(): Look {
  let last: { kubeContext: string; since: number; cluster: Promise<Cluster> } | undefined;
  return (kubeContext, signal) => {
    if (last?.kubeContext !== kubeContext || Date.now() - last.since > RECENT_MS) {
      const cluster = readCluster(kubeContext, signal);
      last = { kubeContext, since: Date.now(), cluster };
    }
    return last.cluster;
  };
}

/** @throws ClusterUnreachable with kubectl's own words */
export async function readCluster(kubeContext: string, signal?: AbortSignal): Promise<Cluster> {
  // Both kinds in one call: each call costs a process and a connection.
  const answer = await kubectl(kubeContext, ["get", "namespaces,nodes", "-o", "json"], signal);
  const items = (JSON.parse(answer) as { items: (Namespace | Node)[] }).items;
  const system = items.find(
    (item) => item.kind === "Namespace" && item.metadata.name === "kube-system",
  );
  const candidates = items.filter((item): item is Node => item.kind === "Node").filter(takesPods);
  const ready = candidates.filter(isReady);
  return {
    uid: system?.metadata.uid ?? "",
    // A node that is down gets its images when it is back. With none ready, the cluster is starting.
    nodes: (ready.length > 0 ? ready : candidates).map(describe),
  };
}

/**
 * The cluster's UID alone, for users who may not list nodes.
 * @throws ClusterUnreachable, also where the user may not ask
 */
export function readClusterUid(kubeContext: string, signal?: AbortSignal): Promise<string> {
  const path = "jsonpath={.metadata.uid}";
  return kubectl(kubeContext, ["get", "namespace", "kube-system", "-o", path], signal);
}

/** Every image that some pod of the cluster names, running or not. */
export async function imagesInUse(kubeContext: string, signal?: AbortSignal): Promise<Set<string>> {
  const path = "{.items[*].spec['containers','initContainers'][*].image}";
  const kinds = ["get", "pods", "--all-namespaces", "-o", `jsonpath=${path}`];
  return new Set((await kubectl(kubeContext, kinds, signal)).split(/\s+/));
}

async function kubectl(context: string, args: string[], signal?: AbortSignal): Promise<string> {
  const common = ["--context", context, `--request-timeout=${REQUEST_TIMEOUT_S}s`];
  try {
    return await run("kubectl", [...common, ...args], {
      timeout: 3 * REQUEST_TIMEOUT_S * 1000, // it asks several times before it gives up
      signal,
    });
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new ClusterUnreachable(
      `The cluster of context "${context}" could not be asked.\n${error.message}`,
      { cause: error },
    );
  }
}

interface Namespace {
  kind: "Namespace";
  metadata: { name: string; uid: string };
}

/** The part of a Kubernetes Node that is read here. */
interface Node {
  kind: "Node";
  metadata: { name: string; uid: string; labels?: Record<string, string> };
  spec: { unschedulable?: boolean; taints?: { key: string; effect: string }[] };
  status: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string }[];
    nodeInfo: { containerRuntimeVersion: string };
  };
}

function takesPods(node: Node): boolean {
  const barred = (node.spec.taints ?? []).some(
    // Kubernetes' own taints (not-ready, disk-pressure, …) come and go.
    ({ key, effect }) => effect !== "PreferNoSchedule" && !key.startsWith("node.kubernetes.io/"),
  );
  return !barred && node.spec.unschedulable !== true;
}

function isReady(node: Node): boolean {
  return (node.status.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}

function describe(node: Node): ClusterNode {
  const [runtime = "", version = ""] = node.status.nodeInfo.containerRuntimeVersion.split("://");
  return {
    name: node.metadata.name,
    runtime,
    runtimeVersion: version,
    addresses: (node.status.addresses ?? [])
      .filter(({ type }) => type === "InternalIP")
      .map(({ address }) => address),
    minikubeProfile: node.metadata.labels?.["minikube.k8s.io/name"],
  };
}
