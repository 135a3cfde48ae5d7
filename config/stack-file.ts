import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

import { parseConfig, type StackConfig } from "./stack";
import { parseWritten } from "./written";

/** A stack's configuration as its file has it, beside the facts about it that are no values. */
export interface StackFile {
  /** Key without the project's prefix → value; secrets are objects that hold the encrypted text. */
  values: Record<string, unknown>;
  context?: string;
}

interface Project {
  name: string;
  config: Record<string, { default?: unknown }>;
}

/**
 * Reads Pulumi.yaml's defaults and, over them, Pulumi.<stack>.yaml, as the engine does.
 * @throws Error naming the file that is missing
 */
export function readStackFile(stack: string, root: string): StackFile {
  const project = readFileSync(path.join(root, "Pulumi.yaml"), "utf8");
  const file = path.join(root, `Pulumi.${stack}.yaml`);
  if (!existsSync(file)) {
    throw new Error(
      `There is no stack ${stack}: Pulumi.${stack}.yaml does not exist. \`npm start\` makes the stack local.`,
    );
  }
  return stackFileOf(project, readFileSync(file, "utf8"));
}

/** The same from the texts of Pulumi.yaml and of a stack's file. */
export function stackFileOf(projectText: string, text: string): StackFile {
  const project = parse(projectText) as Project;
  const content = parseWritten(text) as { config?: Record<string, unknown> } | null;
  const config = content?.config ?? {};
  const prefix = `${project.name}:`;
  const defaults = Object.entries(project.config).flatMap(([key, { default: value }]) =>
    value === undefined ? [] : [[key, value] as const],
  );
  const own = Object.entries(config).flatMap(([key, value]) =>
    key.startsWith(prefix) ? [[key.slice(prefix.length), value] as const] : [],
  );
  const context = config["kubernetes:context"];
  return {
    values: { ...Object.fromEntries(defaults), ...Object.fromEntries(own) },
    ...(typeof context === "string" ? { context } : {}),
  };
}

/**
 * The configuration of a stack file without an engine. Encrypted values cannot be read here, only that they are set.
 * @throws ConfigError as the program itself would
 */
export function parseStackFile({ values, context }: StackFile): StackConfig {
  const plain = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, readable(key, value)]),
  );
  return parseConfig(plain, {
    ...(context === undefined ? {} : { context }),
    isSecret: (key, name) =>
      name === undefined ? isEncrypted(values[key]) : !isPlainInFile({ values }, key, name),
  });
}

/** The value with something of the right form in place of what is encrypted, also within a map. */
function readable(key: string, value: unknown): unknown {
  if (isEncrypted(value)) return standIn(key);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, inner]) => [name, readable(name, inner)]));
}

/** Encrypted values are `{ secure: "…" }` in a stack's file. */
export function isEncrypted(value: unknown): boolean {
  return typeof value === "object" && value !== null && "secure" in value;
}

/** Whether one value of a map stands in the file in clear. */
export function isPlainInFile({ values }: StackFile, key: string, name: string): boolean {
  const value = valueOf(values[key], name);
  return value !== undefined && !isEncrypted(value);
}

/** One value of a map; encrypted ones are seen as they stand. */
function valueOf(map: unknown, name: string): unknown {
  // `pulumi config set --secret KEY '{…}'` encrypts a whole map at once.
  if (isEncrypted(map)) return map;
  const values = typeof map === "string" ? parsed(map) : map;
  return typeof values === "object" && values !== null
    ? (values as Record<string, unknown>)[name]
    : undefined;
}

/** `pulumi config set KEY '{…}'` writes a map as one text of JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A value of the right form in place of one that is encrypted; the objects never hold secret values. */
function standIn(key: string): unknown {
  if (key === "databaseUrl" || key === "databaseDirectUrl")
    return "postgresql://encrypted:encrypted@encrypted/encrypted";
  return "encrypted-".repeat(4);
}
