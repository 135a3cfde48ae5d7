import * as pulumi from "@pulumi/pulumi";

import { asWritten } from "./written";
import type { ApplicationName } from "./application";
import { ConfigError, type RawConfig } from "./reader";
import { isPlainInFile, readStackFile } from "./stack-file";
import {
  optionalSecrets,
  parseConfig,
  type SecretKey,
  secretKeys,
  type StackConfig,
} from "./stack";

/** Secret values as Pulumi hands them out: encrypted in the state, never plain text. */
export interface StackSecrets extends Partial<Record<SecretKey, pulumi.Output<string>>> {
  frontendEnv: pulumi.Output<Record<string, string>>;
  backendEnv: pulumi.Output<Record<string, string>>;
  mcpEnv: pulumi.Output<Record<string, string>>;
  /** Of each application's build; they go to the daemon alone. */
  build: Record<ApplicationName, pulumi.Output<Record<string, string>>>;
}

/**
 * The stack's configuration and secrets. This is the only place that reads Pulumi's configuration.
 * @throws pulumi.RunError with every problem at once (shown without a stack trace)
 */
export function readConfig(): { config: StackConfig; secrets: StackSecrets } {
  const project = pulumi.getProject();
  const all = pulumi.runtime.allConfig();
  const raw: RawConfig = Object.fromEntries(
    Object.entries(all)
      .filter(([key]) => key.startsWith(`${project}:`))
      .map(([key, value]) => [key.slice(project.length + 1), value])
      .map(([key = "", value = ""]) => [key, withWrittenNumbers(key, value)]),
  );
  try {
    const config = parseConfig(raw, {
      context: all["kubernetes:context"],
      isSecret: (key, name) =>
        isConfigSecret(`${project}:${key}`) && (name === undefined || !isPlain(key, name)),
      deploying: true,
    });
    return { config, secrets: readSecrets(config) };
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

function readSecrets(config: StackConfig): StackSecrets {
  const stackConfig = new pulumi.Config();
  const set = secretKeys.filter((key) => config.given[key]);
  const map = (key: string) =>
    pulumi
      .output(stackConfig.getSecretObject<Record<string, string | number | boolean>>(key))
      .apply((values) =>
        Object.fromEntries(Object.entries(values ?? {}).map(([k, v]) => [k, String(v)])),
      );
  const optional = Object.entries(optionalSecrets)
    .filter(([key]) => config.given[key as SecretKey])
    .map(([key, name]) => [name, stackConfig.requireSecret(key)] as const);
  return {
    ...Object.fromEntries(set.map((key) => [key, stackConfig.requireSecret(key)])),
    frontendEnv: map("frontendSecretEnv"),
    mcpEnv: map("mcpSecretEnv"),
    build: {
      frontend: map("frontendBuildSecrets"),
      backend: map("backendBuildSecrets"),
      mcp: map("mcpBuildSecrets"),
    },
    backendEnv: pulumi
      .all([map("backendSecretEnv"), Object.fromEntries(optional)])
      .apply(([own, others]) => ({ ...own, ...others })),
  };
}

/** A list or map, which comes as JSON, with its numbers as the stack's file has them. */
function withWrittenNumbers(key: string, value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    const { values } = readStackFile(pulumi.getStack(), process.cwd());
    return asWritten(JSON.parse(value), values[key]);
  } catch {
    return value; // the file is elsewhere, or the text is no JSON: the reader sees to it
  }
}

/** The engine calls a map secret as soon as one of its values is; which one is not, only the stack's file tells. */
function isPlain(key: string, name: string): boolean {
  try {
    return isPlainInFile(readStackFile(pulumi.getStack(), process.cwd()), key, name);
  } catch {
    return false; // the file is elsewhere (--config-file): the engine's word has to do
  }
}

/** The SDK knows which keys are encrypted and uses it for its own warnings, but leaves it out of its types. */
function isConfigSecret(key: string): boolean {
  const runtime = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return runtime.isConfigSecret(key);
}
