import { setTimeout as sleep } from "node:timers/promises";

import type { Kubectl } from "./kubectl";

interface Pod {
  metadata: { uid: string; labels?: Record<string, string> };
  status?: { conditions?: { type: string; status: string }[] };
}

/**
 * Lets a StatefulSet's pod that cannot start be replaced by the one that was set right. The controller waits for a pod to
 * become ready before it replaces it (kubernetes #67250), which this one never does; it is deleted once the StatefulSet
 * wants another revision. A pod that is ready is left alone.
 * @param name of the StatefulSet, which has one pod
 * @param seconds to look for it
 */
export async function replaceStuckPod(
  kubectl: Kubectl,
  name: string,
  seconds: number,
): Promise<void> {
  const before = await revisions(kubectl, name);
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const now = await revisions(kubectl, name);
    const pod = await podOf(kubectl, name);
    const isNew = now !== undefined && now !== before;
    if (isNew && pod?.metadata.labels?.["controller-revision-hash"] === now) return;
    if (isNew && pod !== undefined && !isReady(pod)) {
      await kubectl.ask(["delete", "pod", `${name}-0`, "--now", "--wait=false"]);
    }
    await sleep(1000, undefined, { ref: false }); // the program may end before this does
  }
}

async function revisions(kubectl: Kubectl, name: string): Promise<string | undefined> {
  const path = "--output=jsonpath={.status.updateRevision}";
  return kubectl.ask(["get", "statefulset", name, path]);
}

async function podOf(kubectl: Kubectl, name: string): Promise<Pod | undefined> {
  const json = await kubectl.ask(["get", "pod", `${name}-0`, "--output=json"]);
  return json === undefined ? undefined : (JSON.parse(json) as Pod);
}

function isReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status }) => type === "Ready" && status === "True",
  );
}
