import { Deployment as DeploymentResource } from "@pulumi/kubernetes/apps/v1/deployment";
import { PersistentVolumeClaim as ClaimResource } from "@pulumi/kubernetes/core/v1/persistentVolumeClaim";
import { Service as ServiceResource } from "@pulumi/kubernetes/core/v1/service";
import { PodDisruptionBudget as DisruptionBudgetResource } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import * as pulumi from "@pulumi/pulumi";

import type { SecretReader } from "../manifests/secret-data";
import { showWhyPodsFail } from "../hooks/failed-rollout";
import { replacePorts } from "../hooks/ports";
import { withoutAwait } from "../manifests/without-await";
import type { WorkloadArgs, WorkloadManifests } from "../manifests/workload";
import type { Credentials } from "./credentials";
import type { Database } from "./database";
import type { Image } from "./image";
import type { Providers } from "./providers";
import { rollingDeployment } from "./rolling";
import type { Settings } from "./settings";

/** A workload's arguments with the components that it needs: its pods wait for them and roll with their changes. */
export type WorkloadProps<Args extends WorkloadArgs> = Omit<Args, "image"> & {
  /** What the pods run. */
  image: Image;
  /** The settings that the pods read. */
  settings: Settings;
  /** The secrets that the pods read: they roll when one of them changes. */
  credentials: Credentials;
  /** Where the pods run. */
  cluster: Providers;
  /** The database in the namespace, where the pods connect to it. */
  database?: Database | undefined;
};

/** A Deployment with its Service and disruption budget: what the front end, the back end and the MCP server are made of. */
export abstract class Workload extends pulumi.ComponentResource {
  readonly deployment: DeploymentResource;
  readonly service: ServiceResource;

  /**
   * @param reader whose secrets make the pods roll
   * @param deploymentOptions how the Deployment is registered, beyond what every workload needs
   */
  protected constructor(
    type: string,
    name: string,
    props: WorkloadProps<WorkloadArgs>,
    manifests: WorkloadManifests,
    reader: SecretReader,
    opts?: pulumi.ComponentResourceOptions,
    deploymentOptions: pulumi.CustomResourceOptions = {},
  ) {
    const { image, settings, credentials, database, cluster, timeoutSeconds } = props;
    const needs = [image.loaded, credentials, settings, ...(database ? [database] : [])];
    super(type, name, {}, pulumi.mergeOptions({ dependsOn: needs }, opts));
    const app = manifests.deployment.metadata?.name ?? "";
    const timeout = `${timeoutSeconds}s`;
    if (manifests.volumeClaim !== undefined) {
      new ClaimResource(
        manifests.volumeClaim.metadata?.name ?? "",
        withoutAwait(manifests.volumeClaim),
        // Its data outlives the key that asked for it, until the namespace goes.
        { parent: this, retainOnDelete: true, provider: cluster.kept },
      );
    }
    new DisruptionBudgetResource(app, manifests.disruptionBudget, { parent: this });
    this.deployment = new DeploymentResource(
      app,
      rollingDeployment(manifests.deployment, credentials.checksum(reader)),
      {
        ...deploymentOptions,
        parent: this,
        customTimeouts: { create: timeout, update: timeout },
        hooks: {
          ...deploymentOptions.hooks,
          beforeUpdate: [
            ...(deploymentOptions.hooks?.beforeUpdate ?? []),
            replacePorts(cluster.kubeContext, props.namespace, "deployment", app),
          ],
          onError: [showWhyPodsFail(cluster.kubeContext, props.namespace, app)],
        },
      },
    );
    this.service = new ServiceResource(app, withoutAwait(manifests.service), {
      parent: this,
      hooks: {
        beforeUpdate: [replacePorts(cluster.kubeContext, props.namespace, "service", app)],
      },
    });
  }
}

/** The arguments as plain values, for the pure functions that make the objects. */
export function plain<Args extends WorkloadArgs>(props: WorkloadProps<Args>): Args {
  return { ...props, image: props.image.reference } as unknown as Args;
}
