import * as pulumi from "@pulumi/pulumi";

import { NamespaceKubectl } from "../tools/kubectl";

/**
 * Takes the autoscaler away before the Deployment gets the number of pods that the configuration names. The engine deletes
 * what a program no longer has after everything else, and until then the autoscaler would set its own number again.
 * @param name of the HorizontalPodAutoscaler
 */
export function withoutAutoscaler(
  kubeContext: string,
  namespace: string,
  name: string,
): pulumi.ResourceHook {
  return new pulumi.ResourceHook(`without-autoscaler-${name}`, async () => {
    const args = ["delete", "horizontalpodautoscaler", name, "--ignore-not-found"];
    await new NamespaceKubectl({ context: kubeContext }, namespace).run(args);
  });
}
