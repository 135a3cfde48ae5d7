import { partsOf, type UrlForm, withForm } from "./database-address";
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
  mcpEnv: Record<string, string>;
}

/** The applications whose pods may read the database's address. */
export type DatabaseReader = "frontend" | "backend" | "mcp";

/** In which forms the Secret holds the database's address beside the one that was given. */
export interface DatabaseForms {
  /** The key of the Secret under which each application reads it; absent for those that read none. */
  readers: Partial<Record<DatabaseReader, string>>;
  /** Key of the Secret → the form that stands there. */
  urls: Record<string, UrlForm>;
  /** Whether each part stands there by itself. */
  parts: boolean;
}

/** Connection URL of the embedded database. */
export function databaseUrl(password: string): string {
  const { user, host, port, name } = databaseAddress;
  return `postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${name}`;
}

/** The key of the address as it was given. */
export const givenUrlKey = "database-url";

/** Where the Secret holds each part of the address, by the variable that libpq and most drivers know it by. */
export const databasePartKeys = {
  PGHOST: "database-host",
  PGPORT: "database-port",
  PGUSER: "database-user",
  PGPASSWORD: "database-password",
  PGDATABASE: "database-name",
} as const;

/** The data of each Secret, in the keys that the pods refer to. */
export function secretData(
  values: SecretValues,
  forms: DatabaseForms,
): Record<keyof typeof secretNames, Record<string, string>> {
  const { registry, registryUsername: username, registryPassword: password } = values;
  return {
    application: {
      [givenUrlKey]: values.databaseUrl,
      "jwt-secret": values.jwtSecret,
      "openai-api-key": values.openaiApiKey,
      ...databaseData(values.databaseUrl, forms),
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
    mcpEnv: values.mcpEnv,
  };
}

function databaseData(url: string, { urls, parts }: DatabaseForms): Record<string, string> {
  const formed = Object.entries(urls).map(([key, form]) => [key, withForm(url, form)] as const);
  if (!parts) return Object.fromEntries(formed);
  const { host, port, user, password, name } = partsOf(url);
  return {
    ...Object.fromEntries(formed),
    [databasePartKeys.PGHOST]: host,
    [databasePartKeys.PGPORT]: port,
    [databasePartKeys.PGUSER]: user,
    [databasePartKeys.PGPASSWORD]: password,
    [databasePartKeys.PGDATABASE]: name,
  };
}

/** The workloads that read Secrets. */
export type SecretReader = DatabaseReader | "database";

/**
 * What each workload reads of the Secrets' data, by its name: its pods roll when some of it changes, and only then.
 * @param mcpOwn whether the MCP server has secret variables of its own, in place of the back end's
 */
export function secretsReadBy(
  data: ReturnType<typeof secretData>,
  forms: DatabaseForms,
  mcpOwn: boolean,
): Record<SecretReader, Record<string, string>> {
  const application = data.application;
  // The parts follow from the address.
  const database = (reader: DatabaseReader): Record<string, string> => {
    const key = forms.readers[reader];
    return key === undefined ? {} : { [key]: application[key] ?? "" };
  };
  const signing = { "jwt-secret": application["jwt-secret"] ?? "" };
  const model = { "openai-api-key": application["openai-api-key"] ?? "" };
  return {
    frontend: { ...database("frontend"), ...data.frontendEnv },
    backend: { ...database("backend"), ...signing, ...model, ...data.backendEnv },
    mcp: { ...database("mcp"), ...signing, ...(mcpOwn ? data.mcpEnv : data.backendEnv) },
    database: data.database,
  };
}
