/** Programs inside the embedded database's pod, with files of this machine as their input and output. */
import type { ClusterAddress } from "../../tools/kubectl";
import { kubectl } from "../../tools/kubectl";
import type { RunResult } from "../../tools/process";

/** The pod of the one-replica StatefulSet. */
export const POD = "postgres-0";

/** Whose database: of which stack, in which namespace of which cluster. */
export interface DatabaseTarget {
  stack: string;
  namespace: string;
  cluster: ClusterAddress;
}

/** Whether the namespace holds an embedded database. */
export async function hasDatabase({ cluster, namespace }: DatabaseTarget): Promise<boolean> {
  const found = await kubectl(cluster, [
    ...["-n", namespace, "get", "statefulset", "postgres", "--ignore-not-found", "-o", "name"],
  ]);
  return found.code !== 0 || found.stdout.trim() !== "";
}

/**
 * Runs a shell script in the pod. Streams: a dump is binary, and may be larger than memory.
 * @param files open file descriptors for its standard input or output
 */
export function inPod(
  { cluster, namespace }: DatabaseTarget,
  script: string,
  files: { input?: number; output?: number },
  signal: AbortSignal | undefined,
): Promise<RunResult> {
  const stdin = files.input === undefined ? [] : ["--stdin"];
  const args = ["-n", namespace, "exec", ...stdin, POD, "-c", "postgres", "--", "sh", "-c", script];
  return kubectl(cluster, args, { files, signal });
}
