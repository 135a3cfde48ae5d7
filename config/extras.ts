import type { ConfigReader } from "./reader";

/** Parts that are off unless asked for: access for kubectl-ai, and kagent. */
export interface ExtrasConfig {
  kubectlAi: { enabled: boolean; scale: boolean };
  kagent: { enabled: boolean; namespace: string; version: string };
}

export function readExtras(reader: ConfigReader): ExtrasConfig {
  return {
    kubectlAi: {
      enabled: reader.flag("kubectlAi", false),
      scale: reader.flag("kubectlAiScale", false),
    },
    kagent: {
      enabled: reader.flag("kagent", false),
      namespace: reader.text(
        "kagentNamespace",
        /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
        "a Kubernetes name",
        "kagent",
      ),
      version: reader.text(
        "kagentVersion",
        /^\d+\.\d+\.\d+(-[\w.]+)?$/,
        "the version of a chart",
        "0.9.12",
      ),
    },
  };
}
