import { LimitRange as LimitRangeResource } from "@pulumi/kubernetes/core/v1/limitRange";
import { ResourceQuota as ResourceQuotaResource } from "@pulumi/kubernetes/core/v1/resourceQuota";
import * as pulumi from "@pulumi/pulumi";
import type { LimitRange, ResourceQuota } from "kubernetes-types/core/v1";

import { labels } from "../manifests/labels";
import { type InNamespace, plain, within } from "./namespace";
import type { PodArgs } from "../manifests/pod";
import { bytes, cpuQuantity, memoryQuantity, millicores } from "../manifests/quantity";

/** What the whole namespace may use. */
export interface LimitsArgs {
  namespace: string;
  /** Each workload: its pods at most, those that an update adds included, and what one of them may use. */
  workloads: { pods: number; resources: PodArgs["resources"] }[];
  /** What a container gets that says nothing itself, such as a job of the user's own. */
  defaults: PodArgs["resources"];
}

/** Pods on their way out still count, and somebody's job wants room: twice what the stack itself needs. */
const headroom = 2;

export function manifests(args: LimitsArgs): { quota: ResourceQuota; limitRange: LimitRange } {
  const { namespace, workloads, defaults } = args;
  const total = (amount: (resources: PodArgs["resources"]) => number) =>
    headroom * workloads.reduce((sum, { pods, resources }) => sum + pods * amount(resources), 0);
  const metadata = { namespace, labels: labels("todo-app", "limits") };
  return {
    quota: {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { ...metadata, name: "todo-quota" },
      spec: {
        hard: {
          "requests.cpu": cpuQuantity(total(({ cpuRequest }) => millicores(cpuRequest))),
          "requests.memory": memoryQuantity(total(({ memoryRequest }) => bytes(memoryRequest))),
          "limits.cpu": cpuQuantity(total(({ cpuLimit }) => millicores(cpuLimit))),
          "limits.memory": memoryQuantity(total(({ memoryLimit }) => bytes(memoryLimit))),
          pods: String(total(() => 1)),
        },
      },
    },
    limitRange: {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { ...metadata, name: "todo-limits" },
      spec: {
        limits: [
          {
            type: "Container",
            default: { cpu: defaults.cpuLimit, memory: defaults.memoryLimit },
            defaultRequest: { cpu: defaults.cpuRequest, memory: defaults.memoryRequest },
          },
        ],
      },
    },
  };
}

export class Limits extends pulumi.ComponentResource {
  constructor(
    name: string,
    props: InNamespace<LimitsArgs>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("todo-app:index:Limits", name, {}, within(props, opts));
    const { quota, limitRange } = manifests(plain(props));
    new ResourceQuotaResource("todo-quota", quota, { parent: this });
    new LimitRangeResource("todo-limits", limitRange, { parent: this });
    this.registerOutputs({});
  }
}
