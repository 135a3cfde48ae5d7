import * as k8s from "@pulumi/kubernetes";
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
  readonly deployment: k8s.apps.v1.Deployment;
  readonly service: k8s.core.v1.Service;

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
    this.deployment = new k8s.apps.v1.Deployment(
      args.pod.app,
      rollingDeployment(deployment, secretsChecksum),
      { parent: this, customTimeouts: { create: timeout, update: timeout } },
    );
    this.service = new k8s.core.v1.Service(args.pod.app, withoutAwait(service), { parent: this });
    this.registerOutputs({});
  }
}
