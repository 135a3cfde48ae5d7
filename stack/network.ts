import type { ApplicationName } from "../config/application";
import type { StackConfig } from "../config/stack";
import type { NetworkPoliciesArgs } from "../components/network-policies";
import { databaseForms } from "./database-forms";
import { databaseAddress, mcpName } from "../manifests/names";

/** OpenAI's own API. */
const modelUrl = "https://api.openai.com";

/** Who talks to whom in this stack; undefined where policies are off. */
export function networkArgs(config: StackConfig): NetworkPoliciesArgs | undefined {
  const { namespace, network, backend, frontend, database, assistant } = config;
  if (!network.policies) return undefined;
  const databaseEgress = (app: ApplicationName) =>
    database.external && config[app].database !== "none" ? [database.port] : [];
  const isOpen = backend.expose !== "none" || hasApiPaths(config);
  return {
    namespace,
    dns: network.dns,
    frontend: { app: "frontend", port: frontend.port },
    backend: { app: "backend", port: backend.port, open: isOpen },
    ...(config.mcp.separate ? { mcp: { app: mcpName, port: config.mcp.port } } : {}),
    ...(database.embedded
      ? { database: { app: databaseAddress.host, port: databaseAddress.port } }
      : {}),
    databaseReaders: Object.keys(databaseForms(config).readers),
    egress: {
      frontend: ports(
        databaseEgress("frontend"),
        backend.url === "" ? [] : [portOf(backend.url)],
        network.frontendEgressPorts,
      ),
      backend: ports(
        databaseEgress("backend"),
        [portOf(assistant.baseUrl === "" ? modelUrl : assistant.baseUrl)],
        network.backendEgressPorts,
      ),
      mcp: ports(databaseEgress("mcp"), network.backendEgressPorts),
    },
    ...(network.metricsNamespace === "" ? {} : { metricsNamespace: network.metricsNamespace }),
    ...(config.extras.kagent.enabled ? { kagentNamespace: config.extras.kagent.namespace } : {}),
    databaseClients: network.databaseClients,
  };
}

/** Whether an Ingress leads browsers to the back end. */
function hasApiPaths({ ingress }: StackConfig): boolean {
  return ingress.host !== "" && ingress.backendPaths.length > 0;
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}

function ports(...lists: number[][]): number[] {
  return [...new Set(lists.flat())].sort((a, b) => a - b);
}
