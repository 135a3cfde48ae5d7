import type { Service } from "kubernetes-types/core/v1";

import { labels, selector } from "./labels";

export interface ServiceArgs {
  app: string;
  component: string;
  namespace: string;
  port: number;
  targetPort: number;
  /** Port on every node; absent for a Service inside the cluster. */
  nodePort?: number;
}

/** A Service before the pods of one application (seed section 3.6). */
export function service(args: ServiceArgs): Service {
  const { app, component, namespace, port, targetPort, nodePort } = args;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app, namespace, labels: labels(app, component) },
    spec: {
      type: nodePort === undefined ? "ClusterIP" : "NodePort",
      selector: selector(app),
      ports: [{ name: "http", port, targetPort, ...(nodePort === undefined ? {} : { nodePort }) }],
    },
  };
}

/**
 * The provider waits ten seconds for a NodePort Service whose pods are already ready (measured); the Deployments are
 * awaited, so the Services need not be.
 */
export function withoutAwait(manifest: Service): Service {
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      annotations: { ...manifest.metadata?.annotations, "pulumi.com/skipAwait": "true" },
    },
  };
}
