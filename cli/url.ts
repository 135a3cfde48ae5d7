/** Where people reach the running application, and whether it answers there. */
import * as http from "node:http";
import * as https from "node:https";
import { parseStackFile, readStackFile } from "../config/stack-file";
import type { StackConfig } from "../config/stack";
import { outputs } from "../stack/outputs";
import { kubectl, kubectlWords, readCluster, type ClusterAddress } from "../tools/kubectl";
import { minikubeAddress } from "../tools/minikube";
import { root } from "../tools/paths";
import type { ChosenCluster } from "./stack-record";
import { print } from "./terminal";

/** A first start pulls nothing and the pods are ready already: what is left is kube-proxy, seconds. */
const PATIENCE_MS = 60_000;

/** Addresses that may lead to the application, the most likely first. */
export interface Addresses {
  urls: string[];
  /** Why there is none, or what stands between here and them, in a few words. */
  otherwise: string;
  /** Whether nobody outside of the cluster is meant to reach it: no address is no fault. */
  isInternal?: boolean;
}

/**
 * The addresses of a stack by its configuration: the one that its Ingress or its owner publishes, a LoadBalancer's, or the
 * node port on whatever host of this kind of cluster can be reached.
 */
export async function addressesOf(stack: string, cluster: ChosenCluster): Promise<Addresses> {
  const config = parseStackFile(readStackFile(stack, root));
  const { frontend, namespace } = config;
  if (frontend.publicUrl !== "") {
    return {
      urls: [frontend.publicUrl],
      otherwise: `${frontend.publicUrl} does not answer from here (its name, certificate or ingress controller may need a while)`,
    };
  }
  switch (frontend.serviceType) {
    case "NodePort":
      return {
        urls: await nodePortAddresses(cluster, frontend.nodePort),
        otherwise: "The node port cannot be reached from here",
      };
    case "LoadBalancer": {
      const urls = await loadBalancerAddresses(cluster, namespace, frontend.port);
      const otherwise =
        urls.length === 0
          ? "The cluster has not given the Service an address yet"
          : `${urls.join(", ")} does not answer from here`;
      return { urls, otherwise };
    }
    default:
      return {
        urls: [],
        otherwise: "The application is reached within the cluster only",
        isInternal: true,
      };
  }
}

async function nodePortAddresses(cluster: ChosenCluster, nodePort: number): Promise<string[]> {
  const hosts = ["127.0.0.1"];
  if (cluster.kind === "minikube" && cluster.profile !== undefined) {
    const address = await minikubeAddress(cluster.profile);
    if (address !== undefined) hosts.push(address);
  } else if (cluster.kind === "context") {
    const { nodes = [] } = await readCluster(cluster);
    // The nodes' own first: something else of this machine may listen on the local port.
    hosts.unshift(...nodes.flatMap(({ reachable }) => reachable));
  }
  return [...new Set(hosts)].map((host) => `http://${bracketed(host)}:${nodePort}`);
}

/** An IPv6 address as it stands in a URL. */
function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

async function loadBalancerAddresses(
  cluster: ClusterAddress,
  namespace: string,
  port: number,
): Promise<string[]> {
  const { code, stdout } = await kubectl(cluster, [
    ...["-n", namespace, "get", "service", "frontend", "-o", "json"],
    "--request-timeout=8s",
  ]);
  if (code !== 0) return [];
  const { status } = JSON.parse(stdout) as {
    status?: { loadBalancer?: { ingress?: { ip?: string; hostname?: string }[] } };
  };
  const hosts = (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) =>
    [hostname, ip].filter((host) => host !== undefined),
  );
  return hosts.map((host) => `http://${bracketed(host)}${port === 80 ? "" : `:${port}`}`);
}

/** Directly, as a node's address is reached, or through the proxy of this network, as a published one may be. */
async function answers(url: string): Promise<boolean> {
  return (await answersDirectly(url)) || (await answersThroughProxy(url));
}

const LIMIT_MS = 3000;

/** A certificate of the company's own: something answers there, and the browser may know it. */
function isCertificate(code: string | undefined): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code ?? "");
}

function answersDirectly(url: string): Promise<boolean> {
  const { get, Agent } = url.startsWith("https:") ? https : http;
  return new Promise((resolve) => {
    // An agent of its own knows no proxy.
    const request = get(url, { agent: new Agent(), timeout: LIMIT_MS }, (response) => {
      response.destroy();
      resolve((response.statusCode ?? 500) < 500);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", (error: NodeJS.ErrnoException) => {
      resolve(isCertificate(error.code));
    });
  });
}

async function answersThroughProxy(url: string): Promise<boolean> {
  if (process.env["NODE_USE_ENV_PROXY"] !== "1") return false;
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    return response.status < 500;
  } catch (error) {
    return isCertificate((error as { cause?: { code?: string } }).cause?.code);
  }
}

/** The first of the addresses that answers, or undefined when none did in a minute. */
export async function waitForUrl(
  addresses: () => Promise<Addresses>,
  signal: AbortSignal,
  patience = PATIENCE_MS,
): Promise<{ url: string } | Omit<Addresses, "urls">> {
  const end = Date.now() + patience;
  for (;;) {
    signal.throwIfAborted();
    // Asked each time: a LoadBalancer gets its address after its Service.
    const { urls, ...without } = await addresses();
    const results = await Promise.all(urls.map(answers));
    const url = urls.find((_, index) => results[index]);
    if (url !== undefined) return { url };
    if (without.isInternal === true || Date.now() >= end) return without;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** How the application is reached from here where its address is not. */
export function unreachableHint(config: StackConfig, cluster: ClusterAddress, otherwise: string) {
  const { portForward } = outputs(config);
  // The same command, for the kubeconfig that is in use.
  const command = portForward.replace(/^kubectl --context \S+/, kubectlWords(cluster));
  const port = /(\d+):\d+$/.exec(portForward)?.[1] ?? "3000";
  print(`${otherwise}. This command reaches the application; keep it open:`);
  print(`  ${command}`);
  print(`and then open http://127.0.0.1:${port}`);
}
