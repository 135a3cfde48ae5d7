/** One key of values.yaml. */
export interface ChartValue {
  /** Path in values.yaml: `frontend.service.port`. */
  path: string;
  /** The configuration key that means the same: gives the default, the description, what is allowed. */
  config?: string;
  /** Where the default is not the configuration's. */
  default?: unknown;
  /** The comment beside it, where the configuration key's description does not do. */
  comment?: string;
  /** What the template asks for, where it is not the value itself. */
  expression?: string;
  /** JSON schema, for keys that no configuration key describes. */
  schema?: Record<string, unknown>;
}

type App = "frontend" | "backend" | "mcp";

/** Whether the MCP server has an image of its own: its values are the back end's otherwise. */
export const ownMcpImage = 'ne .Values.mcp.image.repository ""';

/** The values that an application's pods have. */
export function valuesOf(app: string): string {
  return app === "mcp"
    ? `(ternary .Values.mcp .Values.backend (${ownMcpImage}))`
    : `.Values.${app}`;
}

const serviceTypes = { enum: ["ClusterIP", "NodePort"] };
const optionalText = { type: "string" };

const replaced = (seconds: number) =>
  `Not ${seconds} s: a startup probe (every second, 120 times) covers the start; a delay would be added to every pod of every rollout.`;

function probe(app: App, name: "liveness" | "readiness", delay: number): ChartValue[] {
  const key = `${app}${name === "liveness" ? "Liveness" : "Readiness"}`;
  return [
    { path: `${app}.probes.${name}.path`, config: `${key}Path` },
    {
      path: `${app}.probes.${name}.initialDelaySeconds`,
      config: `${key}InitialDelaySeconds`,
      comment: replaced(delay),
    },
    { path: `${app}.probes.${name}.periodSeconds`, config: `${key}PeriodSeconds` },
  ];
}

function image(app: App): ChartValue[] {
  return [
    {
      path: `${app}.image.repository`,
      config: `${app}Image`,
      ...(app === "mcp" ? { default: "" } : {}),
      comment: `Image name without tag, with its registry if it comes from one${app === "mcp" ? "; empty is the back end's, with its environment, probes and limits" : ""}.`,
      schema: {
        type: "string",
        pattern: app === "mcp" ? "^([a-z0-9][\\w.:/-]*)?$" : "^[a-z0-9][\\w.:/-]*$",
      },
    },
    { path: `${app}.image.tag`, default: "latest", schema: { type: "string", minLength: 1 } },
    {
      path: `${app}.image.pullPolicy`,
      default: "IfNotPresent",
      schema: { enum: ["Always", "IfNotPresent", "Never"] },
    },
  ];
}

const services: Record<App, ChartValue[]> = {
  frontend: [
    { path: "frontend.service.type", config: "frontendServiceType" },
    { path: "frontend.service.port", config: "frontendPort" },
    { path: "frontend.service.nodePort", config: "nodePort" },
    { path: "frontend.service.sessionAffinity", config: "frontendSessionAffinity" },
  ],
  backend: [
    {
      path: "backend.service.type",
      default: "ClusterIP",
      comment: "NodePort for applications whose browser code calls the API.",
      schema: serviceTypes,
    },
    { path: "backend.service.port", config: "backendPort" },
    {
      path: "backend.service.nodePort",
      config: "backendNodePort",
      comment: "Port of the back end on every node, with service.type NodePort.",
    },
  ],
  mcp: [{ path: "mcp.service.port", config: "mcpPort" }],
};

/** What one application alone has. */
const particular: Record<App, ChartValue[]> = {
  frontend: [
    {
      path: "frontend.publicUrl",
      config: "publicUrl",
      expression: '(include "todo-app.publicUrl" .)',
    },
  ],
  backend: [
    { path: "backend.cors.format", config: "backendCorsFormat" },
    { path: "backend.cors.origins", config: "backendCorsOrigins" },
    { path: "backend.autoscaling.enabled", config: "autoscaling" },
    { path: "backend.autoscaling.minReplicas", config: "minReplicas" },
    { path: "backend.autoscaling.maxReplicas", config: "maxReplicas" },
    {
      path: "backend.autoscaling.targetCPUUtilizationPercentage",
      config: "targetCpuUtilization",
    },
  ],
  mcp: [],
};

/** What an application's pods are made of. */
function pods(app: App): ChartValue[] {
  return [
    { path: `${app}.resources.requests.memory`, config: `${app}MemoryRequest` },
    { path: `${app}.resources.requests.cpu`, config: `${app}CpuRequest` },
    { path: `${app}.resources.limits.memory`, config: `${app}MemoryLimit` },
    { path: `${app}.resources.limits.cpu`, config: `${app}CpuLimit` },
    { path: `${app}.probes.kind`, config: `${app}ProbeKind` },
    { path: `${app}.probes.host`, config: `${app}ProbeHost` },
    {
      path: `${app}.probes.startSeconds`,
      config: `${app}StartSeconds`,
      comment: "Seconds that a start may take; rolloutTimeoutSeconds must be larger.",
    },
    ...probe(app, "liveness", 30),
    ...probe(app, "readiness", 10),
    ...particular[app],
    {
      path: `${app}.database.variables`,
      config: `${app}Database`,
      comment:
        "Whether the pods get the database's address: none, url (DATABASE_URL), or full (PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE as well).",
    },
    { path: `${app}.database.scheme`, config: `${app}DatabaseScheme` },
    { path: `${app}.database.options`, config: `${app}DatabaseOptions` },
    { path: `${app}.migrateCommand`, config: `${app}MigrateCommand` },
    ...(app === "mcp" ? [] : [{ path: `${app}.command`, config: `${app}Command` }]),
    { path: `${app}.env`, config: `${app}Env` },
    {
      path: `${app}.secretEnv`,
      config: `${app}SecretEnv`,
      comment: "Environment variables with secret values, a map of strings; they go into a Secret.",
    },
    { path: `${app}.writablePaths`, config: `${app}WritablePaths` },
    { path: `${app}.volume.path`, config: `${app}VolumePath` },
    { path: `${app}.volume.size`, config: `${app}VolumeSize` },
    { path: `${app}.runAsUser`, config: `${app}RunAsUser` },
    { path: `${app}.readOnlyRootFilesystem`, config: `${app}ReadOnlyRoot` },
  ].map((value) => ({
    ...value,
    ...(app === "mcp" ? { expression: `${valuesOf(app)}.${value.path.slice("mcp.".length)}` } : {}),
  }));
}

function application(app: "frontend" | "backend"): ChartValue[] {
  return [
    { path: `${app}.replicaCount`, config: `${app}Replicas` },
    ...image(app),
    ...services[app],
    ...pods(app),
  ];
}

/** Its mode, address, number and command are its own in either case. */
const mcp: ChartValue[] = [
  { path: "mcp.mode", config: "mcpMode" },
  {
    path: "mcp.replicaCount",
    config: "mcpReplicas",
    comment: "Pods of the MCP server with mode separate.",
  },
  {
    path: "mcp.command",
    config: "mcpCommand",
    comment: "Command of the MCP server with mode separate; [] for the image's own.",
  },
  { path: "mcp.path", config: "mcpPath", comment: "Path of the MCP server, as MCP_URL gives it." },
  { path: "mcp.allowedHosts", config: "mcpAllowedHosts" },
  ...services.mcp,
  ...image("mcp"),
  ...pods("mcp"),
];

/** Every key of values.yaml, in its order. */
export const chartValues: readonly ChartValue[] = [
  { path: "namespace", config: "namespace" },
  { path: "podSecurity", config: "podSecurity" },
  { path: "rolloutTimeoutSeconds", config: "deployTimeoutSeconds" },
  { path: "rolloutSurge", config: "rolloutSurge" },
  ...application("frontend"),
  ...application("backend"),
  {
    path: "config.backendUrl",
    config: "backendUrl",
    default: "http://backend:8000",
    comment:
      "URL by which the front end reaches the back end; this one is its service, whatever backend.service.port is.",
    expression: '(include "todo-app.backendUrl" .)',
  },
  { path: "config.openaiModel", config: "openaiModel" },
  { path: "config.openaiBaseUrl", config: "openaiBaseUrl" },
  { path: "config.openaiApiMode", config: "openaiApiMode" },
  { path: "config.chatTurnsPerMinute", config: "chatTurnsPerMinute" },
  { path: "config.chatMaxTurns", config: "chatMaxTurns" },
  { path: "config.chatMaxOutputTokens", config: "chatMaxOutputTokens" },
  {
    path: "secrets.databaseUrl",
    config: "databaseUrl",
    comment:
      "PostgreSQL connection URL; empty runs PostgreSQL in the namespace. Where it leads to a pooler, backend.secretEnv.DATABASE_DIRECT_URL is the way past it, for migrations.",
  },
  {
    path: "secrets.jwtSecret",
    config: "jwtSecret",
    comment:
      "Signing key of the session tokens, 32 bytes or more; empty generates one and keeps it.",
  },
  {
    path: "secrets.openaiApiKey",
    config: "openaiApiKey",
    comment: "Key of the assistant's model; empty uses the offline assistant.",
  },
  {
    path: "secrets.existingSecret",
    default: "",
    comment:
      "Name of a Secret of your own in place of the three above, with the keys database-url, jwt-secret and openai-api-key (and, for database.variables full, database-host, -port, -user, -password and -name; for a scheme or options, frontend-database-url and the like).",
    schema: optionalText,
  },
  {
    path: "secrets.existingSecretRevision",
    default: "",
    comment:
      "Any text: another one restarts the pods, after the content of that Secret was changed.",
    schema: optionalText,
  },
  {
    path: "secrets.databasePassword",
    default: "",
    comment: "Password of the PostgreSQL in the namespace; empty generates one and keeps it.",
    schema: optionalText,
  },
  {
    path: "secrets.keptDigests",
    config: "keptDigests",
    comment:
      "Digests of secrets under which pods run that another tool started, so that they stay; `npm run take-over` writes it.",
  },
  ...mcp,
  { path: "ingress.host", config: "ingressHost" },
  { path: "ingress.className", config: "ingressClassName" },
  {
    path: "ingress.tlsSecret",
    config: "ingressTlsSecret",
    comment: "Secret with the host's certificate (cert-manager writes it).",
  },
  {
    path: "ingress.annotations",
    config: "ingressAnnotations",
    comment: "Annotations of the Ingress, a map of strings.",
  },
  { path: "ingress.backendPaths", config: "ingressBackendPaths" },
  { path: "ingress.backendRewrite", config: "ingressBackendRewrite" },
  {
    path: "database.external",
    config: "externalDatabase",
    comment:
      "Whether the chart is refused without secrets.databaseUrl, instead of running PostgreSQL itself.",
  },
  {
    path: "database.existingSecret",
    default: "",
    comment:
      "Name of a Secret of your own with the password of PostgreSQL under the key password: it then runs in the namespace beside secrets.existingSecret, whose database-url names postgres:5432 and that password.",
    schema: optionalText,
  },
  { path: "database.image", config: "postgresImage" },
  {
    path: "database.version",
    config: "postgresVersion",
    comment: "Major version of PostgreSQL in the image.",
  },
  { path: "database.runAsUser", config: "postgresRunAsUser" },
  { path: "database.storage", config: "databaseStorage" },
  { path: "database.maxConnections", config: "databaseMaxConnections" },
  {
    path: "database.whenDeleted",
    default: "Delete",
    comment: "What becomes of the volume on helm uninstall: Delete or Retain.",
    schema: { enum: ["Delete", "Retain"] },
  },
  {
    path: "registry.server",
    config: "registry",
    comment: "Registry that the pods pull from with a password, for instance ghcr.io.",
  },
  {
    path: "registry.username",
    config: "registryUsername",
    comment:
      "User for pulling from the registry; with the password it becomes the pods' pull secret.",
  },
  {
    path: "registry.password",
    config: "registryPassword",
    comment: "Password or token for pulling from the registry.",
  },
  {
    path: "resourceQuota.hard",
    default: {},
    comment:
      "What the namespace may use, for instance {requests.cpu: 4, pods: 40}; with any, it has a ResourceQuota and a LimitRange. `pulumi up` calculates it.",
    schema: { type: "object", additionalProperties: { type: ["string", "number"] } },
  },
  { path: "networkPolicies.enabled", config: "networkPolicies" },
  {
    path: "networkPolicies.databasePort",
    config: "databasePort",
    comment: "Port of secrets.databaseUrl, which the back end may reach.",
  },
  { path: "networkPolicies.backendEgressPorts", config: "backendEgressPorts" },
  { path: "networkPolicies.frontendEgressPorts", config: "frontendEgressPorts" },
  { path: "networkPolicies.metricsNamespace", config: "metricsNamespace" },
  {
    path: "networkPolicies.kagentNamespace",
    default: "",
    comment: "Namespace from which kagent may call the tools at /mcp; empty for none.",
    schema: { type: "string" },
  },
  { path: "networkPolicies.databaseClients", config: "databaseClients" },
  { path: "networkPolicies.dns.namespace", config: "dnsNamespace" },
  {
    path: "networkPolicies.dns.podLabels",
    config: "dnsPodLabels",
    comment:
      "Labels of the name servers' pods, a map of strings; k8s-app: null takes this one away.",
  },
  { path: "networkPolicies.dns.port", config: "dnsPort" },
  { path: "networkPolicies.dns.cidrs", config: "dnsCidrs" },
  {
    path: "kubectlAi.enabled",
    config: "kubectlAi",
    comment: "Whether kubectl-ai gets a service account that may look around the namespace.",
  },
  { path: "kubectlAi.scale", config: "kubectlAiScale" },
];

/** Configuration keys that are no chart's matter, with the reason. */
export const notInChart: Readonly<Record<string, string>> = {
  ...because("what an image is built from; the chart takes the image's tag", [
    ...["platform", "nodeImage", "pythonImage", "npmRegistry", "pythonIndexUrl"],
    "backendPublicUrl",
    ...["frontend", "backend", "mcp"].flatMap((app) =>
      ["Context", "Dockerfile", "Target", "BuildArgs", "BuildSecrets"].map((key) => `${app}${key}`),
    ),
  ]),
  ...because("how an image gets into the cluster", ["imageLoader", "imageLoadCommand"]),
  ...because("backend.service.type says it", ["backendExpose"]),
  ...because("a variable of backend.secretEnv: DATABASE_DIRECT_URL, JWT_SECRET_PREVIOUS", [
    ...["databaseDirectUrl", "jwtSecretPrevious"],
  ]),
  ...because("a guard of the engine against destroying", ["databaseProtect"]),
  ...because("resourceQuota.hard says it; the engine calculates it", ["resourceQuota"]),
  ...because(
    "kagent is installed by charts of its own; networkPolicies.kagentNamespace lets it in",
    [...["kagent", "kagentNamespace", "kagentVersion", "kagentMcpToken"]],
  ),
};

function because(reason: string, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(keys.map((key) => [key, reason]));
}

/** What the template asks for in place of a configuration key; a key without a place in the chart has none. */
export function expressionOf(key: string): string {
  const value = chartValues.find(({ config }) => config === key);
  return (
    value?.expression ??
    (value === undefined ? `NOT IN THE CHART: ${key}` : `.Values.${value.path}`)
  );
}
