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
  if (fs.existsSync(file)) return JSON.parse(fs.readFileSync(file, "utf8")) as Kept;
  const fresh: Kept = {
    databasePassword: generated(32),
    jwtSecret: generated(64),
    checksumKey: generated(32),
  };
  writePrivately(file, `${JSON.stringify(fresh, null, 2)}\n`);
  return fresh;
}

/** Whether a value is given by the user in place of a generated one. */
export function givenSecrets(stack: string): Record<"databaseUrl" | "openaiApiKey", boolean> {
  const values = kept(stack);
  return { databaseUrl: Boolean(values.databaseUrl), openaiApiKey: Boolean(values.openaiApiKey) };
}

/** @throws UserError when the stack's file holds values that only Pulumi can decrypt */
export function secretInput(stack: string, stackFile: StackFile): SecretInput {
  const encrypted = Object.entries(stackFile.values)
    .filter(([, value]) => JSON.stringify(value).includes('"secure":') || isEncrypted(value))
    .map(([key]) => key);
  if (encrypted.length > 0) {
    throw new UserError(
      `The stack's file holds encrypted values, which only Pulumi can read: ${encrypted.join(", ")}.`,
      [
        "Install Pulumi (https://www.pulumi.com/docs/install/) and run npm start, or",
        `write them into ${path.relative(root, fileOf(stack))} and remove them from the stack's file`,
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
    frontendEnv: {},
    backendEnv: {},
    checksumKey: values.checksumKey,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
