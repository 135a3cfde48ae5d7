import type { ObjectMeta } from "kubernetes-types/meta/v1";

/**
 * An object that the provider does not wait for: a NodePort Service whose pods are already ready takes it ten seconds
 * (measured), and a claim may wait for its first pod. The Deployments are awaited.
 */
export function withoutAwait<Manifest extends { metadata?: ObjectMeta }>(
  manifest: Manifest,
): Manifest {
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      annotations: { ...manifest.metadata?.annotations, "pulumi.com/skipAwait": "true" },
    },
  };
}
