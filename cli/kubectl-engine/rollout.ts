/** Waits until workloads have rolled out; when one does not, says what its pods said last. */
import { UserError } from "../../tools/errors";
import { kubectl, kubectlWords, NamespaceKubectl, type ClusterAddress } from "../../tools/kubectl";
import { podReport } from "../../tools/pod-report";

/** @throws UserError when the workload is not complete within the limit */
export async function waitForRollout(
  cluster: ClusterAddress,
  workload: { kind: string; namespace: string; name: string },
  limitSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  const { kind, namespace, name } = workload;
  const target = `${kind.toLowerCase()}/${name}`;
  const result = await kubectl(
    cluster,
    ["-n", namespace, "rollout", "status", target, `--timeout=${limitSeconds}s`],
    { signal },
  );
  signal.throwIfAborted();
  if (result.code === 0) return;
  const report = await podReport(new NamespaceKubectl(cluster, namespace), name);
  throw new UserError(
    `${kind} ${name} did not roll out within ${limitSeconds} s. Pods that were there before still serve.\n${report}`.trim(),
    [
      `${kubectlWords(cluster)} -n ${namespace} describe pods -l app=${name}`,
      `${kubectlWords(cluster)} -n ${namespace} logs -l app=${name} --all-containers --tail=50`,
    ],
  );
}
