import { NetworkPolicy as NetworkPolicyResource } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import * as pulumi from "@pulumi/pulumi";
import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from "kubernetes-types/networking/v1";

import { labels, selector } from "../manifests/labels";
import { type InNamespace, plain, within } from "./namespace";

/** The pods of one application, and the port they listen on: policies see a pod's port, not its Service's. */
export interface Endpoint {
  app: string;
  port: number;
}

/** Who may talk to whom in the namespace. Everything that is not named here is refused, in both directions. */
export interface NetworkPoliciesArgs {
  namespace: string;
  dns: DnsArgs;
  /** Anyone may reach it: the clients of a NodePort have addresses of nodes or of the outside. */
  frontend: Endpoint;
  /** `open` lets anyone reach it, for applications whose browser code calls the API. */
  backend: Endpoint & { open: boolean };
  /** The MCP server, where it has a deployment of its own. */
  mcp?: Endpoint;
  /** Absent when the database is outside the namespace. */
  database?: Endpoint;
  /** The applications that connect to the database, by their `app`. */
  databaseReaders: string[];
  /** TCP ports that each may reach anywhere, inside the cluster (a Service's target port) and outside of it. */
  egress: { frontend: number[]; backend: number[]; mcp: number[] };
  /** Namespace from which the back end's /metrics is read. */
  metricsNamespace?: string;
  /** Namespace from which kagent calls the tools at /mcp. */
  kagentNamespace?: string;
  /** Lets pods labelled `todo-app/database-client: "true"` reach the database, for jobs of the user's own. */
  databaseClients: boolean;
}

/** The cluster's name servers. */
export interface DnsArgs {
  /** Empty allows any name server. */
  namespace: string;
  podLabels: Record<string, string>;
  /** The port of its pods: 53, 5353 on OpenShift. */
  port: number;
  /** Name servers by address beside them, such as a node-local cache's 169.254.20.10/32. */
  cidrs: string[];
}

/** The label by which a pod of the user's own asks to reach the database. */
export const databaseClient = { "todo-app/database-client": "true" };

/** One policy for each application, named after it, and one for each part that is on. */
export function manifests(args: NetworkPoliciesArgs): Record<string, NetworkPolicy> {
  const { namespace, frontend, backend, mcp, database, egress } = args;
  const toDatabase = (app: string) =>
    database !== undefined && args.databaseReaders.includes(app) ? [to(database)] : [];
  const from = pods(frontend.app);
  const tools = mcp ?? backend;
  const policies: Record<string, NetworkPolicy["spec"] | undefined> = {
    "default-deny": { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    dns: sends({}, [dnsRule(args.dns)]),
    frontend: both(
      frontend.app,
      [{ ports: tcp(frontend.port) }],
      [
        to(backend),
        ...(mcp === undefined ? [] : [to(mcp)]),
        ...toDatabase(frontend.app),
        ...anywhere(egress.frontend),
      ],
    ),
    backend: both(
      backend.app,
      [{ ...(backend.open ? {} : { from: [from] }), ports: tcp(backend.port) }],
      [
        ...toDatabase(backend.app),
        ...(mcp === undefined ? [] : [to(mcp)]),
        ...anywhere(egress.backend),
      ],
    ),
    ...(mcp === undefined
      ? {}
      : {
          mcp: both(
            mcp.app,
            [{ from: [from, pods(backend.app)], ports: tcp(mcp.port) }],
            [...toDatabase(mcp.app), ...anywhere(egress.mcp)],
          ),
        }),
    ...(database === undefined
      ? {}
      : {
          database: both(
            database.app,
            [
              {
                from: [backend, ...(mcp === undefined ? [] : [mcp]), frontend]
                  .filter(({ app }) => args.databaseReaders.includes(app))
                  .map(({ app }) => pods(app)),
                ports: tcp(database.port),
              },
            ],
            [],
          ),
        }),
    ...(args.metricsNamespace === undefined
      ? {}
      : { metrics: receives(backend.app, args.metricsNamespace, backend.port) }),
    ...(args.kagentNamespace === undefined
      ? {}
      : { kagent: receives(tools.app, args.kagentNamespace, tools.port) }),
    ...(args.databaseClients ? databaseClientPolicies(database, egress.backend) : {}),
  };
  return Object.fromEntries(
    Object.entries(policies).map(([name, spec]) => [
      name,
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name, namespace, labels: labels("todo-app", "network") },
        spec,
      } satisfies NetworkPolicy,
    ]),
  );
}

/** Both ends of the way: the client's sending, and the database's receiving where it is in the namespace. */
function databaseClientPolicies(
  database: Endpoint | undefined,
  ports: number[],
): Record<string, NetworkPolicy["spec"]> {
  if (database === undefined) return { "database-clients": sends(databaseClient, anywhere(ports)) };
  return {
    "database-clients": sends(databaseClient, [to(database)]),
    "database-from-clients": {
      podSelector: { matchLabels: selector(database.app) },
      policyTypes: ["Ingress"],
      ingress: [
        { from: [{ podSelector: { matchLabels: databaseClient } }], ports: tcp(database.port) },
      ],
    },
  };
}

function dnsRule({ namespace, podLabels, port, cidrs }: DnsArgs): NetworkPolicyEgressRule {
  const ports = (["UDP", "TCP"] as const).map((protocol) => ({ protocol, port }));
  if (namespace === "") return { ports };
  const servers: NetworkPolicyPeer = {
    namespaceSelector: named(namespace),
    ...(Object.keys(podLabels).length === 0 ? {} : { podSelector: { matchLabels: podLabels } }),
  };
  return { to: [servers, ...cidrs.map((cidr) => ({ ipBlock: { cidr } }))], ports };
}

function both(
  app: string,
  ingress: NetworkPolicyIngressRule[],
  egress: NetworkPolicyEgressRule[],
): NetworkPolicy["spec"] {
  return {
    podSelector: { matchLabels: selector(app) },
    policyTypes: ["Ingress", "Egress"],
    ingress,
    egress,
  };
}

function sends(
  matchLabels: Record<string, string>,
  egress: NetworkPolicyEgressRule[],
): NetworkPolicy["spec"] {
  const podSelector = Object.keys(matchLabels).length === 0 ? {} : { matchLabels };
  return { podSelector, policyTypes: ["Egress"], egress };
}

function receives(app: string, namespace: string, port: number): NetworkPolicy["spec"] {
  return {
    podSelector: { matchLabels: selector(app) },
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ namespaceSelector: named(namespace) }], ports: tcp(port) }],
  };
}

function to({ app, port }: Endpoint): NetworkPolicyEgressRule {
  return { to: [pods(app)], ports: tcp(port) };
}

/** No peers: an address block would leave out other pods of the cluster in some engines (Cilium). */
function anywhere(ports: number[]): NetworkPolicyEgressRule[] {
  return ports.length === 0 ? [] : [{ ports: ports.flatMap(tcp) }];
}

function pods(app: string): NetworkPolicyPeer {
  return { podSelector: { matchLabels: selector(app) } };
}

/** Kubernetes gives every namespace this label. */
function named(namespace: string) {
  return { matchLabels: { "kubernetes.io/metadata.name": namespace } };
}

function tcp(port: number): NetworkPolicyPort[] {
  return [{ protocol: "TCP", port }];
}

export class NetworkPolicies extends pulumi.ComponentResource {
  constructor(
    name: string,
    props: InNamespace<NetworkPoliciesArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:NetworkPolicies", name, {}, within(props, opts));
    for (const [policy, manifest] of Object.entries(manifests(plain(props)))) {
      new NetworkPolicyResource(policy, manifest, { parent: this });
    }
    this.registerOutputs({});
  }
}
