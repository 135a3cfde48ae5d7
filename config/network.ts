import type { ConfigReader } from "./reader";

/** Who may talk to whom: the keys of the NetworkPolicies. */
export interface NetworkConfig {
  policies: boolean;
  /** The cluster's name servers; an empty namespace allows any. */
  dns: { namespace: string; podLabels: Record<string, string>; port: number; cidrs: string[] };
  /** More TCP ports that each application may reach anywhere. */
  frontendEgressPorts: number[];
  backendEgressPorts: number[];
  /** Namespace that reads the back end's metrics; empty for none. */
  metricsNamespace: string;
  /** Whether pods with the label of a database client may reach the database. */
  databaseClients: boolean;
}

const optionalNamespace = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)?$/;
const label = /^([a-z0-9.-]+\/)?[\w.-]+$/i;
const cidr = /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[\da-f:]+\/\d{1,3})$/i;

export function readNetwork(reader: ConfigReader): NetworkConfig {
  const namespace = (key: string, example: string) =>
    reader.text(key, optionalNamespace, "the name of a namespace, or empty", example);
  return {
    policies: reader.flag("networkPolicies", true),
    dns: {
      namespace: namespace("dnsNamespace", "kube-system"),
      podLabels: reader.map("dnsPodLabels", label, "names of labels", "k8s-app"),
      port: reader.integer("dnsPort", 1, 65535, 53),
      cidrs: reader.list("dnsCidrs", cidr, "address blocks", "169.254.20.10/32"),
    },
    frontendEgressPorts: reader.integers("frontendEgressPorts", 1, 65535, 443),
    backendEgressPorts: reader.integers("backendEgressPorts", 1, 65535, 443),
    metricsNamespace: namespace("metricsNamespace", "monitoring"),
    databaseClients: reader.flag("databaseClients", false),
  };
}
