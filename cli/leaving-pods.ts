/** Pods of a stack that is taken down: nobody waits for what they still do. */
import { setTimeout as sleep } from "node:timers/promises";

import { kubectl, type ClusterAddress } from "../tools/kubectl";

/** Seconds to end in: enough for PostgreSQL's fast shutdown, and not what an answer in flight may take (60 s in a rollout). */
const GRACE_S = 2;
const LOOK_MS = 500;
const REQUEST_MS = 10_000;

interface Pod {
  metadata: { name: string; uid: string; deletionTimestamp?: string };
}

/**
 * Shortens the end of pods that are going already, for as long as something takes them away. Each one's preStop and grace
 * period are for requests that are still answered; when all of a stack goes, they only add up (24 of 35 s, measured).
 * What cannot be shortened takes its time: this never fails.
 * @param done when the work is over
 */
export async function hurryLeavingPods(
  cluster: ClusterAddress,
  namespace: string,
  done: AbortSignal,
): Promise<void> {
  const hurried = new Set<string>();
  const options = { timeout: REQUEST_MS, signal: done, stopWith: "SIGKILL" } as const;
  while (!done.aborted) {
    const ours = ["-l", "app.kubernetes.io/part-of=evolution-of-todo", "-o", "json"];
    const list = await kubectl(cluster, ["-n", namespace, "get", "pods", ...ours], options);
    const pods = list.code === 0 ? (JSON.parse(list.stdout) as { items: Pod[] }).items : [];
    const leaving = pods
      .map(({ metadata }) => metadata)
      .filter(({ uid, deletionTimestamp }) => deletionTimestamp !== undefined && !hurried.has(uid));
    if (leaving.length > 0) {
      const names = leaving.map(({ name }) => name);
      const end = [`--grace-period=${GRACE_S}`, "--wait=false", "--ignore-not-found"];
      await kubectl(cluster, ["-n", namespace, "delete", "pod", ...names, ...end], options);
      for (const { uid } of leaving) hurried.add(uid);
    }
    await sleep(LOOK_MS, undefined, { signal: done }).catch(() => undefined);
  }
}

/**
 * Ends all pods of a namespace, before it is deleted: a namespace with pods in it is looked at again only after half of
 * their grace period, 31 s (Kubernetes's namespace controller).
 */
export async function endPods(
  cluster: ClusterAddress,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const at = ["-n", namespace, "delete"];
  await kubectl(cluster, [...at, "deployments,statefulsets", "--all", "--wait=false"], { signal });
  const end = [`--grace-period=${GRACE_S}`, "--wait", "--timeout=60s"];
  await kubectl(cluster, [...at, "pods", "--all", ...end], { signal });
}
