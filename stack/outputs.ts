import type { StackConfig } from "../config/stack";
import { kubectlAiCommands } from "../manifests/kubectl-ai-commands";

/** How people reach what was deployed: the stack's outputs, each there in every stack. */
export interface StackOutputs {
  /** Where a browser finds the application. */
  url: string;
  /** Shows the pods. */
  pods: string;
  /** Brings the application to this machine, where `url` cannot be reached. */
  portForward: string;
  /** Gives kubectl-ai its kubeconfig and starts it, one after the other; empty where that is off. */
  kubectlAi: string[];
}

/** Port on this machine of a forwarded application. */
const local = 3000;

export function outputs(config: StackConfig): StackOutputs {
  const { cluster, namespace, frontend, extras, assistant } = config;
  const kubectl = `kubectl --context ${cluster.context} --namespace ${namespace}`;
  return {
    url: url(config),
    pods: `${kubectl} get pods`,
    portForward: `${kubectl} port-forward service/frontend ${local}:${frontend.port}`,
    kubectlAi: extras.kubectlAi.enabled
      ? kubectlAiCommands(cluster.context, namespace, assistant.model)
      : [],
  };
}

/** A NodePort is published on the developer's own machine; a Service inside the cluster needs a forwarded port. */
function url({ frontend }: StackConfig): string {
  if (frontend.publicUrl !== "") return frontend.publicUrl;
  return `http://127.0.0.1:${frontend.serviceType === "NodePort" ? frontend.nodePort : local}`;
}
