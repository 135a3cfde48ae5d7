import type { Deployment as DeploymentResource } from "@pulumi/kubernetes/apps/v1/deployment";
import {
  HorizontalPodAutoscaler as AutoscalerResource,
  type HorizontalPodAutoscalerArgs,
} from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import type { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import * as pulumi from "@pulumi/pulumi";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";

import { labels } from "../manifests/labels";
import type { SecretsDigest } from "./rollout";
import type { Reach } from "../manifests/service";
import { registerWorkload, type Workload, workload, type WorkloadArgs } from "./workload";

/** The FastAPI application with its MCP tools. */
export interface BackendArgs extends WorkloadArgs {
  /** A NodePort for applications whose browser code calls the API; otherwise it stays in the cluster. */
  reach: Reach;
  /** Absent leaves the number of pods at `replicas`. */
  autoscaling?: AutoscalingArgs;
}

export interface AutoscalingArgs {
  minReplicas: number;
  maxReplicas: number;
  /** Percent of the CPU request. */
  targetCpuUtilization: number;
}

/** Seed sections 3.5, 3.6 and 3.7. */
export function manifests(args: BackendArgs): Workload & { autoscaler?: HorizontalPodAutoscaler } {
  return {
    ...workload(args, args.reach),
    ...(args.autoscaling === undefined ? {} : { autoscaler: autoscaler(args, args.autoscaling) }),
  };
}

/** Up by two pods in 30 s, down by one a minute after five quiet minutes: 70 % of the seed's request is only 70m. */
function autoscaler(args: BackendArgs, scaling: AutoscalingArgs): HorizontalPodAutoscaler {
  const { app, component } = args.pod;
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: { name: `${app}-hpa`, namespace: args.namespace, labels: labels(app, component) },
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

export class Backend extends pulumi.ComponentResource {
  readonly deployment: DeploymentResource;
  readonly service: ServiceResource;
  readonly autoscaler?: AutoscalerResource;

  /** @param digest of the secrets that the pods read */
  constructor(
    name: string,
    args: BackendArgs,
    digest: SecretsDigest,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Backend", name, {}, opts);
    const { autoscaler, ...objects } = manifests(args);
    ({ deployment: this.deployment, service: this.service } = registerWorkload(
      this,
      args,
      objects,
      digest,
      // The autoscaler owns the number once it exists, or every update would fight it (pulumi-kubernetes #2491).
      autoscaler === undefined ? [] : ["spec.replicas"],
    ));
    if (autoscaler !== undefined) {
      this.autoscaler = new AutoscalerResource(
        `${args.pod.app}-hpa`,
        autoscaler as HorizontalPodAutoscalerArgs,
        { parent: this, dependsOn: this.deployment },
      );
    }
    this.registerOutputs({});
  }
}
