import { ownApplications } from "./application-rules";
import { connectionsFor } from "./pool";
import type { ConfigReader } from "./reader";
import type { ConfigSource, StackConfig } from "./stack-config";

/** The most pods of each workload that connects to the database. */
export function connectingPods({ frontend, backend, mcp }: StackConfig): number[] {
  const pods = backend.autoscaling ? backend.maxReplicas : backend.replicas;
  return [
    ...(backend.database === "none" ? [] : [pods]),
    ...(mcp.separate && mcp.database !== "none" ? [mcp.replicas] : []),
    ...(frontend.database === "none" ? [] : [frontend.replicas]),
  ];
}

/** Rules over more than one key. */
export function checkTogether(
  reader: ConfigReader,
  config: StackConfig,
  source: ConfigSource,
): void {
  const { backend, frontend, images, database } = config;
  if (source.context === undefined || source.context === "") {
    reader.problem({
      key: "kubernetes:context",
      allowed: "set, so that nothing is ever deployed into whatever cluster is current",
      remedy:
        "pulumi config set kubernetes:context NAME   (kubectl config get-contexts lists them)",
    });
  }
  if (backend.autoscaling && backend.minReplicas > backend.maxReplicas) {
    reader.problem({
      key: "minReplicas",
      value: String(backend.minReplicas),
      allowed: `at most maxReplicas, which is ${backend.maxReplicas}`,
      remedy: `pulumi config set minReplicas ${backend.maxReplicas}`,
    });
  }
  if (backend.autoscaling && backend.replicas > backend.maxReplicas) {
    reader.problem({
      key: "backendReplicas",
      value: String(backend.replicas),
      allowed: `at most maxReplicas, which is ${backend.maxReplicas}`,
      remedy: `pulumi config set backendReplicas ${backend.maxReplicas}`,
    });
  }
  if (database.poolSize < 2) {
    const pods = connectingPods(config);
    const enough = connectionsFor(2, pods);
    reader.problem({
      key: "databaseMaxConnections",
      value: String(database.maxConnections),
      allowed: `large enough for 2 connections a pod at ${pods.join(" + ")} pods: ${enough} or more`,
      remedy: `pulumi config set databaseMaxConnections ${enough}`,
    });
  }
  if (images.loader === "command" && images.loadCommand === "") {
    reader.problem({
      key: "imageLoadCommand",
      allowed: "set when imageLoader is command",
      remedy: "pulumi config set imageLoadCommand 'kind load docker-image {image}'",
    });
  }
  if (images.loader === "registry" && images.registry === "") {
    reader.problem({
      key: "registry",
      allowed: "set when imageLoader is registry",
      remedy: "pulumi config set registry ghcr.io/OWNER/todo",
    });
  }
  if (backend.expose === "nodePort" && backend.nodePort === frontend.nodePort) {
    reader.problem({
      key: "backendNodePort",
      value: String(backend.nodePort),
      allowed: "another port than nodePort",
      remedy: `pulumi config set backendNodePort ${frontend.nodePort === 30800 ? 30801 : 30800}`,
    });
  }
  if (backend.expose === "nodePort" && backend.publicUrl === "") {
    reader.problem({
      key: "backendPublicUrl",
      allowed: "set with backendExpose nodePort: it is where browsers call the API",
      remedy: `pulumi config set backendPublicUrl http://127.0.0.1:${backend.nodePort}`,
    });
  }
  if (backend.expose === "nodePort" && frontend.publicUrl === "") {
    reader.problem({
      key: "publicUrl",
      allowed: "set with backendExpose nodePort: the API accepts browsers from there (CORS)",
      remedy: `pulumi config set publicUrl http://127.0.0.1:${frontend.nodePort}`,
    });
  }
  if (config.ingress.host === "" && config.ingress.tlsSecret !== "") {
    reader.problem({
      key: "ingressHost",
      allowed: "set with ingressTlsSecret: there is no ingress without a host",
      remedy: "pulumi config set ingressHost todo.example.com",
    });
  }
  if (config.extras.kagent.enabled && config.extras.kagent.namespace === config.namespace) {
    reader.problem({
      key: "kagentNamespace",
      value: config.namespace,
      allowed: "another namespace than the application's, whose Secrets it must not read",
      remedy: "pulumi config set kagentNamespace kagent",
    });
  }
}

/** Policies cannot read a secret, so the port stands in a key of its own; the URL must say the same. */
export function checkDatabasePort(reader: ConfigReader, config: StackConfig, url: unknown): void {
  const port = typeof url === "string" ? /@[^/]*:(\d+)\//.exec(url)?.[1] : undefined;
  if (!config.network.policies || port === undefined || Number(port) === config.database.port) {
    return;
  }
  reader.problem({
    key: "databasePort",
    value: String(config.database.port),
    allowed: "the port of databaseUrl: the network policies let the back end reach that one",
    remedy: `pulumi config set databasePort ${port}`,
  });
}

/**
 * Secrets without which the stack cannot be deployed. Rendering needs none of them, so that a committed stack can be
 * looked at by anybody.
 */
export function checkSecretsGiven(reader: ConfigReader, config: StackConfig): void {
  if (config.database.external && !config.given.databaseUrl) {
    reader.problem({
      key: "databaseUrl",
      allowed: "set with externalDatabase: this stack runs no PostgreSQL of its own",
      remedy:
        "pulumi config set --secret databaseUrl   (postgresql://USER:PASSWORD@HOST:5432/DATABASE)",
    });
  }
  if (config.extras.kagent.enabled && !config.given.openaiApiKey) {
    reader.problem({
      key: "openaiApiKey",
      allowed: "set with kagent: its agent calls a model",
      remedy: "pulumi config set --secret openaiApiKey",
    });
  }
  if (config.extras.kagent.enabled && !config.given.kagentMcpToken) {
    reader.problem({
      key: "kagentMcpToken",
      allowed: "set with kagent: make a token on the application's account page first",
      remedy: "pulumi config set --secret kagentMcpToken",
    });
  }
}

/** Secret variables, and secrets of a build, in clear would be committed with the stack's file. */
export function checkSecretVariables(
  reader: ConfigReader,
  config: StackConfig,
  { isSecret }: ConfigSource,
): void {
  const maps = ownApplications(config).flatMap((app) => [
    { key: `${app}SecretEnv`, names: config[app].secretEnv },
    { key: `${app}BuildSecrets`, names: config[app].buildSecrets },
  ]);
  for (const { key, names } of maps) {
    for (const name of names.filter((name) => !isSecret(key, name))) {
      reader.problem({
        key: `${key}.${name}`,
        allowed: "encrypted; it stands in the stack's file in clear",
        remedy: `pulumi config set --secret --path '${key}.${name}'   (what stood there in clear is no secret any more)`,
      });
    }
  }
}
