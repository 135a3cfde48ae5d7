import { checksum, configChecksum } from "../manifests/checksum";
import type { ApplicationConfig } from "../config/application";
import type { StackConfig } from "../config/stack";
import type { PodArgs, Variable } from "../manifests/pod";
import { mcpAddress, secretNames, settingsName } from "../manifests/names";

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
    MCP_URL: mcp.separate ? `http://${mcpAddress.app}:${mcpAddress.port}/mcp` : "",
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
  const [app, port] = mcp.separate
    ? [mcpAddress.app, mcpAddress.port]
    : (["backend", backend.port] as const);
  const qualified = ["", `.${namespace}`, `.${namespace}.svc`, `.${namespace}.svc.cluster.local`];
  const service = qualified.flatMap((end) => [`${app}${end}`, `${app}${end}:${port}`]);
  const local = ["localhost", "127.0.0.1"].flatMap((host) => [host, `${host}:*`]);
  return [...service, ...local, ...mcp.allowedHosts];
}

/** Where the back end listens unless told otherwise; not said to it, so that pods of before need not restart. */
const applicationPort = 8000;

const secret = (key: string): Variable => ({ secret: secretNames.application, key });
const setting = (key: string): Variable => ({ configMap: settingsName, key });

/** What the MCP tools need, in the back end's process or in their own. */
function toolVariables(config: StackConfig): Record<string, Variable> {
  return {
    DATABASE_URL: secret("database-url"),
    JWT_SECRET: secret("jwt-secret"),
    DATABASE_POOL_SIZE: { value: String(config.database.poolSize) },
    MCP_ALLOWED_HOSTS: setting("MCP_ALLOWED_HOSTS"),
  };
}

/** The sizes of the pool are the database's (config.database.poolSize). */
export function backendVariables(config: StackConfig): Record<string, Variable> {
  return {
    ...toolVariables(config),
    ...(config.backend.port === applicationPort
      ? {}
      : { PORT: { value: String(config.backend.port) } }),
    OPENAI_API_KEY: secret("openai-api-key"),
    OPENAI_AGENT_MODEL: setting("OPENAI_AGENT_MODEL"),
    OPENAI_API_MODE: setting("OPENAI_API_MODE"),
    ...(config.assistant.baseUrl === "" ? {} : { OPENAI_BASE_URL: setting("OPENAI_BASE_URL") }),
    CHAT_TURNS_PER_MINUTE: setting("CHAT_TURNS_PER_MINUTE"),
    CHAT_MAX_TURNS: setting("CHAT_MAX_TURNS"),
    CHAT_MAX_OUTPUT_TOKENS: setting("CHAT_MAX_OUTPUT_TOKENS"),
    ...(config.mcp.separate ? { MCP_URL: setting("MCP_URL") } : {}),
    ...(config.backend.expose === "none"
      ? {}
      : { CORS_ORIGINS: { value: JSON.stringify([config.frontend.publicUrl]) } }),
  };
}

/** The MCP server alone: no key of a model, for it calls none. */
export function mcpVariables(config: StackConfig): Record<string, Variable> {
  return { ...toolVariables(config), PORT: { value: String(mcpAddress.port) } };
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
