import { parseConfig, type StackConfig } from "../../config/stack";
import { type ManifestArgs, manifestArgs } from "../../stack/args";
import { type Tokens, TokenReader } from "./tokens";
import type { Condition } from "./tree";
import { expressionOf } from "./values";

/** What the base has on that a token alone cannot turn on. */
const base = {
  imageLoader: "registry",
  databaseUrl: false,
  // A secret variable of the back end among others.
  databaseDirectUrl: false,
  jwtSecretPrevious: false,
  externalDatabase: false,
  backendExpose: "nodePort",
  frontendServiceType: "NodePort",
  mcpMode: "separate",
  kagent: false, // not in the chart
};

interface Variant extends Condition {
  /** Configuration keys with the value that they have where the condition does not hold. */
  config?: Record<string, unknown>;
  /** The same for what follows from several keys. */
  plan?: (plan: ManifestArgs) => ManifestArgs;
}

const embedded = 'include "todo-app.embeddedDatabase" .';

function variant(when: string, config: Record<string, unknown>): Variant {
  return { when, config, follows: Object.keys(config) };
}

function withoutEgress(app: "frontend" | "backend" | "mcp"): Variant {
  return {
    when: `include "todo-app.${app}EgressPorts" . | fromJsonArray`,
    follows: [],
    plan: (plan) => ({
      ...plan,
      network: plan.network && { ...plan.network, egress: { ...plan.network.egress, [app]: [] } },
    }),
  };
}

/** One for each part that can be off: what it takes away, and what it puts in its place. */
export const variants: readonly Variant[] = [
  variant(embedded, { databaseUrl: true }),
  variant(".Values.backend.autoscaling.enabled", { autoscaling: false }),
  variant('eq .Values.backend.service.type "NodePort"', { backendExpose: "none" }),
  variant('eq .Values.frontend.service.type "NodePort"', { frontendServiceType: "ClusterIP" }),
  variant('include "todo-app.publicUrl" .', { publicUrl: "" }),
  variant('eq .Values.mcp.mode "separate"', { mcpMode: "embedded" }),
  variant(".Values.mcp.command", { mcpCommand: [] }),
  variant(".Values.ingress.host", { ingressHost: "" }),
  variant(".Values.ingress.className", { ingressClassName: "" }),
  variant(".Values.ingress.tlsSecret", { ingressTlsSecret: "" }),
  variant(".Values.ingress.annotations", { ingressAnnotations: {} }),
  variant(".Values.kubectlAi.enabled", { kubectlAi: false }),
  variant(".Values.kubectlAi.scale", { kubectlAiScale: false }),
  variant(".Values.resourceQuota.hard", { resourceQuota: false }),
  {
    when: ".Values.networkPolicies.kagentNamespace",
    follows: [],
    plan: (plan) => {
      const network = { ...plan.network };
      delete network.kagentNamespace;
      return { ...plan, ...(plan.network && { network: network as typeof plan.network }) };
    },
  },
  variant(".Values.config.openaiBaseUrl", { openaiBaseUrl: "" }),
  variant(".Values.registry.password", { registryPassword: false }),
  variant("ge (int .Values.database.version) 18", { postgresVersion: 17 }),
  variant("ne (int .Values.backend.service.port) 8000", { backendPort: 8000 }),
  variant(".Values.backend.migrateCommand", { backendMigrateCommand: [] }),
  ...(["frontend", "backend"] as const).flatMap((app) => [
    variant(`.Values.${app}.command`, { [`${app}Command`]: [] }),
    variant(`.Values.${app}.secretEnv`, { [`${app}SecretEnv`]: {} }),
    variant(`ne (int .Values.${app}.runAsUser) 0`, { [`${app}RunAsUser`]: 0 }),
    variant(`.Values.${app}.readOnlyRootFilesystem`, { [`${app}ReadOnlyRoot`]: false }),
  ]),
  variant(".Values.networkPolicies.enabled", { networkPolicies: false }),
  variant(".Values.networkPolicies.metricsNamespace", { metricsNamespace: "" }),
  variant(".Values.networkPolicies.databaseClients", { databaseClients: false }),
  variant(".Values.networkPolicies.dns.namespace", { dnsNamespace: "" }),
  variant(".Values.networkPolicies.dns.podLabels", { dnsPodLabels: {} }),
  withoutEgress("frontend"),
  withoutEgress("backend"),
  withoutEgress("mcp"),
];

/** The arguments with a token for every value that the chart's user gives, as a variant has it. */
export function tokenPlan(tokens: Tokens, change?: Pick<Variant, "config" | "plan">): ManifestArgs {
  const fixed: Record<string, unknown> = { ...base, ...change?.config };
  const reader = new TokenReader(tokens, fixed, expressionOf);
  const config = parseConfig({}, { context: "chart", isSecret: () => true }, reader);
  const image = (app: "frontend" | "backend") =>
    ["repository", "tag"]
      .map((part) => `${app}.image.${part}`)
      .map((path) => tokens.text({ name: path, expression: `.Values.${path}` }))
      .join(":");
  const references = { frontend: image("frontend"), backend: image("backend") };
  const calculated = withoutQuota(withCalculated(config, tokens, fixed));
  const made = manifestArgs(calculated, references);
  const limited = config.resourceQuota ? { ...made, limits: openQuota(made) } : made;
  const planned = withNetwork(withSettings(limited), tokens);
  return change?.plan?.(planned) ?? planned;
}

/** What configuration calculates from several keys, and Helm calculates again. */
function withCalculated(
  config: StackConfig,
  tokens: Tokens,
  fixed: Readonly<Record<string, unknown>>,
): StackConfig {
  const { database, frontend } = config;
  const poolSize = tokens.number({ name: "poolSize", expression: 'include "todo-app.poolSize" .' });
  // Without one of its own, the URL follows from the ingress: the condition asks for what follows.
  const publicUrl = fixed["publicUrl"] === "" ? "" : frontend.publicUrl;
  return { ...config, database: { ...database, poolSize }, frontend: { ...frontend, publicUrl } };
}

/** Amounts cannot be added up while they are tokens; the chart's user gives the sums (overrides.ts). */
function withoutQuota(config: StackConfig): StackConfig {
  return { ...config, resourceQuota: false };
}

function openQuota({ namespace, backend }: ManifestArgs): NonNullable<ManifestArgs["limits"]> {
  return { namespace: namespace.name, workloads: [], defaults: backend.pod.resources };
}

/** Stands for the list of host names in the settings. */
export const allowedHosts = "=allowed hosts of the MCP server";

function withSettings(made: ManifestArgs): ManifestArgs {
  const data = { ...made.settings.data };
  if ("MCP_ALLOWED_HOSTS" in data) data["MCP_ALLOWED_HOSTS"] = allowedHosts;
  return { ...made, settings: { ...made.settings, data } };
}

function withNetwork(made: ManifestArgs, tokens: Tokens): ManifestArgs {
  if (made.network === undefined) return made;
  const ports = (app: string) => [
    tokens.number({
      name: `${app} egress ports`,
      each: `$item := include "todo-app.${app}EgressPorts" . | fromJsonArray`,
      expression: "$item",
    }),
  ];
  const path = "networkPolicies.kagentNamespace";
  return {
    ...made,
    network: {
      ...made.network,
      kagentNamespace: tokens.text({ name: path, expression: `.Values.${path}` }),
      egress: { frontend: ports("frontend"), backend: ports("backend"), mcp: ports("mcp") },
    },
  };
}
