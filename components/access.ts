import type { StackConfig } from "./config";
import { commands as kubectlAiCommands } from "./kubectl-ai";

/** How people reach what was deployed: the stack's outputs. */
export interface Access {
  /** Where a browser finds the application. */
  url: string;
  /** Shows the pods. */
  pods: string;
  /** Brings the application to `url`, where neither a NodePort nor an ingress does. */
  portForward?: string;
  /** Gives kubectl-ai its kubeconfig and starts it, one after the other. */
  kubectlAi?: string[];
}

/** A NodePort is published on the developer's own machine; a Service inside the cluster needs a forwarded port. */
export function access({ cluster, namespace, frontend, extras, assistant }: StackConfig): Access {
  const kubectl = `kubectl --context ${cluster.context} --namespace ${namespace}`;
  const pods = `${kubectl} get pods`;
  const more = extras.kubectlAi.enabled
    ? { kubectlAi: kubectlAiCommands(cluster.context, namespace, assistant.model) }
    : {};
  if (frontend.publicUrl !== "") return { url: frontend.publicUrl, pods, ...more };
  if (frontend.serviceType === "NodePort") {
    return { url: `http://127.0.0.1:${frontend.nodePort}`, pods, ...more };
  }
  const local = 3000;
  return {
    url: `http://127.0.0.1:${local}`,
    pods,
    portForward: `${kubectl} port-forward service/frontend ${local}:${frontend.port}`,
    ...more,
  };
}
