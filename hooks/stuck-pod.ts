import { setTimeout as sleep } from "node:timers/promises";

import type { NamespaceKubectl } from "../tools/kubectl";

interface Pod {
  metadata: { labels?: Record<string, string>; deletionTimestamp?: string };
  status?: { conditions?: { type: string; status: string }[] };
}

/**
 * Lets a StatefulSet's pod that cannot start be replaced by the one that was set right. The controller waits for a pod to
 * become ready before it replaces it (kubernetes #67250), which this one never does; it is deleted once the StatefulSet
 * wants another revision. A pod that is ready or already going is left alone.
 * @param name of the StatefulSet, which has one pod; its template is about to change
 * @param seconds to look for it
 * @returns once it is known from which revision it changes: the looking goes on beside the update, which waits for the pod
 */
export async function replaceStuckPod(
  kubectl: NamespaceKubectl,
  name: string,
  seconds: number,
): Promise<void> {
  const before = await revision(kubectl, name);
  // Nothing is lost when it cannot be asked: the update then says why.
  void replaceAfter(before, kubectl, name, seconds).catch(() => undefined);
}

async function replaceAfter(
  before: string | undefined,
  kubectl: NamespaceKubectl,
  name: string,
  seconds: number,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const now = await revision(kubectl, name);
    if (now !== undefined && now !== before) {
      const pod = await podOf(kubectl, name);
      if (pod?.metadata.labels?.["controller-revision-hash"] === now) return;
      // Asked to go, by the controller or from here, it may take the time that PostgreSQL needs to stop.
      if (pod !== undefined && !isReady(pod) && pod.metadata.deletionTimestamp === undefined) {
        await kubectl.ask(["delete", "pod", `${name}-0`, "--wait=false"]);
      }
    }
    await sleep(1000, undefined, { ref: false }); // the program may end before this does
  }
}

async function revision(kubectl: NamespaceKubectl, name: string): Promise<string | undefined> {
  const path = "--output=jsonpath={.status.updateRevision}";
  return kubectl.ask(["get", "statefulset", name, path]);
}

async function podOf(kubectl: NamespaceKubectl, name: string): Promise<Pod | undefined> {
  const json = await kubectl.ask(["get", "pod", `${name}-0`, "--output=json"]);
  return json === undefined ? undefined : (JSON.parse(json) as Pod);
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}
