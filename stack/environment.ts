import { checksum, configChecksum } from "../manifests/checksum";
import type { ApplicationConfig, ApplicationName } from "../config/application";
import type { StackConfig } from "../config/stack";
import type { PodArgs, Variable } from "../manifests/pod";
import { mcpName, secretNames, settingsName } from "../manifests/names";
import { databasePartKeys } from "../manifests/secret-data";
import { corsOrigins } from "./cors";
import { databaseUrlKey } from "./database-forms";

/** What each application reads from its environment, and the settings among it that stand in the ConfigMap. */

/** What stands in the ConfigMap: the address of the back end, and what the assistant needs. */
export function settingsData(config: StackConfig): Record<string, string> {
  const { assistant, mcp } = config;
  return withoutEmpty({
    BACKEND_URL: backendUrl(config),
    OPENAI_AGENT_MODEL: assistant.model,
    OPENAI_API_MODE: assistant.apiMode,
    OPENAI_BASE_URL: assistant.baseUrl,
    CHAT_TURNS_PER_MINUTE: String(assistant.turnsPerMinute),
    CHAT_MAX_TURNS: String(assistant.maxTurns),
    CHAT_MAX_OUTPUT_TOKENS: String(assistant.maxOutputTokens),
    MCP_ALLOWED_HOSTS: JSON.stringify(mcpHosts(config)),
    MCP_URL: mcp.separate ? `http://${mcpName}:${mcp.port}${mcp.path}` : "",
  });
}

function backendUrl(config: StackConfig): string {
  return config.backend.url === "" ? `http://backend:${config.backend.port}` : config.backend.url;
}

/**
 * The names under which the MCP server answers (others get 421): its Service's within and outside of the namespace, and
 * a developer's own machine (port-forward).
 */
function mcpHosts({ namespace, mcp, backend }: StackConfig): string[] {
  const [app, port] = mcp.separate ? [mcpName, mcp.port] : (["backend", backend.port] as const);
  const qualified = ["", `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`];
  const service = qualified.flatMap((end) => [`${app}${end}`, `${app}${end}:${port}`]);
  const local = ["localhost", "127.0.0.1"].flatMap((host) => [host, `${host}:*`]);
  return [...service, ...local, ...mcp.allowedHosts];
}

/**
 * This repository's own back end, by the command that no other image holds: at its own port it is not told which one, so
 * that pods of before need not restart.
 */
const ownBackend = { port: 8000, migrateCommand: ["python", "-m", "app.migrate"] };

const secret = (key: string): Variable => ({ secret: secretNames.application, key });
const setting = (key: string): Variable => ({ configMap: settingsName, key });

/** The parts before the URL, so that a variable of the user's may be made of them: Kubernetes puts in $(NAME) of those above. */
function databaseVariables(config: StackConfig, app: ApplicationName): Record<string, Variable> {
  const { database } = config[app];
  if (database === "none") return {};
  const parts = Object.entries(databasePartKeys).map(([name, key]) => [name, secret(key)] as const);
  return {
    ...(database === "full" ? Object.fromEntries(parts) : {}),
    DATABASE_URL: secret(databaseUrlKey(config, app)),
  };
}

/** The sizes of the pool are the database's (config.database.poolSize). */
function poolVariables(config: StackConfig, app: ApplicationName): Record<string, Variable> {
  if (config[app].database === "none") return {};
  return { DATABASE_POOL_SIZE: { value: String(config.database.poolSize) } };
}

/** What the MCP tools need, in the back end's process or in their own. */
function toolVariables(config: StackConfig, app: "backend" | "mcp"): Record<string, Variable> {
  return {
    ...databaseVariables(config, app),
    JWT_SECRET: secret("jwt-secret"),
    ...poolVariables(config, app),
    MCP_ALLOWED_HOSTS: setting("MCP_ALLOWED_HOSTS"),
  };
}

export function backendVariables(config: StackConfig): Record<string, Variable> {
  const cors = corsOrigins(config);
  const { port, migrateCommand } = config.backend;
  const isOwn =
    port === ownBackend.port && migrateCommand.join("\n") === ownBackend.migrateCommand.join("\n");
  return {
    ...toolVariables(config, "backend"),
    ...(isOwn ? {} : { PORT: { value: String(port) } }),
    OPENAI_API_KEY: secret("openai-api-key"),
    OPENAI_AGENT_MODEL: setting("OPENAI_AGENT_MODEL"),
    OPENAI_API_MODE: setting("OPENAI_API_MODE"),
    ...(config.assistant.baseUrl === "" ? {} : { OPENAI_BASE_URL: setting("OPENAI_BASE_URL") }),
    CHAT_TURNS_PER_MINUTE: setting("CHAT_TURNS_PER_MINUTE"),
    CHAT_MAX_TURNS: setting("CHAT_MAX_TURNS"),
    CHAT_MAX_OUTPUT_TOKENS: setting("CHAT_MAX_OUTPUT_TOKENS"),
    ...(config.mcp.separate ? { MCP_URL: setting("MCP_URL") } : {}),
    ...(cors === "" ? {} : { CORS_ORIGINS: { value: cors } }),
  };
}

/** The MCP server alone: no key of a model, for it calls none. */
export function mcpVariables(config: StackConfig): Record<string, Variable> {
  return { ...toolVariables(config, "mcp"), PORT: { value: String(config.mcp.port) } };
}

/** NEXT_PUBLIC_API_URL is the name that Next.js applications know; BACKEND_URL is read at run time. */
export function frontendVariables(config: StackConfig): Record<string, Variable> {
  return {
    NEXT_PUBLIC_API_URL: { value: backendUrl(config) },
    BACKEND_URL: setting("BACKEND_URL"),
    ...(config.mcp.separate ? { MCP_URL: setting("MCP_URL") } : {}),
    // Kubernetes sets it to the pod's name; Next.js would listen on that address alone.
    HOSTNAME: { value: "0.0.0.0" },
    PORT: { value: String(config.frontend.port) },
    ...(config.frontend.publicUrl === ""
      ? {}
      : { PUBLIC_URL: { value: config.frontend.publicUrl } }),
    ...databaseVariables(config, "frontend"),
    ...poolVariables(config, "frontend"),
  };
}

/**
 * A pod's variables with those of the user's own, and the digest of the settings among them.
 * @param secretName the Secret that holds the user's own secret variables
 */
export function environment(
  settings: Record<string, string>,
  variables: Record<string, Variable>,
  secretName: string,
  application: ApplicationConfig,
): Pick<PodArgs, "env" | "annotations"> {
  const read = Object.values(variables).flatMap((variable) =>
    "configMap" in variable ? [[variable.key, settings[variable.key] ?? ""] as const] : [],
  );
  const plain = Object.entries(application.env).map(([name, value]) => [name, { value }] as const);
  const secrets = application.secretEnv.map(
    (name) => [name, { secret: secretName, key: name }] as const,
  );
  return {
    env: { ...variables, ...Object.fromEntries(plain), ...Object.fromEntries(secrets) },
    annotations: { [configChecksum]: checksum(Object.fromEntries(read)) },
  };
}

export function withoutEmpty(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ""));
}
