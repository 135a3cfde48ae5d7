import type * as pulumi from "@pulumi/pulumi";
import type { Service } from "kubernetes-types/core/v1";

import type { ServiceExposure } from "../manifests/service";
import { workload, type WorkloadArgs, type WorkloadManifests } from "../manifests/workload";
import { plain, Workload, type WorkloadProps } from "./workload";

/** The Next.js application: what browsers talk to. */
export interface FrontendArgs extends WorkloadArgs {
  /** How its Service is reached: by default NodePort 30300. */
  exposure: ServiceExposure;
}

export function manifests(args: FrontendArgs): WorkloadManifests {
  const made = workload(args, args.exposure);
  return args.hot === undefined ? made : { ...made, service: sticky(made.service) };
}

/** A development server's page asks the server that made it for its parts: each browser stays with one pod. */
function sticky(service: Service): Service {
  return { ...service, spec: { ...service.spec, sessionAffinity: "ClientIP" } };
}

export class Frontend extends Workload {
  constructor(
    name: string,
    props: WorkloadProps<FrontendArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Frontend", name, props, manifests(plain(props)), "frontend", opts);
    this.registerOutputs({});
  }
}
