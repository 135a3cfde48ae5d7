import { databaseAddress, type secretNames } from "./names";

/** Every value that is secret, as plain text; an empty string where there is none. */
export interface SecretValues {
  databaseUrl: string;
  jwtSecret: string;
  openaiApiKey: string;
  databasePassword: string;
  registry: string;
  registryUsername: string;
  registryPassword: string;
  frontendEnv: Record<string, string>;
  backendEnv: Record<string, string>;
}

/** Connection URL of the embedded database. */
export function databaseUrl(password: string): string {
  const { user, host, port, name } = databaseAddress;
  return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${name}`;
}

/** The data of each Secret, in the keys that the pods refer to. */
export function secretData(
  values: SecretValues,
): Record<keyof typeof secretNames, Record<string, string>> {
  const { registry, registryUsername: username, registryPassword: password } = values;
  return {
    application: {
      "database-url": values.databaseUrl,
      "jwt-secret": values.jwtSecret,
      "openai-api-key": values.openaiApiKey,
    },
    database: { password: values.databasePassword },
    pull: {
      ".dockerconfigjson": JSON.stringify({
        auths: {
          [registry.split("/", 1)[0] ?? registry]: {
            username,
            password,
            auth: Buffer.from(`${username}:${password}`).toString("base64"),
          },
        },
      }),
    },
    frontendEnv: values.frontendEnv,
    backendEnv: values.backendEnv,
  };
}

/** The workloads that read Secrets. */
export type SecretReader = "frontend" | "backend" | "mcp" | "database";

/** What each workload reads of the Secrets' data, by its name: its pods roll when some of it changes, and only then. */
export function secretsReadBy(
  data: ReturnType<typeof secretData>,
): Record<SecretReader, Record<string, string>> {
  const { "openai-api-key": model = "", ...tools } = data.application;
  return {
    frontend: data.frontendEnv,
    backend: { ...tools, "openai-api-key": model, ...data.backendEnv },
    mcp: { ...tools, ...data.backendEnv },
    database: data.database,
  };
}
