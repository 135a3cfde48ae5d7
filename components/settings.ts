import { ConfigMap as ConfigMapResource } from "@pulumi/kubernetes/core/v1/configMap";
import * as pulumi from "@pulumi/pulumi";
import type { ConfigMap } from "kubernetes-types/core/v1";

import { labels } from "../manifests/labels";
import { settingsName } from "../manifests/names";
import { type InNamespace, plain, within } from "./namespace";

/** Settings that the applications read and that are no secret. */
export interface SettingsArgs {
  namespace: string;
  /** Setting → value, in the names of the environment variables that receive them. */
  data: Record<string, string>;
}

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

  constructor(
    name: string,
    props: InNamespace<SettingsArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Settings", name, {}, within(props, opts));
    this.configMap = new ConfigMapResource(settingsName, manifests(plain(props)).configMap, {
      parent: this,
    });
    this.registerOutputs({});
  }
}
