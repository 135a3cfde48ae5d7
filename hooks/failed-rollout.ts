import * as pulumi from "@pulumi/pulumi";

import { NamespaceKubectl } from "../tools/kubectl";
import { podReport } from "../tools/pod-report";

/**
 * Shows why a rollout failed: the provider waits and then names the Deployment alone. The reason stands with the resource,
 * wherever the engine's words are shown.
 * @param app the label by which the workload's pods are found
 */
export function showWhyPodsFail(
  kubeContext: string,
  namespace: string,
  app: string,
): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`show-why-pods-fail-${app}`, async ({ errors, urn }) => {
    const isRollout = /timed out|failed to (fully )?initialize|did not become|not ready|rollout/i;
    if (errors.length !== 1 || !isRollout.test(errors[0] ?? "")) return false;
    const text = await podReport(new NamespaceKubectl({ context: kubeContext }, namespace), app);
    // Not by the resource itself, which knows its URN only once it is made.
    if (text !== "") await pulumi.log.error(text, new pulumi.DependencyResource(urn));
    return false;
  });
}
