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
import { isEncrypted, type StackFile } from "../../config/stack-file";
import * as path from "node:path";

interface Kept {
  databasePassword: string;
  jwtSecret: string;
  checksumKey: string;
  databaseUrl?: string;
  openaiApiKey?: string;
  registryPassword?: string;
  /** Secret environment variables of the applications. */
  frontendSecretEnv?: Record<string, string>;
  backendSecretEnv?: Record<string, string>;
  mcpSecretEnv?: Record<string, string>;
}

/** Keys of the stack's file whose values may stand in the file of secrets instead. */
const REPLACED = [
  ...["databaseUrl", "jwtSecret", "openaiApiKey", "registryPassword"],
  ...["frontendSecretEnv", "backendSecretEnv", "mcpSecretEnv"],
] as const;

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
      return JSON.parse(fs.readFileSync(file, "utf8")) as Kept;
    } catch {
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

/**
 * What the stack's file would hold of the user's own secrets, if it could: the program then knows that they are set, and
 * which variables the pods read. The generated ones are not among them.
 */
export function givenSecrets(stack: string): Record<string, unknown> {
  const { databaseUrl: url, openaiApiKey, registryPassword, ...values } = kept(stack);
  const encrypted = { secure: "" };
  const variables = (names: Record<string, string> = {}): Record<string, unknown> =>
    Object.fromEntries(Object.keys(names).map((name) => [name, encrypted]));
  return {
    ...(url ? { databaseUrl: encrypted } : {}),
    ...(openaiApiKey ? { openaiApiKey: encrypted } : {}),
    ...(registryPassword ? { registryPassword: encrypted } : {}),
    ...(values.frontendSecretEnv ? { frontendSecretEnv: variables(values.frontendSecretEnv) } : {}),
    ...(values.backendSecretEnv ? { backendSecretEnv: variables(values.backendSecretEnv) } : {}),
    ...(values.mcpSecretEnv ? { mcpSecretEnv: variables(values.mcpSecretEnv) } : {}),
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
              `  ${JSON.stringify(Object.fromEntries(movable.map((key) => [key, key.endsWith("Env") ? { NAME: "…" } : "…"])))}`,
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
    backendEnv: values.backendSecretEnv ?? {},
    mcpEnv: values.mcpSecretEnv ?? {},
    checksumKey: values.checksumKey,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
