import { applicationNames, type ApplicationName } from "../../config/application";
import { parseConfig, type StackConfig } from "../../config/stack";
import { type ManifestArgs, manifestArgs } from "../../stack/args";
import { type Tokens, TokenReader } from "./tokens";
import type { Condition } from "./tree";
import { expressionOf, ownMcpImage, valuesOf } from "./values";

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
  ...Object.fromEntries(
    applicationNames.flatMap((app) => [
      [`${app}Database`, "full"],
      [`${app}DatabaseScheme`, "a form of its own"],
      [`${app}DatabaseOptions`, ""],
      [`${app}ProbeKind`, "http"],
    ]),
  ),
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

/** A variable of an application's pods that is there only where a condition over several values holds. */
function withoutVariable(app: "backend", name: string, when: string): Variant {
  return {
    when,
    follows: [],
    plan: (plan) => {
      const { [name]: _, ...env } = plan[app].pod.env;
      return { ...plan, [app]: { ...plan[app], pod: { ...plan[app].pod, env } } };
    },
  };
}

/** One for each part that can be off: what it takes away, and what it puts in its place. */
export const variants: readonly Variant[] = [
  variant(embedded, { databaseUrl: true }),
  variant(".Values.backend.autoscaling.enabled", { autoscaling: false }),
  variant('eq .Values.backend.service.type "NodePort"', { backendExpose: "none" }),
  variant("and .Values.ingress.host .Values.ingress.backendPaths", { ingressBackendPaths: [] }),
  variant(".Values.ingress.backendRewrite", { ingressBackendRewrite: false }),
  {
    when: 'include "todo-app.backendIsOpen" .',
    follows: [],
    plan: (plan) => ({
      ...plan,
      network: plan.network && {
        ...plan.network,
        backend: { ...plan.network.backend, open: false },
      },
    }),
  },
  variant(".Values.frontend.service.sessionAffinity", { frontendSessionAffinity: false }),
  withoutVariable("backend", "CORS_ORIGINS", 'include "todo-app.corsOrigins" .'),
  withoutVariable("backend", "PORT", 'include "todo-app.backendPort" .'),
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
  ...(["frontend", "backend"] as const).map((app) =>
    variant(`.Values.${app}.command`, { [`${app}Command`]: [] }),
  ),
  ...applicationNames.flatMap((app) => {
    const values = valuesOf(app);
    return [
      variant(`${values}.migrateCommand`, { [`${app}MigrateCommand`]: [] }),
      variant(`${values}.secretEnv`, { [`${app}SecretEnv`]: {} }),
      variant(`ne (int ${values}.runAsUser) 0`, { [`${app}RunAsUser`]: 0 }),
      variant(`${values}.readOnlyRootFilesystem`, { [`${app}ReadOnlyRoot`]: false }),
      variant(`eq ${values}.database.variables "full"`, { [`${app}Database`]: "url" }),
      variant(`ne ${values}.database.variables "none"`, { [`${app}Database`]: "none" }),
      variant(`ne ${values}.probes.kind "tcp"`, { [`${app}ProbeKind`]: "tcp" }),
      variant(`ne ${values}.probes.kind "grpc"`, { [`${app}ProbeKind`]: "grpc" }),
      variant(`${values}.probes.host`, { [`${app}ProbeHost`]: "" }),
      // The back end's volume is its own pods' alone.
      variant(
        app === "mcp" ? `and (${ownMcpImage}) .Values.mcp.volume.path` : `${values}.volume.path`,
        { [`${app}VolumePath`]: "" },
      ),
    ];
  }),
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
  const image = (app: ApplicationName) =>
    ["repository", "tag"]
      .map((part) =>
        tokens.text({
          name: `${app}.image.${part}`,
          expression: `${valuesOf(app)}.image.${part}`,
        }),
      )
      .join(":");
  const references = {
    frontend: image("frontend"),
    backend: image("backend"),
    mcp: image("mcp"),
  };
  const calculated = withoutQuota(withCalculated(config, tokens, fixed));
  const made = manifestArgs(calculated, references);
  const limited = config.resourceQuota ? { ...made, limits: openQuota(made) } : made;
  const planned = withNetwork(withCors(withSettings(limited)), tokens);
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

/** Stands for the value of CORS_ORIGINS, which follows from several values. */
export const corsOrigins = "=origins of browsers";

function withCors(made: ManifestArgs): ManifestArgs {
  const { pod } = made.backend;
  const env = { ...pod.env, CORS_ORIGINS: { value: corsOrigins } };
  return { ...made, backend: { ...made.backend, pod: { ...pod, env } } };
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
