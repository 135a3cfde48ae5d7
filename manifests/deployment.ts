import type { Deployment } from "kubernetes-types/apps/v1";

import { hotTemplate, type HotArgs } from "./hot";
import { labels, selector } from "./labels";
import { podTemplate, type PodArgs } from "./pod";

/** What the front end, the back end and the MCP server have in common. */
export interface WorkloadArgs {
  namespace: string;
  /** Image with tag. */
  image: string;
  /** Pods; where there is an autoscaler, pods at first. */
  replicas: number;
  pod: Omit<PodArgs, "image">;
  /** Seconds a rollout may take. */
  timeoutSeconds: number;
  /** Pods that a rollout starts beside the old ones at a time. */
  surge: number;
  /** Only while its files are edited in the cluster. */
  hot?: HotArgs;
}

/** A Deployment that never has fewer ready pods than it should while it rolls (maxUnavailable 0), unless it has a volume. */
export function deployment(args: WorkloadArgs): Deployment {
  const { app, component } = args.pod;
  const template = podTemplate({ ...args.pod, image: args.image });
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app, namespace: args.namespace, labels: labels(app, component) },
    spec: {
      replicas: args.replicas,
      revisionHistoryLimit: 3,
      progressDeadlineSeconds: args.timeoutSeconds,
      strategy:
        args.pod.volume === undefined
          ? { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: args.surge } }
          : // The new pod would wait for the volume that the old one holds.
            { type: "Recreate" },
      selector: { matchLabels: selector(app) },
      template: args.hot === undefined ? template : hotTemplate(template, args.hot),
    },
  };
}
