import { ConfigMap as ConfigMapResource } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";
import type { ConfigMap } from "kubernetes-types/core/v1";

import { labels } from "../manifests/labels";

/** Name of the ConfigMap (seed section 3.3). */
export const settingsName = "todo-config";

/** Settings that the applications read and that are no secret. */
export interface SettingsArgs {
  namespace: string;
  /** Setting → value, in the names of the environment variables that receive them. */
  data: Record<string, string>;
}

/** Seed section 3.3. */
export function manifests(args: SettingsArgs): { configMap: ConfigMap } {
  return {
    configMap: {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: settingsName,
        namespace: args.namespace,
        labels: labels("todo-app", "settings"),
      },
      data: args.data,
    },
  };
}

export class Settings extends pulumi.ComponentResource {
  readonly configMap: ConfigMapResource;

  constructor(name: string, args: SettingsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("todo-app:index:Settings", name, {}, opts);
    this.configMap = new ConfigMapResource(settingsName, manifests(args).configMap, {
      parent: this,
    });
    this.registerOutputs({});
  }
}
