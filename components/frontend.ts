import { Deployment as DeploymentResource } from "@pulumi/kubernetes/apps/v1/deployment";
import { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "kubernetes-types/apps/v1";
import type { Service } from "kubernetes-types/core/v1";

import { deployment } from "./deployment";
import type { PodArgs } from "./pod";
import { rollingDeployment } from "./rollout";
import { service, withoutAwait } from "./service";

/** The Next.js application: what browsers talk to. */
export interface FrontendArgs {
  namespace: string;
  replicas: number;
  pod: PodArgs;
  /** Port on every node (seed section 3.6: 30300). */
  nodePort: number;
  /** Seconds a rollout may take. */
  timeoutSeconds: number;
}

/** Seed sections 3.4 and 3.6. */
export function manifests(args: FrontendArgs): { deployment: Deployment; service: Service } {
  const { app, component, port } = args.pod;
  return {
    deployment: deployment({ ...args, pod: args.pod }),
    service: service({
      app,
      component,
      namespace: args.namespace,
      port,
      targetPort: port,
      nodePort: args.nodePort,
    }),
  };
}

export class Frontend extends pulumi.ComponentResource {
  readonly deployment: DeploymentResource;
  readonly service: ServiceResource;

  /** @param secretsChecksum digest of the secrets that the pods read, if they read any */
  constructor(
    name: string,
    args: FrontendArgs,
    secretsChecksum: pulumi.Input<string | undefined>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Frontend", name, {}, opts);
    const { deployment, service } = manifests(args);
    const timeout = `${args.timeoutSeconds}s`;
    this.deployment = new DeploymentResource(
      args.pod.app,
      rollingDeployment(deployment, secretsChecksum),
      { parent: this, customTimeouts: { create: timeout, update: timeout } },
    );
    this.service = new ServiceResource(args.pod.app, withoutAwait(service), { parent: this });
    this.registerOutputs({});
  }
}
