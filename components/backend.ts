import {
  HorizontalPodAutoscaler as AutoscalerResource,
  type HorizontalPodAutoscalerArgs,
} from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import type * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";

import { withoutAutoscaler } from "../hooks/autoscaler";
import { labels } from "../manifests/labels";
import type { ServiceExposure } from "../manifests/service";
import { workload, type WorkloadArgs, type WorkloadManifests } from "../manifests/workload";
import { plain, Workload, type WorkloadProps } from "./workload";

/** The FastAPI application with its MCP tools. */
export interface BackendArgs extends WorkloadArgs {
  /** A NodePort for applications whose browser code calls the API; otherwise it stays in the cluster. */
  exposure: ServiceExposure;
  /** Absent leaves the number of pods at `replicas`. */
  autoscaling?: AutoscalingArgs;
}

export interface AutoscalingArgs {
  minReplicas: number;
  maxReplicas: number;
  /** Percent of the CPU request. */
  targetCpuUtilization: number;
}

export function manifests(
  args: BackendArgs,
): WorkloadManifests & { autoscaler?: HorizontalPodAutoscaler } {
  return {
    ...workload(args, args.exposure),
    ...(args.autoscaling === undefined ? {} : { autoscaler: autoscaler(args, args.autoscaling) }),
  };
}

/** Up by two pods in 30 s, down by one a minute after five quiet minutes: 70 % of the default request of 100m is only 70m. */
function autoscaler(args: BackendArgs, scaling: AutoscalingArgs): HorizontalPodAutoscaler {
  const { app, component } = args.pod;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: autoscalerName(app),
      namespace: args.namespace,
      labels: labels(app, component),
    },
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: app },
      minReplicas: scaling.minReplicas,
      maxReplicas: scaling.maxReplicas,
      metrics: [
        {
          type: "Resource",
          resource: {
            name: "cpu",
            target: { type: "Utilization", averageUtilization: scaling.targetCpuUtilization },
          },
        },
      ],
      behavior: {
        // A pod that has just started imports its assistant's SDKs: 113 % of the request for some 20 s (measured). Only load
        // that stays for a minute is load; without this each rollout added pods, for five minutes.
        scaleUp: {
          stabilizationWindowSeconds: 60,
          policies: [{ type: "Pods", value: 2, periodSeconds: 30 }],
        },
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        },
      },
    },
  };
}

function autoscalerName(app: string): string {
  return `${app}-hpa`;
}

/** Makes the provider take over fields that somebody else owns, instead of failing with a conflict. */
function withForce(manifest: Deployment): Deployment {
  const annotations = { ...manifest.metadata?.annotations, "pulumi.com/patchForce": "true" };
  return { ...manifest, metadata: { ...manifest.metadata, annotations } };
}

export class Backend extends Workload {
  readonly autoscaler?: AutoscalerResource;

  constructor(
    name: string,
    props: WorkloadProps<BackendArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { autoscaler, ...objects } = manifests(plain(props));
    const { pod, namespace, cluster } = props;
    if (autoscaler === undefined) {
      // The number is the configuration's again, whoever set it last: so the API server must be told to take it over.
      objects.deployment = withForce(objects.deployment);
    }
    super("todo-app:index:Backend", name, props, objects, "backend", opts, {
      ...(autoscaler === undefined
        ? {
            hooks: {
              beforeUpdate: [
                withoutAutoscaler(cluster.kubeContext, namespace, autoscalerName(pod.app)),
              ],
            },
          }
        : // It owns the number once it exists, or every update would fight it (pulumi-kubernetes #2491).
          { ignoreChanges: ["spec.replicas"] }),
    });
    if (autoscaler !== undefined) {
      this.autoscaler = new AutoscalerResource(
        autoscalerName(pod.app),
        autoscaler as HorizontalPodAutoscalerArgs,
        { parent: this, dependsOn: this.deployment },
      );
    }
    this.registerOutputs({});
  }
}
