import { imageSources } from "../../../../stack/images";
import type { PerApplication } from "../../../../stack/per-application";
import { optionalSecrets, type StackConfig } from "../../../../config/stack";
import type { KubernetesObject } from "../../../../render/objects";
import { set, valuesOfStack } from "../../../../render/chart/from-stack";
import { stackFile } from "../../fixtures/stack";
import type { Changes } from "./configurations";
import type { Parsed } from "./objects";
import { createHash } from "node:crypto";

/** Values in place of those that a stack's file holds encrypted. */
export const secretSamples: Record<string, string> = {
  databaseUrl: "postgresql://me:p%40ss@db.example.com:6543/todo?sslmode=require&x=<1>",
  jwtSecret: 'forty "characters" with \\ and {{ braces }}',
  databaseDirectUrl: "postgresql://me:p%40ss@direct.example.com/todo",
  jwtSecretPrevious: 'another "forty characters" with \\ and more',
  openaiApiKey: "sk-0123456789",
  registryPassword: 'pass"word\\',
  kagentMcpToken: "todo_0123456789",
};

/** The secret values of a map of encrypted variables. */
export function secretMap(value: unknown): Record<string, string> {
  const names = Object.keys(value ?? {});
  return Object.fromEntries(names.map((name) => [name, `secret of ${name}: "<&>"`]));
}

/** The back end's secret variables that have configuration keys of their own: in the chart they stand among the others. */
export function optionalSecretSamples(changes: Changes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(optionalSecrets)
      .filter(([key]) => key in changes)
      .map(([key, name]) => [name, secretSamples[key] ?? ""]),
  );
}

/** Image names whose tag follows from all that the image is made from; reading the files is tested elsewhere. */
export function sampleReferences(config: StackConfig): PerApplication<string> {
  const { frontend, backend, mcp } = imageSources(config);
  const reference = (source: typeof frontend) =>
    `${source.repository}:${createHash("sha256").update(JSON.stringify(source)).digest("hex").slice(0, 12)}`;
  return {
    frontend: reference(frontend),
    backend: reference(backend),
    ...(mcp && { mcp: reference(mcp) }),
  };
}

/** Values in place of those that the chart would generate: without a cluster it generates none. */
export const notGenerated = { jwtSecret: "j".repeat(64), databasePassword: "p".repeat(32) };

/**
 * values.yaml that means the same as the configuration.
 * @param objects of the configuration: the chart's user gives the sums of a quota
 */
export function equivalentValues(
  changes: Changes,
  references: PerApplication<string>,
  objects: readonly Parsed[],
): object {
  // The changes are to the dev stack, which sets this key itself.
  const { rolloutSurge } = stackFile().values;
  const keys: Changes = { rolloutSurge, ...changes };
  const samples = Object.entries(secretSamples).filter(([key]) => key in changes);
  const secrets = {
    values: Object.fromEntries(samples),
    frontendEnv: secretMap(changes["frontendSecretEnv"]),
    backendEnv: secretMap(changes["backendSecretEnv"]),
    mcpEnv: secretMap(changes["mcpSecretEnv"]),
  };
  return valuesOfStack(keys, secrets, references, objects as readonly KubernetesObject[]);
}

/** The same for a rendering without a cluster. */
export function renderableValues(...args: Parameters<typeof equivalentValues>): object {
  const values = equivalentValues(...args);
  const { jwtSecret, databasePassword } = notGenerated;
  if (!("jwtSecret" in args[0])) set(values, "secrets.jwtSecret", jwtSecret);
  set(values, "secrets.databasePassword", databasePassword);
  return values;
}
