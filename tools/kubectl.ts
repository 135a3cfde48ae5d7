/** kubectl: the only way to a cluster here. It knows every way of a kubeconfig to log in, and users have it. */
import { remedyFor } from "./known-errors";
import {
  output,
  run,
  shellQuoted,
  start,
  tail,
  type RunOptions,
  type RunResult,
  type Started,
} from "./process";
import { ToolError } from "./tool-error";

/** How a cluster is reached. */
export interface ClusterAddress {
  /** Context in the kubeconfig; named in every call, since the current one may be changed by others. */
  context: string;
  /** A kubeconfig file of its own; undefined means the user's (KUBECONFIG or ~/.kube/config). */
  kubeconfig?: string;
}

export interface ClusterNode {
  name: string;
  /** `containerd`, `docker` or `cri-o`. */
  runtime: string;
  runtimeVersion: string;
  /** `amd64` */
  architecture: string;
  kubeletVersion: string;
  /** Addresses within the cluster's network. */
  addresses: string[];
  /** Addresses by which it may be reached from elsewhere, too. */
  reachable: string[];
  /** The profile, if the node belongs to a Minikube. */
  minikubeProfile?: string;
  ready: boolean;
  /** Whether the application's pods may be placed on it. */
  takesPods: boolean;
}

/** What is known of a cluster by asking it. */
export interface Cluster {
  /**
   * UID of the namespace kube-system: the identity of a cluster, another one after it was deleted and made again.
   * Undefined for somebody who may not read it.
   */
  uid?: string;
  /** Of its first node, else of the API server: `v1.35.2`; empty where neither may be asked. */
  version: string;
  /** Undefined for somebody who may not list them, as people with rights in one namespace. */
  nodes?: ClusterNode[];
}

/** The cluster did not answer: switched off, deleted, or not reachable from this machine. */
export class ClusterUnreachable extends Error {
  override name = "ClusterUnreachable";
}

/** kubectl on a cluster. The exit code and both streams are in the result; nothing is thrown. */
export function kubectl(
  cluster: ClusterAddress,
  args: readonly string[],
  options: Pick<RunOptions, "input" | "files" | "timeout" | "signal" | "stopWith"> = {},
): Promise<RunResult> {
  return run("kubectl", ["--context", cluster.context, ...args], {
    ...options,
    env: environmentFor(cluster),
  });
}

/** kubectl whose output is read while it runs, such as a watch: until the signal, or until it ends by itself. */
export function kubectlStream(
  cluster: ClusterAddress,
  args: readonly string[],
  signal: AbortSignal,
): Started {
  const env = environmentFor(cluster);
  return start("kubectl", ["--context", cluster.context, ...args], {
    timeout: undefined,
    signal,
    env,
  });
}

function environmentFor({ kubeconfig }: ClusterAddress): Record<string, string> {
  return kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig };
}

/** Seconds until a request is given up; the API server of a small cluster may be busy with an update. */
const NAMESPACE_REQUEST_S = 10;

/** kubectl in one namespace, for who wants its answer and nothing else. */
export class NamespaceKubectl {
  constructor(
    private readonly cluster: ClusterAddress,
    private readonly namespace: string,
  ) {}

  /**
   * @param input for its standard input
   * @throws ToolError in kubectl's own words
   */
  run(args: readonly string[], input?: string): Promise<string> {
    const where = ["--context", this.cluster.context, "--namespace", this.namespace];
    return output("kubectl", [...where, `--request-timeout=${NAMESPACE_REQUEST_S}s`, ...args], {
      timeout: 3 * NAMESPACE_REQUEST_S * 1000,
      env: environmentFor(this.cluster),
      ...(input === undefined ? {} : { input }),
    });
  }

  /** The same, or undefined where the cluster refuses, has no such object, or does not answer. */
  async ask(args: readonly string[]): Promise<string | undefined> {
    try {
      return (await this.run(args)).trim();
    } catch (error) {
      if (error instanceof ToolError) return undefined;
      throw error;
    }
  }
}

/** How kubectl is called for this cluster, for people to copy. */
export function kubectlWords({ kubeconfig, context }: ClusterAddress): string {
  const file = kubeconfig === undefined ? "" : `KUBECONFIG=${shellQuoted(kubeconfig)} `;
  return `${file}kubectl --context ${shellQuoted(context)}`;
}

const REQUEST_TIMEOUT_S = 5;
/** It asks several times before it gives up. */
const LOOK_MS = 3 * REQUEST_TIMEOUT_S * 1000;

async function look(
  cluster: ClusterAddress,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  const limits = { timeout: LOOK_MS, signal, stopWith: "SIGKILL" } as const;
  return kubectl(cluster, [`--request-timeout=${REQUEST_TIMEOUT_S}s`, ...args], limits);
}

/**
 * Looks at a cluster.
 * @throws ClusterUnreachable with kubectl's own words
 */
export async function readCluster(address: ClusterAddress, signal?: AbortSignal): Promise<Cluster> {
  // Both kinds in one call: each call costs a process and a connection.
  const answer = await look(address, ["get", "namespaces,nodes", "-o", "json"], signal);
  if (answer.code === 0) {
    const items = (JSON.parse(answer.stdout) as { items: (Namespace | Node)[] }).items;
    const system = items.find(
      (item) => item.kind === "Namespace" && item.metadata.name === "kube-system",
    );
    const nodes = items.filter((item): item is Node => item.kind === "Node").map(describe);
    const uid = system?.metadata.uid;
    return { ...(uid ? { uid } : {}), version: nodes[0]?.kubeletVersion ?? "", nodes };
  }
  if (isForbidden(answer)) return readLittle(address, signal);
  throw unreachable(address, answer, signal);
}

/**
 * The cluster's UID alone, for users who may not list nodes.
 * @throws ClusterUnreachable, also where the user may not ask
 */
export async function readClusterUid(
  address: ClusterAddress,
  signal?: AbortSignal,
): Promise<string> {
  const answer = await look(address, uidOf, signal);
  if (answer.code !== 0) throw unreachable(address, answer, signal);
  return answer.stdout;
}

const uidOf = ["get", "namespace", "kube-system", "-o", "jsonpath={.metadata.uid}"];

/** What somebody with rights in one namespace can find out. */
async function readLittle(address: ClusterAddress, signal?: AbortSignal): Promise<Cluster> {
  const [uid, version] = await Promise.all([
    look(address, uidOf, signal),
    look(address, ["version", "-o", "json"], signal),
  ]);
  if (version.code !== 0 && !isForbidden(version)) throw unreachable(address, version, signal);
  const known = version.code === 0 ? version.stdout : "{}";
  const { serverVersion } = JSON.parse(known) as { serverVersion?: { gitVersion?: string } };
  return {
    ...(uid.code === 0 && uid.stdout !== "" ? { uid: uid.stdout } : {}),
    version: serverVersion?.gitVersion ?? "",
  };
}

function isForbidden({ code, stderr }: RunResult): boolean {
  return code !== 0 && /\(Forbidden\)|is forbidden/.test(stderr);
}

function unreachable(
  { context }: ClusterAddress,
  { stderr, stdout, timedOut, notStarted }: RunResult,
  signal?: AbortSignal,
): ClusterUnreachable {
  const said = timedOut
    ? `it did not answer within ${LOOK_MS / 1000} s`
    : notStarted === "ENOENT"
      ? "kubectl was not found"
      : tail(stderr, 1) || tail(stdout, 1) || "kubectl failed without a word";
  const reason = signal?.aborted ? "kubectl was cancelled" : said;
  const remedy = remedyFor("kubectl", reason);
  return new ClusterUnreachable(
    `The cluster of context "${context}" does not answer: ${reason}${remedy === undefined ? "" : `\n${remedy}`}`,
  );
}

/** Every image that some pod of the cluster names, running or not. */
export async function imagesInUse(
  address: ClusterAddress,
  signal?: AbortSignal,
): Promise<Set<string>> {
  const path = "{.items[*].spec['containers','initContainers'][*].image}";
  const args = ["get", "pods", "--all-namespaces", "-o", `jsonpath=${path}`];
  const answer = await look(address, args, signal);
  if (answer.code !== 0) throw unreachable(address, answer, signal);
  return new Set(answer.stdout.split(/\s+/));
}

/**
 * The host of a registry that the cluster has of its own, from the ConfigMap in which local clusters tell about it
 * (KEP-1755); undefined where there is none.
 */
export async function localRegistry(address: ClusterAddress): Promise<string | undefined> {
  const answer = await look(
    address,
    [
      ...["-n", "kube-public", "get", "configmap", "local-registry-hosting"],
      ...["-o", "jsonpath={.data}", "--ignore-not-found"],
    ],
    undefined,
  );
  return answer.code === 0 ? /host:\s*\\?"?([^"\\\s]+)/.exec(answer.stdout)?.[1] : undefined;
}

interface Namespace {
  kind: "Namespace";
  metadata: { name: string; uid: string };
}

/** The part of a Kubernetes Node that is read here. */
interface Node {
  kind: "Node";
  metadata: { name: string; uid: string; labels?: Record<string, string> };
  spec?: { unschedulable?: boolean; taints?: { key: string; effect: string }[] };
  status: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string }[];
    nodeInfo: { containerRuntimeVersion: string; kubeletVersion?: string; architecture?: string };
  };
}

function describe({ metadata, spec, status }: Node): ClusterNode {
  const { nodeInfo, addresses = [], conditions = [] } = status;
  const [runtime = "", runtimeVersion = ""] = nodeInfo.containerRuntimeVersion.split("://");
  const profile = metadata.labels?.["minikube.k8s.io/name"];
  const barred = (spec?.taints ?? []).some(
    // Kubernetes' own taints (not-ready, disk-pressure, …) come and go.
    ({ key, effect }) => effect !== "PreferNoSchedule" && !key.startsWith("node.kubernetes.io/"),
  );
  return {
    name: metadata.name,
    runtime,
    runtimeVersion,
    architecture: nodeInfo.architecture ?? "",
    kubeletVersion: nodeInfo.kubeletVersion ?? "",
    addresses: addresses.flatMap(({ type, address }) => (type === "InternalIP" ? [address] : [])),
    reachable: addresses.flatMap(({ type, address }) =>
      type === "ExternalIP" || type === "InternalIP" ? [address] : [],
    ),
    ...(profile === undefined ? {} : { minikubeProfile: profile }),
    ready: conditions.some(({ type, status }) => type === "Ready" && status === "True"),
    takesPods: !barred && spec?.unschedulable !== true,
  };
}
