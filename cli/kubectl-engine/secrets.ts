/**
 * Secrets of a stack without Pulumi: generated once, kept in `.stack/kubectl/secrets.json` (mode 0600) and
 * used again. Values that the user writes there (databaseUrl, jwtSecret, openaiApiKey) are the real thing.
 */
import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { UserError } from "../../tools/errors";
import { LOCAL_STACK } from "../../automation/environment";
import { writePrivately } from "../../tools/private-file";
import { root, state } from "../../tools/paths";
import type { SecretInput } from "../../render/objects";
import { databaseUrl } from "../../manifests/secret-data";
import { databaseUrlFault, signingKeyFault, wordFault } from "../../config/secret-rules";
import { optionalSecrets } from "../../config/stack";
import type { ApplicationName } from "../../config/application";
import { isEncrypted, type StackFile } from "../../config/stack-file";
import * as path from "node:path";

interface Kept {
  databasePassword: string;
  jwtSecret: string;
  checksumKey: string;
  databaseUrl?: string;
  databaseDirectUrl?: string;
  jwtSecretPrevious?: string;
  openaiApiKey?: string;
  registryPassword?: string;
  /** Secret environment variables of the applications. */
  frontendSecretEnv?: Record<string, string>;
  backendSecretEnv?: Record<string, string>;
  mcpSecretEnv?: Record<string, string>;
  /** Secrets of the applications' builds. */
  frontendBuildSecrets?: Record<string, string>;
  backendBuildSecrets?: Record<string, string>;
  mcpBuildSecrets?: Record<string, string>;
}

const MAPS = [
  ...["frontendSecretEnv", "backendSecretEnv", "mcpSecretEnv"],
  ...["frontendBuildSecrets", "backendBuildSecrets", "mcpBuildSecrets"],
] as const;

/** Keys of the stack's file whose values may stand in the file of secrets instead. */
const REPLACED = [
  ...["databaseUrl", "databaseDirectUrl", "jwtSecret", "jwtSecretPrevious"],
  ...["openaiApiKey", "registryPassword"],
  ...MAPS,
] as const;

function isMap(key: string): boolean {
  return (MAPS as readonly string[]).includes(key);
}

/** Letters and digits: the password stands in a URL. */
function generated(length: number): string {
  return randomBytes(length * 2)
    .toString("base64")
    .replace(/[^A-Za-z0-9]/g, "")
    .slice(0, length);
}

/** Each stack has passwords of its own. */
function fileOf(stack: string): string {
  return state("kubectl", stack === LOCAL_STACK ? "secrets.json" : `secrets.${stack}.json`);
}

function kept(stack: string): Kept {
  const file = fileOf(stack);
  if (fs.existsSync(file)) {
    try {
      return checked(JSON.parse(fs.readFileSync(file, "utf8")) as Kept, file);
    } catch (error) {
      if (error instanceof UserError) throw error;
      // The parser's own words would quote what is in the file.
      throw new UserError(
        `${path.relative(root, file)} is not JSON, so its secrets cannot be read.`,
        ["Set it right (a comma or a quote is missing), then: npm start"],
      );
    }
  }
  const fresh: Kept = {
    databasePassword: generated(32),
    jwtSecret: generated(64),
    checksumKey: generated(32),
  };
  writePrivately(file, `${JSON.stringify(fresh, null, 2)}\n`);
  return fresh;
}

/** What the generated ones are called; the user's own are called as the keys that they stand for. */
const generatedNames = ["databasePassword", "checksumKey"];

const faults: Partial<Record<string, (value: string) => string | undefined>> = {
  databaseUrl: databaseUrlFault,
  databaseDirectUrl: databaseUrlFault,
  jwtSecret: signingKeyFault,
  jwtSecretPrevious: signingKeyFault,
  openaiApiKey: wordFault,
};

/**
 * The secrets by the rules that they have with Pulumi.
 * @throws UserError with every one that breaks them, and none of their values
 */
function checked(values: Kept, file: string): Kept {
  const problems = Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    if (![...generatedNames, ...REPLACED].includes(key))
      return [`${key} is no secret of the stack`];
    if (!(MAPS as readonly string[]).includes(key)) {
      if (typeof value !== "string") return [`${key} must be text, in quotes`];
      const fault = value === "" ? undefined : faults[key]?.(value);
      return fault === undefined ? [] : [`${key} must be ${fault}`];
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return [`${key} must be a map of variables, {"NAME": "VALUE"}`];
    }
    return Object.entries(value).flatMap(([name, text]) =>
      typeof text === "string" ? [] : [`${key}.${name} must be text, in quotes`],
    );
  });
  if (problems.length === 0) return values;
  const where = path.relative(root, file);
  throw new UserError(`${where} cannot be used:\n  ${problems.join("\n  ")}`, [
    `Set it right in ${where}, then: npm start`,
  ]);
}

/**
 * What the stack's file would hold of the user's own secrets, if it could: the program then knows that they are set, and
 * which variables the pods read. The generated ones are not among them.
 */
export function givenSecrets(stack: string): Record<string, unknown> {
  const values = kept(stack);
  // A signing key is there in any case: nothing follows from whose it is.
  const single = [
    ...["databaseUrl", "databaseDirectUrl", "jwtSecretPrevious", "openaiApiKey"],
    "registryPassword",
  ] as const;
  const encrypted = { secure: "" };
  const variables = (names: Record<string, string> = {}): Record<string, unknown> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, encrypted]));
  return {
    ...Object.fromEntries(
      single.filter((key) => values[key as keyof Kept]).map((key) => [key, encrypted]),
    ),
    ...Object.fromEntries(
      MAPS.filter((key) => values[key] !== undefined).map((key) => [key, variables(values[key])]),
    ),
  };
}

/** @throws UserError when the stack's file holds values that only Pulumi can decrypt */
export function secretInput(stack: string, stackFile: StackFile): SecretInput {
  const unreadable = Object.entries(stackFile.values)
    .filter(([, value]) => JSON.stringify(value).includes('"secure":') || isEncrypted(value))
    .map(([key]) => key);
  if (unreadable.length > 0) {
    const file = path.relative(root, fileOf(stack));
    const movable = unreadable.filter((key) => (REPLACED as readonly string[]).includes(key));
    throw new UserError(
      `The stack's file holds encrypted values, which only Pulumi can read: ${unreadable.join(", ")}.`,
      [
        "Install Pulumi (https://www.pulumi.com/docs/install/) and run npm start, or",
        ...(movable.length === unreadable.length
          ? [
              `write them into ${file} under the same names, in clear, and remove them from the stack's file:`,
              `  ${JSON.stringify(Object.fromEntries(movable.map((key) => [key, isMap(key) ? { NAME: "…" } : "…"])))}`,
            ]
          : ["remove those keys from the stack's file, and do without what they are for"]),
      ],
    );
  }
  const values = kept(stack);
  return {
    databasePassword: values.databasePassword,
    databaseUrl: values.databaseUrl ?? databaseUrl(values.databasePassword),
    jwtSecret: values.jwtSecret,
    openaiApiKey: values.openaiApiKey ?? "",
    registry: textOf(stackFile.values["registry"]),
    registryUsername: textOf(stackFile.values["registryUsername"]),
    registryPassword: values.registryPassword ?? "",
    frontendEnv: values.frontendSecretEnv ?? {},
    backendEnv: {
      ...values.backendSecretEnv,
      ...Object.fromEntries(
        Object.entries(optionalSecrets).flatMap(([key, name]) => {
          const value = values[key as keyof typeof optionalSecrets];
          return value ? [[name, value] as const] : [];
        }),
      ),
    },
    mcpEnv: values.mcpSecretEnv ?? {},
    checksumKey: values.checksumKey,
  };
}

/** Values of the secrets that each application's build may mount. */
export function buildSecrets(stack: string): Record<ApplicationName, Record<string, string>> {
  const { frontendBuildSecrets = {}, backendBuildSecrets = {}, mcpBuildSecrets = {} } = kept(stack);
  return { frontend: frontendBuildSecrets, backend: backendBuildSecrets, mcp: mcpBuildSecrets };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
