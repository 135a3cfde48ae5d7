/** Programs inside the embedded database's pod, with files of this machine as their input and output. */
import { spawn } from "node:child_process";
import type { Cluster } from "../machine";
import { kubectl } from "../probes/cluster";
import { findProgram } from "../probes/programs";
import { environmentWith } from "../../tools/process";

/** The pod of the one-replica StatefulSet. */
export const POD = "postgres-0";

/** How kubectl is called for this cluster, for people to copy. */
export function kubectlWords(cluster: Cluster): string {
  const file = cluster.kubeconfig === undefined ? "" : `KUBECONFIG=${cluster.kubeconfig} `;
  return `${file}kubectl --context ${cluster.context}`;
}

/** Whether the namespace holds an embedded database. */
export async function hasDatabase(cluster: Cluster, namespace: string): Promise<boolean> {
  const found = await kubectl(cluster, [
    ...["-n", namespace, "get", "statefulset", "postgres", "--ignore-not-found", "-o", "name"],
  ]);
  return found.code !== 0 || found.stdout.trim() !== "";
}

/**
 * Runs a shell line in the pod. Streams: a dump is binary, and may be larger than memory.
 * @param files open file descriptors for its standard input or output
 */
export function inPod(
  cluster: Cluster,
  namespace: string,
  script: string,
  files: { input?: number; output?: number },
  signal: AbortSignal,
): Promise<{ code: number; stderr: string }> {
  const stdin = files.input === undefined ? [] : ["--stdin"];
  const args = ["--context", cluster.context, "-n", namespace, "exec", ...stdin, POD];
  const env = cluster.kubeconfig === undefined ? {} : { KUBECONFIG: cluster.kubeconfig };
  return new Promise((resolve) => {
    const child = spawn(findProgram("kubectl") ?? "kubectl", [...args, "--", "sh", "-c", script], {
      env: environmentWith(env),
      stdio: [files.input ?? "ignore", files.output ?? "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    const stop = (): void => void child.kill("SIGINT");
    signal.addEventListener("abort", stop, { once: true });
    const finish = (code: number): void => {
      signal.removeEventListener("abort", stop);
      resolve({ code, stderr });
    };
    child.on("error", (error) => {
      stderr += error.message;
      finish(127);
    });
    child.on("close", (code) => {
      if (child.pid !== undefined) finish(code ?? 1);
    });
  });
}
