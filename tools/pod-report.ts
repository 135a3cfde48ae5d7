/** Asks a cluster why the pods of an application are not ready: the scheduler's, the kubelet's and their own last words. */
import type { ContainerStatus, Event, Pod } from "kubernetes-types/core/v1";

import type { NamespaceKubectl } from "./kubectl";
import { describePods, unreadyContainers, type ContainerWords } from "./unready-pods";

/** Lines of a container's log; more would hide the others. */
const LOG_LINES = 15;

/**
 * Every container that is not ready: restarts, last end, probe that fails, and what it printed last.
 * @param app the label by which the pods are found
 * @returns lines for people; empty where every pod is ready, or the cluster does not say
 */
export async function podReport(kubectl: NamespaceKubectl, app: string): Promise<string> {
  const listed = await kubectl.ask(["get", "pods", "--selector", `app=${app}`, "--output=json"]);
  if (listed === undefined) return "";
  const pods = (JSON.parse(listed) as { items: Pod[] }).items;
  if (pods.length === 0) return `There is no pod of ${app}.`;
  return describePods(
    await Promise.all(pods.map(async (pod) => ({ pod, words: await wordsOf(kubectl, pod) }))),
  );
}

async function wordsOf(kubectl: NamespaceKubectl, pod: Pod): Promise<Map<string, ContainerWords>> {
  const name = pod.metadata?.name ?? "";
  const words = unreadyContainers(pod).map(async (status): Promise<[string, ContainerWords]> => {
    const [probe, current, previous] = await Promise.all([
      failedProbe(kubectl, name, status.name),
      status.state?.waiting === undefined ? log(kubectl, name, status) : "",
      status.restartCount > 0 ? log(kubectl, name, status, "--previous") : "",
    ]);
    return [status.name, { ...(probe === undefined ? {} : { probe }), current, previous }];
  });
  return new Map(await Promise.all(words));
}

/** The kubelet tells of a failing probe in an event alone. */
async function failedProbe(
  kubectl: NamespaceKubectl,
  pod: string,
  container: string,
): Promise<Event | undefined> {
  const selector = `involvedObject.name=${pod},reason=Unhealthy`;
  const listed = await kubectl.ask(["get", "events", `--field-selector=${selector}`, "-o", "json"]);
  if (listed === undefined) return undefined;
  return (JSON.parse(listed) as { items: Event[] }).items
    .filter(({ involvedObject }) => involvedObject.fieldPath?.includes(`{${container}}`))
    .at(-1);
}

async function log(
  kubectl: NamespaceKubectl,
  pod: string,
  { name }: ContainerStatus,
  ...more: string[]
): Promise<string> {
  const args = ["logs", pod, "--container", name, `--tail=${LOG_LINES}`, ...more];
  return (await kubectl.ask(args)) ?? "";
}
