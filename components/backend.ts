import { Deployment as DeploymentResource } from "@pulumi/kubernetes/apps/v1/deployment";
import {
  HorizontalPodAutoscaler as AutoscalerResource,
  type HorizontalPodAutoscalerArgs,
} from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "kubernetes-types/apps/v1";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2";
import type { Service } from "kubernetes-types/core/v1";

import { deployment } from "./deployment";
import { labels } from "./labels";
import type { PodArgs } from "./pod";
import { rollingDeployment } from "./rollout";
import { service, withoutAwait } from "./service";

/** The FastAPI application with its MCP tools. */
export interface BackendArgs {
  namespace: string;
  /** Pods at first; the autoscaler, if there is one, decides after that. */
  replicas: number;
  pod: PodArgs;
  /** Port on every node, for applications whose browser code calls the API; absent keeps it in the cluster. */
  nodePort?: number;
  /** Absent leaves the number of pods at `replicas`. */
  autoscaling?: AutoscalingArgs;
  /** Seconds a rollout may take. */
  timeoutSeconds: number;
}

export interface AutoscalingArgs {
  minReplicas: number;
  maxReplicas: number;
  /** Percent of the CPU request. */
  targetCpuUtilization: number;
}

/** Seed sections 3.5, 3.6 and 3.7. */
export function manifests(args: BackendArgs): {
  deployment: Deployment;
  service: Service;
  autoscaler?: HorizontalPodAutoscaler;
} {
  const { app, component, port } = args.pod;
  return {
    deployment: deployment(args),
    service: service({
      app,
      component,
      namespace: args.namespace,
      port,
      targetPort: port,
      nodePort: args.nodePort,
    }),
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
        scaleUp: { policies: [{ type: "Pods", value: 2, periodSeconds: 30 }] },
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

  /** @param secretsChecksum digest of the secrets that the pods read */
  constructor(
    name: string,
    args: BackendArgs,
    secretsChecksum: pulumi.Input<string | undefined>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Backend", name, {}, opts);
    const { deployment, service, autoscaler } = manifests(args);
    const timeout = `${args.timeoutSeconds}s`;
    this.deployment = new DeploymentResource(
      args.pod.app,
      rollingDeployment(deployment, secretsChecksum),
      {
        parent: this,
        customTimeouts: { create: timeout, update: timeout },
        // The autoscaler owns the number once it exists, or every update would fight it (pulumi-kubernetes #2491).
        ignoreChanges: autoscaler === undefined ? [] : ["spec.replicas"],
      },
    );
    this.service = new ServiceResource(args.pod.app, withoutAwait(service), { parent: this });
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
