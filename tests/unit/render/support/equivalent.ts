import { applicationNames } from "../../../../config/application";
import { imageSources } from "../../../../stack/images";
import type { PerApplication } from "../../../../stack/per-application";
import { optionalSecrets, type StackConfig } from "../../../../config/stack";
import { chartValues } from "../../../../render/chart/values";
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

/**
 * values.yaml that means the same as the configuration.
 * @param objects of the configuration: the chart's user gives the sums of a quota
 */
export function equivalentValues(
  changes: Changes,
  references: PerApplication<string>,
  objects: readonly Parsed[],
): object {
  const values = {};
  // The changes are to the dev stack, which sets this key itself.
  const { rolloutSurge } = stackFile().values;
  const keys: Changes = { rolloutSurge, ...changes };
  for (const { path, config } of chartValues) {
    if (config === undefined || !(config in keys)) continue;
    if (config.endsWith("Image") && path.endsWith("repository")) continue;
    if (path.startsWith("registry.") && changes["imageLoader"] !== "registry") continue;
    const given = keys[config];
    if (config.endsWith("SecretEnv")) set(values, path, secretMap(given));
    else if (config === "dnsPodLabels") {
      // Helm adds maps up; null takes the default's label away.
      set(values, path, { "k8s-app": null, ...(given as object) });
    } else set(values, path, secretSamples[config] ?? given);
  }
  for (const [name, value] of Object.entries(optionalSecretSamples(changes))) {
    set(values, `backend.secretEnv.${name}`, value);
  }
  for (const app of applicationNames) {
    const [, repository, tag] = /^(.*):([^:]*)$/.exec(references[app] ?? "") ?? [];
    if (repository !== undefined) set(values, `${app}.image`, { repository, tag });
  }
  if (changes["backendExpose"] === "nodePort") set(values, "backend.service.type", "NodePort");
  const quota = objects.find(({ kind }) => kind === "ResourceQuota");
  if (quota !== undefined) set(values, "resourceQuota.hard", quota.spec?.["hard"]);
  if (changes["kagent"] === true) {
    set(values, "networkPolicies.kagentNamespace", changes["kagentNamespace"] ?? "kagent");
  }
  // The engine keeps the volume for as long as the namespace; helm uninstall must not leave one.
  set(values, "database.whenDeleted", "Retain");
  return values;
}

export function set(target: object, path: string, value: unknown): void {
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  const folder = steps.reduce<Record<string, unknown>>(
    (at, step) => (at[step] ??= {}) as Record<string, unknown>,
    target as Record<string, unknown>,
  );
  folder[last] = value;
}
