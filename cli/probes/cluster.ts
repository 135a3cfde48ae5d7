/** The cluster behind a kubeconfig context: does it answer, who is it, what runs its pods. */
import { findProgram } from "./programs";
import { run, tail, type RunOptions } from "../../tools/process";
import type { Finding } from "./finding";

export interface ClusterAddress {
  /** Context in the kubeconfig; named in every call, since the current one may be changed by others. */
  context: string;
  /** A kubeconfig file of its own; undefined means the user's (KUBECONFIG or ~/.kube/config). */
  kubeconfig?: string;
}

export interface ClusterFacts {
  /**
   * UID of the kube-system namespace: the identity of a cluster, another one after it was recreated. Undefined for
   * somebody who may not read it.
   */
  uid?: string;
  version: string;
  nodes: { name: string; runtime: string; architecture: string; addresses: string[] }[];
  /** Help text of the KEP-1755 ConfigMap, when the cluster has a registry of its own. */
  localRegistry?: string;
}

/** kubectl on a cluster. The exit code and both streams are in the result; nothing is thrown. */
export function kubectl(
  cluster: ClusterAddress,
  args: readonly string[],
  options: Pick<RunOptions, "input" | "files" | "timeout" | "signal"> = {},
) {
  const file = findProgram("kubectl") ?? "kubectl";
  const env = cluster.kubeconfig === undefined ? {} : { KUBECONFIG: cluster.kubeconfig };
  return run(file, ["--context", cluster.context, ...args], { ...options, env });
}

interface NodeList {
  items: {
    metadata: { name: string };
    status: {
      nodeInfo: { containerRuntimeVersion: string; kubeletVersion: string; architecture: string };
      addresses?: { type: string; address: string }[];
    };
  }[];
}

/** Facts of a cluster, or the reason in kubectl's words why it does not answer within 10 s. */
export async function clusterFacts(
  cluster: ClusterAddress,
): Promise<{ facts: ClusterFacts } | { error: string }> {
  const limit = ["--request-timeout=8s"];
  const [uid, nodes, registry] = await Promise.all([
    kubectl(cluster, [
      "get",
      "namespace",
      "kube-system",
      "-o",
      "jsonpath={.metadata.uid}",
      ...limit,
    ]),
    kubectl(cluster, ["get", "nodes", "-o", "json", ...limit]),
    // KEP-1755: the agreed place where a local cluster tells about its registry.
    kubectl(cluster, [
      ...["-n", "kube-public", "get", "configmap", "local-registry-hosting"],
      ...["-o", "jsonpath={.data}", "--ignore-not-found", ...limit],
    ]),
  ]);
  if (uid.code !== 0) return { error: tail(uid.stderr, 1) || "kubectl failed without a word" };
  if (nodes.code !== 0) return { error: tail(nodes.stderr, 1) };
  const list = JSON.parse(nodes.stdout) as NodeList;
  const facts: ClusterFacts = {
    uid: uid.stdout,
    version: list.items[0]?.status.nodeInfo.kubeletVersion ?? "",
    nodes: list.items.map(({ metadata, status }) => ({
      name: metadata.name,
      runtime: status.nodeInfo.containerRuntimeVersion,
      architecture: status.nodeInfo.architecture,
      addresses: (status.addresses ?? [])
        .filter(({ type }) => type === "ExternalIP" || type === "InternalIP")
        .map(({ address }) => address),
    })),
  };
  const host = /host:\s*\\?"?([^"\\\s]+)/.exec(registry.stdout)?.[1];
  if (registry.code === 0 && host !== undefined) facts.localRegistry = host;
  return { facts };
}

/** The row of the table; `cluster` is undefined before the first `npm start`. */
export async function probeCluster(cluster: ClusterAddress | undefined): Promise<Finding> {
  const tool = "Cluster";
  if (cluster === undefined) {
    const problem = "none chosen yet";
    return { tool, found: "", version: "", problem, remedy: "npm start", level: "optional" };
  }
  const found = `context ${cluster.context}`;
  const answer = await clusterFacts(cluster);
  if ("error" in answer) {
    const problem = `does not answer: ${answer.error}`;
    return { tool, found, version: "", problem, remedy: "npm start", level: "optional" };
  }
  const { nodes, version, localRegistry } = answer.facts;
  const runtime = nodes[0]?.runtime ?? "no node";
  const finding: Finding = {
    tool,
    found: `${found}, ${nodes.length} node${nodes.length === 1 ? "" : "s"}, ${runtime}`,
    version,
    level: "fine",
  };
  if (localRegistry === undefined) return finding;
  // Not a fault: the cluster offers a faster way that only config may select.
  return {
    ...finding,
    remedy: `the cluster has a registry of its own (KEP-1755); to use it: npm run pulumi -- config set imageLoader registry && npm run pulumi -- config set registry ${localRegistry}`,
  };
}
