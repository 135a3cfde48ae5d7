import { applicationNames } from "../../config/application";
import { optionalSecrets } from "../../config/stack";
import type { PerApplication } from "../../stack/per-application";
import type { KubernetesObject } from "../component-objects";
import { chartValues } from "./values";

/** Values of the secrets that a stack's configuration names, by their keys; generated ones are not among them. */
export interface GivenSecrets {
  values: Readonly<Record<string, string>>;
  frontendEnv: Readonly<Record<string, string>>;
  backendEnv: Readonly<Record<string, string>>;
  mcpEnv: Readonly<Record<string, string>>;
}

/**
 * The chart's values that mean the same as a stack's configuration.
 * @param configuration the stack's keys, without the project's prefix; what it does not name is at the chart's default
 * @param references the images' names with their tags
 * @param objects the stack's own: the chart's user gives the sums of a quota
 */
export function valuesOfStack(
  configuration: Readonly<Record<string, unknown>>,
  secrets: GivenSecrets,
  references: PerApplication<string>,
  objects: readonly Pick<KubernetesObject, "kind">[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { path, config } of chartValues) {
    if (config === undefined || !(config in configuration)) continue;
    if (config.endsWith("Image") && path.endsWith("repository")) continue;
    if (path.startsWith("registry.") && configuration["imageLoader"] !== "registry") continue;
    const given = configuration[config];
    if (config.endsWith("SecretEnv")) continue;
    if (config === "dnsPodLabels") {
      // Helm adds maps up; null takes the default's label away.
      set(values, path, { "k8s-app": null, ...(given as object) });
    } else set(values, path, secrets.values[config] ?? given);
  }
  const own = Object.entries(optionalSecrets).flatMap(([key, name]) => {
    const value = secrets.values[key];
    return value === undefined ? [] : [[name, value] as const];
  });
  const variables = {
    frontend: secrets.frontendEnv,
    backend: { ...secrets.backendEnv, ...Object.fromEntries(own) },
    mcp: secrets.mcpEnv,
  };
  for (const app of applicationNames) {
    if (Object.keys(variables[app]).length > 0) set(values, `${app}.secretEnv`, variables[app]);
    const [, repository, tag] = /^(.*):([^:]*)$/.exec(references[app] ?? "") ?? [];
    if (repository !== undefined) set(values, `${app}.image`, { repository, tag });
  }
  if (configuration["backendExpose"] === "nodePort")
    set(values, "backend.service.type", "NodePort");
  const quota = objects.find(({ kind }) => kind === "ResourceQuota") as
    { spec?: { hard?: unknown } } | undefined;
  if (quota !== undefined) set(values, "resourceQuota.hard", quota.spec?.hard);
  if (configuration["kagent"] === true) {
    const namespace = configuration["kagentNamespace"] ?? "kagent";
    set(values, "networkPolicies.kagentNamespace", namespace);
  }
  // The engine keeps the volume for as long as the namespace; only `helm uninstall` would not.
  set(values, "database.whenDeleted", "Retain");
  return values;
}

/** Sets the value at a path of names. */
export function set(target: object, path: string, value: unknown): void {
  const steps = path.split(".");
  const last = steps.pop() ?? "";
  const folder = steps.reduce<Record<string, unknown>>(
    (at, step) => (at[step] ??= {}) as Record<string, unknown>,
    target as Record<string, unknown>,
  );
  folder[last] = value;
}
