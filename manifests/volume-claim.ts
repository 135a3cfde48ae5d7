import type { PersistentVolumeClaim, Volume } from "kubernetes-types/core/v1";

import { labels } from "./labels";

/** A folder of an application's that outlives its pods. */
export interface VolumeArgs {
  /** Absolute path in the container. */
  path: string;
  /** A Kubernetes quantity. */
  size: string;
}

/** Name of the volume in the pod. */
export const volumeName = "data";

export function claimName(app: string): string {
  return `${app}-data`;
}

export function volumeClaim(
  namespace: string,
  { app, component }: { app: string; component: string },
  { size }: VolumeArgs,
): PersistentVolumeClaim {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: {
      name: claimName(app),
      namespace,
      labels: labels(app, component),
      // Helm's word for: what is kept here outlives the release.
      annotations: { "helm.sh/resource-policy": "keep" },
    },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
  };
}

export function claimedVolume(app: string): Volume {
  return { name: volumeName, persistentVolumeClaim: { claimName: claimName(app) } };
}
