import { readApplication } from "./application";
import { checkApplications } from "./application-rules";
import { readAssistant, readMcp } from "./assistant";
import { poolSize } from "./pool";
import { readExtras } from "./extras";
import { ingressUrl, readIngress } from "./ingress";
import { readNetwork } from "./network";
import { ConfigReader, type RawConfig } from "./reader";
import { databaseUrlFault, signingKeyFault, wordFault } from "./secret-rules";
import { type ConfigSource, optionalSecrets, type StackConfig } from "./stack-config";
import {
  checkDatabasePort,
  checkSecretsGiven,
  checkTogether,
  connectingPods,
  checkSecretVariables,
} from "./rules";

export {
  optionalSecrets,
  secretKeys,
  type ConfigSource,
  type SecretKey,
  type StackConfig,
} from "./stack-config";

/** Ports for NodePort Services: Kubernetes's default range. */
const nodePorts = [30000, 32767] as const;

/**
 * Turns a raw configuration, with the defaults of Pulumi.yaml applied, into a validated one.
 * @param reader what reads the values; another one than the default only for rendering the chart
 * @throws ConfigError with every problem, each with the command that sets it right
 */
export function parseConfig(
  raw: RawConfig,
  source: ConfigSource,
  reader = new ConfigReader(raw),
): StackConfig {
  const image = (key: string, example: string) =>
    reader.text(key, /^[a-z0-9][\w.:/@-]*$/, "an image reference", example);
  const url = (key: string, example: string) => reader.url(key, example);
  const databaseUrl = (key: string) => reader.secret(key, source.isSecret(key), databaseUrlFault);
  const signingKey = (key: string) => reader.secret(key, source.isSecret(key), signingKeyFault);
  const config: StackConfig = {
    cluster: { context: source.context ?? "" },
    namespace: reader.text(
      "namespace",
      /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
      "a Kubernetes name (lower case letters, digits and -, 63 at most)",
      "todo-app",
    ),
    podSecurity: reader.oneOf("podSecurity", ["restricted", "baseline"]),
    deployTimeoutSeconds: reader.integer("deployTimeoutSeconds", 30, 3600, 180),
    rolloutSurge: reader.integer("rolloutSurge", 1, 100, 1),
    images: {
      platform: reader.oneOf("platform", ["linux/amd64", "linux/arm64"]),
      loader: reader.oneOf("imageLoader", [
        "auto",
        "node",
        "minikube",
        "registry",
        "command",
        "none",
      ]),
      loadCommand: reader.text(
        "imageLoadCommand",
        /^$|\{image\}/,
        "a command with {image} in it, or empty",
        "",
      ),
      registry: reader.text(
        "registry",
        // The distribution specification's grammar of names: the path in lower case.
        /^([A-Za-z0-9][A-Za-z0-9.-]*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*)?$/,
        "a registry's host and path in lower case without https://, or empty",
        "",
        registryOf,
      ),
      registryUsername: reader.text("registryUsername", /^\S*$/, "a user name, or empty", ""),
      nodeImage: image("nodeImage", "node:20-alpine"),
      pythonImage: image("pythonImage", "python:3.13-slim"),
      npmRegistry: url("npmRegistry", ""),
      pythonIndexUrl: url("pythonIndexUrl", ""),
    },
    frontend: {
      ...readApplication(reader, "frontend"),
      serviceType: reader.oneOf("frontendServiceType", ["NodePort", "ClusterIP", "LoadBalancer"]),
      nodePort: reader.integer("nodePort", ...nodePorts, 30300),
      publicUrl: url("publicUrl", "https://todo.example.com"),
      sessionAffinity: reader.flag("frontendSessionAffinity", false),
    },
    backend: {
      ...readApplication(reader, "backend"),
      url: url("backendUrl", ""),
      expose: reader.oneOf("backendExpose", ["none", "nodePort"]),
      nodePort: reader.integer("backendNodePort", ...nodePorts, 30800),
      publicUrl: url("backendPublicUrl", "http://127.0.0.1:30800"),
      corsFormat: reader.oneOf("backendCorsFormat", ["json", "comma", "none"]),
      corsOrigins: reader.list(
        "backendCorsOrigins",
        /^(\*|https?:\/\/[^\s/@?#,]+)$/,
        "origins such as https://todo.example.com, without a slash at the end",
        "http://localhost:30300",
      ),
      autoscaling: reader.flag("autoscaling", true),
      minReplicas: reader.integer("minReplicas", 1, 100, 2),
      maxReplicas: reader.integer("maxReplicas", 1, 100, 10),
      targetCpuUtilization: reader.integer("targetCpuUtilization", 1, 100, 70),
    },
    assistant: readAssistant(reader),
    mcp: readMcp(reader),
    database: {
      image: image("postgresImage", "postgres:17-alpine"),
      version: reader.integer("postgresVersion", 14, 99, 17),
      runAsUser: reader.integer("postgresRunAsUser", 1, 2 ** 31 - 1, 70),
      storage: reader.text(
        "databaseStorage",
        /^\d+(Mi|Gi|Ti)$/,
        "a size such as 1Gi, in Mi, Gi or Ti",
        "1Gi",
      ),
      protect: reader.flag("databaseProtect", true),
      maxConnections: reader.integer("databaseMaxConnections", 20, 10000, 100),
      external: reader.flag("externalDatabase", false),
      port: reader.integer("databasePort", 1, 65535, 5432),
      embedded: false, // these two follow from the others, below
      poolSize: 0,
    },
    ingress: readIngress(reader),
    network: readNetwork(reader),
    extras: readExtras(reader),
    resourceQuota: reader.flag("resourceQuota", false),
    keptDigests: reader.map("keptDigests", /^[0-9a-f]{16}$/, "digests", "0123456789abcdef"),
    given: {
      databaseUrl: databaseUrl("databaseUrl"),
      databaseDirectUrl: databaseUrl("databaseDirectUrl"),
      jwtSecret: signingKey("jwtSecret"),
      jwtSecretPrevious: signingKey("jwtSecretPrevious"),
      openaiApiKey: reader.secret("openaiApiKey", source.isSecret("openaiApiKey"), wordFault),
      registryPassword: reader.secret(
        "registryPassword",
        source.isSecret("registryPassword"),
        () => undefined,
      ),
      kagentMcpToken: reader.secret("kagentMcpToken", source.isSecret("kagentMcpToken"), wordFault),
    },
  };
  if (source.deploying === true) checkSecretsGiven(reader, config);
  if (config.given.databaseUrl) config.database.external = true;
  if (!config.mcp.ownImage) config.mcp = fromBackend(config);
  if (config.frontend.publicUrl === "") config.frontend.publicUrl = ingressUrl(config.ingress);
  const connecting = connectingPods(config);
  config.database.embedded = !config.database.external && connecting.length > 0;
  config.database.poolSize = poolSize(config.database.maxConnections, connecting);
  checkTogether(reader, config, source);
  checkApplications(reader, config);
  checkSecretVariables(reader, config, source);
  config.backend.secretEnv = withOptionalSecrets(config);
  if (!config.mcp.ownImage) config.mcp.secretEnv = config.backend.secretEnv;
  checkDatabasePort(reader, config, raw["databaseUrl"]);
  reader.finish();
  return config;
}

/** What was meant by a registry's name that its grammar does not allow. */
function registryOf(written: string): string {
  const [host = "", ...path] = written.replace(/^\w+:\/\//, "").split("/");
  return [host, ...path.map((part) => part.toLowerCase())].join("/").replace(/\/+$/, "");
}

/** The MCP server as the back end's image runs it: with the back end's keys, but for what is its own in either case. */
function fromBackend({ mcp, backend }: StackConfig): StackConfig["mcp"] {
  const { separate, ownImage, path, allowedHosts, port, replicas, command } = mcp;
  const own = { separate, ownImage, path, allowedHosts, port, replicas, command };
  // A volume is one pod's: the server's and the back end's cannot share it.
  const { url: _, expose: __, ...application } = backend;
  return { ...mcp, ...application, volumePath: "", ...own };
}

function withOptionalSecrets({ backend, given }: StackConfig): string[] {
  const keys = Object.keys(optionalSecrets) as (keyof typeof optionalSecrets)[];
  const names = keys.filter((key) => given[key]).map((key) => optionalSecrets[key]);
  return [...new Set([...backend.secretEnv, ...names])].sort();
}
