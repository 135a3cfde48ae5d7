/** The URL of the running application: which addresses could reach it, and which one does. */
import { minikubeAddress } from "./clusters/minikube";
import type { Cluster } from "./stack-record";
import { clusterFacts } from "./probes/cluster";
import { print } from "./terminal";

/** A first start pulls nothing and the pods are ready already: what is left is kube-proxy, seconds. */
const PATIENCE_MS = 60_000;

/** Addresses that may lead to the node port, the most likely first. */
export async function candidates(cluster: Cluster, nodePort: number): Promise<string[]> {
  const hosts = ["127.0.0.1"];
  if (cluster.kind === "minikube" && cluster.profile !== undefined) {
    const address = await minikubeAddress(cluster.profile);
    if (address !== undefined) hosts.push(address);
  } else if (cluster.kind === "context") {
    const answer = await clusterFacts(cluster);
    // The nodes' own first: something else of this machine may listen on the local port.
    if ("facts" in answer) hosts.unshift(...answer.facts.nodes.flatMap((node) => node.addresses));
  }
  return [...new Set(hosts)].map((host) => `http://${host}:${nodePort}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(3000) });
    return response.status < 500;
  } catch {
    return false;
  }
}

/** The first of the addresses that answers, or undefined when none did in a minute. */
export async function waitForUrl(
  addresses: readonly string[],
  signal: AbortSignal,
  patience = PATIENCE_MS,
): Promise<string | undefined> {
  const end = Date.now() + patience;
  while (Date.now() < end) {
    signal.throwIfAborted();
    const results = await Promise.all(addresses.map(answers));
    const found = addresses.find((_, index) => results[index]);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return undefined;
}

/** What to do where the node port is out of reach (Docker Desktop without the published port, a remote cluster). */
export function unreachableHint(cluster: Cluster, namespace: string): void {
  const file = cluster.kubeconfig === undefined ? "" : `KUBECONFIG=${cluster.kubeconfig} `;
  print(
    "The node port cannot be reached from here. This command reaches the application; keep it open:",
  );
  print(
    `  ${file}kubectl --context ${cluster.context} -n ${namespace} port-forward service/frontend 3000:3000`,
  );
  print("and then open http://127.0.0.1:3000");
}
