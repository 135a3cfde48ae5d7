import type { StackConfig } from "../config/stack";
import type { NetworkPoliciesArgs } from "../components/network-policies";
import { databaseAddress, mcpAddress } from "../manifests/names";

/** OpenAI's own API. */
const modelUrl = "https://api.openai.com";

/** Who talks to whom in this stack; undefined where policies are off. */
export function networkArgs(config: StackConfig): NetworkPoliciesArgs | undefined {
  const { namespace, network, backend, frontend, database, assistant } = config;
  if (!network.policies) return undefined;
  const databaseEgress = database.external ? [database.port] : [];
  return {
    namespace,
    dns: network.dns,
    frontend: { app: "frontend", port: frontend.port },
    backend: { app: "backend", port: backend.port, open: backend.expose !== "none" },
    ...(config.mcp.separate ? { mcp: mcpAddress } : {}),
    ...(database.external
      ? {}
      : { database: { app: databaseAddress.host, port: databaseAddress.port } }),
    egress: {
      frontend: ports(backend.url === "" ? [] : [portOf(backend.url)], network.frontendEgressPorts),
      backend: ports(
        databaseEgress,
        [portOf(assistant.baseUrl === "" ? modelUrl : assistant.baseUrl)],
        network.backendEgressPorts,
      ),
      mcp: ports(databaseEgress, network.backendEgressPorts),
    },
    ...(network.metricsNamespace === "" ? {} : { metricsNamespace: network.metricsNamespace }),
    ...(config.extras.kagent.enabled ? { kagentNamespace: config.extras.kagent.namespace } : {}),
    databaseClients: network.databaseClients,
  };
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}

function ports(...lists: number[][]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
