/** How often Minikube's metrics-server looks at the pods: the autoscaler sees nothing sooner. */
import { kubectl, type ClusterAddress } from "../../tools/kubectl";
import { print } from "../terminal";

const ARGUMENT = "--metric-resolution=";
/** Seconds; metrics-server refuses less than 10, and its own manifests have 15. Minikube's addon has 60. */
const SAMPLING_SECONDS = 15;

/**
 * The JSON patch that has metrics-server sample every 15 s; undefined when nothing is to be changed.
 *
 * @param args of its container
 */
export function samplingPatch(args: string[]): string | undefined {
  const index = args.findIndex((argument) => argument.startsWith(ARGUMENT));
  const value = `${ARGUMENT}${SAMPLING_SECONDS}s`;
  if (index === -1 || args[index] === value) return undefined;
  const path = `/spec/template/spec/containers/0/args/${index}`;
  return JSON.stringify([
    { op: "test", path, value: args[index] },
    { op: "replace", path, value },
  ]);
}

/** Sets it. The application serves without, so a failure is said and ends nothing. */
export async function sampleOften(cluster: ClusterAddress, signal: AbortSignal): Promise<void> {
  const deployment = ["-n", "kube-system", "deployment/metrics-server"];
  const path = "jsonpath={.spec.template.spec.containers[0].args}";
  const read = await kubectl(cluster, ["get", ...deployment, "-o", path], { signal });
  // Nothing where the container has no arguments, or the addon has not made its Deployment yet.
  const args = read.stdout.trim() === "" ? [] : (JSON.parse(read.stdout) as string[]);
  const patch = read.code === 0 ? samplingPatch(args) : undefined;
  if (read.code === 0 && patch === undefined) return;
  const patched =
    patch !== undefined &&
    (await kubectl(cluster, ["patch", ...deployment, "--type=json", "-p", patch], { signal }))
      .code === 0;
  print(
    patched
      ? `Minikube: metrics-server samples every ${SAMPLING_SECONDS} s`
      : "Minikube: metrics-server samples once a minute, so the autoscaler acts late",
  );
}
