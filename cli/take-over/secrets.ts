/** Secret values as the cluster holds them: a new owner goes on with these instead of making new ones. */
import { databaseAddress, secretNames } from "../../manifests/names";
import { databaseUrl, type SecretValues } from "../../manifests/secret-data";
import { optionalSecrets } from "../../config/stack";
import type { LiveObject } from "./objects";

/** What the Secrets hold; undefined or empty where there is none. */
export interface FoundSecrets {
  databasePassword?: string;
  databaseUrl?: string;
  jwtSecret?: string;
  openaiApiKey?: string;
  registryPassword?: string;
  frontendEnv: Record<string, string>;
  backendEnv: Record<string, string>;
  mcpEnv: Record<string, string>;
}

export function secretsIn(objects: readonly LiveObject[]): FoundSecrets {
  const data = (name: string): Record<string, string> => {
    const found = objects.find(
      (object) => object.kind === "Secret" && object.metadata.name === name,
    );
    return Object.fromEntries(
      Object.entries(found?.data ?? {}).map(([key, value]) => [
        key,
        Buffer.from(value, "base64").toString("utf8"),
      ]),
    );
  };
  const application = data(secretNames.application);
  const { password } = data(secretNames.database);
  const pull = data(secretNames.pull)[".dockerconfigjson"];
  const registryPassword = pull === undefined ? undefined : passwordIn(pull);
  return {
    ...(password ? { databasePassword: password } : {}),
    ...(application["database-url"] ? { databaseUrl: application["database-url"] } : {}),
    ...(application["jwt-secret"] ? { jwtSecret: application["jwt-secret"] } : {}),
    ...(application["openai-api-key"] ? { openaiApiKey: application["openai-api-key"] } : {}),
    ...(registryPassword ? { registryPassword } : {}),
    frontendEnv: data(secretNames.frontendEnv),
    backendEnv: data(secretNames.backendEnv),
    mcpEnv: data(secretNames.mcpEnv),
  };
}

function passwordIn(dockerConfig: string): string | undefined {
  try {
    const { auths = {} } = JSON.parse(dockerConfig) as {
      auths?: Record<string, { password?: string }>;
    };
    return Object.values(auths)[0]?.password;
  } catch {
    return undefined;
  }
}

/** Whether the connection URL leads to the PostgreSQL in the namespace. */
export function isEmbedded({ databaseUrl: url, databasePassword }: FoundSecrets): boolean {
  if (url === undefined) return databasePassword !== undefined;
  if (databasePassword !== undefined && url === databaseUrl(databasePassword)) return true;
  try {
    return new URL(url).hostname === databaseAddress.host;
  } catch {
    return false;
  }
}

/**
 * The values that the configuration must be given, since they are the user's and no generator's: key → value; a key may be a
 * path, as `pulumi config set --path` takes it.
 * @param given keys, and paths of map entries, that the configuration has already: those count
 */
export function userSecrets(found: FoundSecrets, given: ReadonlySet<string>): Map<string, string> {
  const values = new Map<string, string>();
  const add = (key: string, value: string | undefined): void => {
    if (value !== undefined && value !== "" && !given.has(key)) values.set(key, value);
  };
  if (!isEmbedded(found)) add("databaseUrl", found.databaseUrl);
  add("openaiApiKey", found.openaiApiKey);
  add("registryPassword", found.registryPassword);
  const own = new Map(Object.entries(optionalSecrets).map(([key, name]) => [name as string, key]));
  for (const [name, value] of Object.entries(found.frontendEnv)) {
    add(`frontendSecretEnv.${name}`, value);
  }
  for (const [name, value] of Object.entries(found.mcpEnv)) add(`mcpSecretEnv.${name}`, value);
  for (const [name, value] of Object.entries(found.backendEnv)) {
    add(own.get(name) ?? `backendSecretEnv.${name}`, value);
  }
  return values;
}

/** All of them as the program has them, for the digests by which pods roll. */
export function asValues(found: FoundSecrets): SecretValues {
  return {
    databaseUrl: found.databaseUrl ?? "",
    jwtSecret: found.jwtSecret ?? "",
    openaiApiKey: found.openaiApiKey ?? "",
    databasePassword: found.databasePassword ?? "",
    registry: "",
    registryUsername: "",
    registryPassword: "",
    frontendEnv: found.frontendEnv,
    backendEnv: found.backendEnv,
    mcpEnv: found.mcpEnv,
  };
}
