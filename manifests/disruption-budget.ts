import type { PodDisruptionBudget } from "kubernetes-types/policy/v1";

import { labels, selector } from "./labels";
import type { PodArgs } from "./pod";

/**
 * A drained node takes one pod of an application at a time. Pods that are not ready may always be evicted, or a
 * broken application would stop the drain of its node for good.
 */
export function disruptionBudget(
  namespace: string,
  { app, component }: Pick<PodArgs, "app" | "component">,
): PodDisruptionBudget {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: app, namespace, labels: labels(app, component) },
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selector(app) },
    },
  };
}
