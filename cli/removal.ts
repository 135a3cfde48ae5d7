/** What Kubernetes waits for while a stack is taken down, and nobody else does. */
import { setTimeout as sleep } from "node:timers/promises";

import { kubectl, type ClusterAddress } from "../tools/kubectl";

/** Seconds to end in: enough for PostgreSQL's fast shutdown, and not what an answer in flight may take (60 s in a rollout). */
const GRACE_S = 2;
const LOOK_MS = 300;
const REQUEST_MS = 10_000;

interface Pod {
  metadata: {
    name: string;
    uid: string;
    deletionTimestamp?: string;
    ownerReferences?: { kind: string }[];
  };
}

/**
 * Shortens what Kubernetes waits for while a stack is taken down, for as long as something takes it away:
 *
 * - Pods that are going: each one's preStop and grace period are for requests that are still answered; when all of a stack
 *   goes, they only add up (24 of 35 s, measured). Those that any other can replace are then let go of by the API at once,
 *   and end on their node by themselves; a database's pod has the time that its shutdown takes.
 * - Claims of a namespace that is going: its controller looks after 5 s, and where something is left then, for the first
 *   time again 5 s later. A claim is left by that first look, unless it was deleted before it.
 *
 * What cannot be shortened takes its time: this never fails.
 * @param done when the work is over
 */
export async function hurryRemoval(
  cluster: ClusterAddress,
  namespace: string,
  done: AbortSignal,
): Promise<void> {
  const options = { timeout: REQUEST_MS, signal: done, stopWith: "SIGKILL" } as const;
  const within = (...args: string[]) => kubectl(cluster, ["-n", namespace, ...args], options);
  const shortened = new Set<string>();
  const letGo = new Set<string>();
  let withoutClaims = false;

  const hurryPods = async (): Promise<void> => {
    const ours = ["-l", "app.kubernetes.io/part-of=evolution-of-todo", "-o", "json"];
    const list = await within("get", "pods", ...ours);
    const pods = list.code === 0 ? (JSON.parse(list.stdout) as { items: Pod[] }).items : [];
    const leaving = pods.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const end = async (which: Pod[], asked: Set<string>, ...how: string[]): Promise<void> => {
      const fresh = which.filter(({ metadata }) => !asked.has(metadata.uid));
      if (fresh.length === 0) return;
      const names = fresh.map(({ metadata }) => metadata.name);
      await within("delete", "pod", ...names, ...how, "--wait=false", "--ignore-not-found");
      for (const { metadata } of fresh) asked.add(metadata.uid);
    };
    // At the next look, not at once: the node must have heard of the short time before the API forgets the pod.
    const replaceable = leaving.filter(
      ({ metadata }) =>
        shortened.has(metadata.uid) &&
        metadata.ownerReferences?.some(({ kind }) => kind === "ReplicaSet"),
    );
    await Promise.all([
      end(leaving, shortened, `--grace-period=${GRACE_S}`),
      end(replaceable, letGo, "--grace-period=0", "--force"),
    ]);
  };

  const hurryNamespace = async (): Promise<void> => {
    if (withoutClaims) return;
    const timestamp = ["-o", "jsonpath={.metadata.deletionTimestamp}", "--ignore-not-found"];
    const { code, stdout } = await within("get", "namespace", namespace, ...timestamp);
    if (code !== 0 || stdout.trim() === "") return;
    withoutClaims = true;
    await within("delete", "persistentvolumeclaims", "--all", "--wait=false");
  };

  while (!done.aborted) {
    await Promise.all([hurryPods(), hurryNamespace()]);
    await sleep(LOOK_MS, undefined, { signal: done }).catch(() => undefined);
  }
}
