/** Node ports: one each for the whole cluster, so that a second stack needs another. */
import { kubectl, type ClusterAddress } from "../../tools/kubectl";

/** Ports that Services of the cluster have, with the namespace of each; empty where the cluster does not answer. */
export async function takenNodePorts(cluster: ClusterAddress): Promise<Map<number, string>> {
  const args = ["get", "services", "--all-namespaces", "-o", "json", "--request-timeout=8s"];
  const { code, stdout } = await kubectl(cluster, args, { timeout: 12_000 });
  if (code !== 0) return new Map();
  const { items } = JSON.parse(stdout) as {
    items: { metadata: { namespace: string }; spec: { ports?: { nodePort?: number }[] } }[];
  };
  return new Map(
    items.flatMap(({ metadata, spec }) =>
      (spec.ports ?? []).flatMap(({ nodePort }): [number, string][] =>
        nodePort === undefined ? [] : [[nodePort, metadata.namespace]],
      ),
    ),
  );
}

/** The next free one from a port on; Kubernetes's range ends at 32767. */
export function freeNodePort(from: number, taken: ReadonlyMap<number, string>): number {
  for (let port = from; port <= 32_767; port++) if (!taken.has(port)) return port;
  return from;
}
