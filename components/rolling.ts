import type { DeploymentArgs } from "@pulumi/kubernetes/apps/v1/deployment";
import type { StatefulSetArgs } from "@pulumi/kubernetes/apps/v1/statefulSet";
import * as pulumi from "@pulumi/pulumi";
import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1";

import { secretsChecksum } from "../manifests/checksum";

/** Keyed digest of the secrets that a pod reads; undefined where it reads none. */
export type SecretsDigest = pulumi.Input<string | undefined>;

/** The Deployment as the engine registers it: its pods roll when the secrets that they read change. */
export function rollingDeployment(manifest: Deployment, digest: SecretsDigest): DeploymentArgs {
  return withSecretsChecksum(manifest, digest) as DeploymentArgs;
}

/** The StatefulSet as the engine registers it: its pod restarts when the secrets that it reads change. */
export function rollingStatefulSet(manifest: StatefulSet, digest: SecretsDigest): StatefulSetArgs {
  return withSecretsChecksum(manifest, digest) as StatefulSetArgs;
}

/**
 * Adds the digest beside the annotations that the pods have, and nothing else; while it is unknown, the rest of the
 * workload stays readable in previews. The types of manifests mark fields optional that the SDK's types require, hence
 * the casts above.
 */
function withSecretsChecksum(manifest: Deployment | StatefulSet, digest: SecretsDigest): unknown {
  const template = manifest.spec?.template;
  const annotations = pulumi.output(digest).apply((value): Record<string, string> => ({
    ...template?.metadata?.annotations,
    ...(value === undefined ? {} : { [secretsChecksum]: value }),
  }));
  return {
    ...manifest,
    spec: {
      ...manifest.spec,
      template: { ...template, metadata: { ...template?.metadata, annotations } },
    },
  };
}
