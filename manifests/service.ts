import type { Service } from "kubernetes-types/core/v1";

import { labels, selector } from "./labels";
import type { PodArgs } from "./pod";

/** How far a Service reaches: the cluster, a port of every node, or an address of the cloud's. */
export type ServiceExposure = (
  { type: "ClusterIP" } | { type: "LoadBalancer" } | { type: "NodePort"; nodePort: number }
) & {
  /** Keeps a client, by its address, at one pod. */
  sessionAffinity?: boolean;
};

/** A Service before the pods of one application, on their own port. */
export function service(
  namespace: string,
  { app, component, port }: Pick<PodArgs, "app" | "component" | "port">,
  exposure: ServiceExposure = { type: "ClusterIP" },
): Service {
  const nodePort = exposure.type === "NodePort" ? { nodePort: exposure.nodePort } : {};
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: app, namespace, labels: labels(app, component) },
    spec: {
      type: exposure.type,
      selector: selector(app),
      ...(exposure.sessionAffinity === true ? { sessionAffinity: "ClientIP" } : {}),
      ports: [{ name: "http", port, targetPort: port, ...nodePort }],
    },
  };
}
