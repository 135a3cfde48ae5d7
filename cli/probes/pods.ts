/** Why pods do not become ready: the scheduler's, the kubelet's or their own last words. */
import { tail } from "../../tools/process";
import { kubectl, type ClusterAddress } from "../../tools/kubectl";

interface PodList {
  items: {
    metadata: { name: string; creationTimestamp: string };
    status: {
      phase: string;
      containerStatuses?: ContainerStatus[];
      initContainerStatuses?: ContainerStatus[];
      conditions?: { type: string; status: string; message?: string }[];
    };
  }[];
}

interface ContainerStatus {
  name: string;
  ready: boolean;
  restartCount: number;
  state?: { waiting?: { reason?: string; message?: string } };
  lastState?: { terminated?: { exitCode: number; reason?: string; message?: string } };
}

/** Why the pods of an application are not ready, with their last log lines. */
export async function podTrouble(
  cluster: ClusterAddress,
  namespace: string,
  app: string,
): Promise<string> {
  const listed = await kubectl(cluster, [
    "-n",
    namespace,
    "get",
    "pods",
    "-l",
    `app=${app}`,
    "-o",
    "json",
  ]);
  if (listed.code !== 0) return tail(listed.stderr, 3);
  const pods = (JSON.parse(listed.stdout) as PodList).items;
  for (const pod of pods) {
    const containers = [
      ...(pod.status.initContainerStatuses ?? []),
      ...(pod.status.containerStatuses ?? []),
    ];
    const bad = containers.find(({ state, lastState }) => state?.waiting ?? lastState?.terminated);
    const unscheduled = pod.status.conditions?.find(
      ({ type, status }) => type === "PodScheduled" && status === "False",
    );
    if (unscheduled !== undefined) return `Pod ${pod.metadata.name}: ${unscheduled.message ?? ""}`;
    if (bad === undefined) continue;
    const reason = bad.state?.waiting?.reason ?? bad.lastState?.terminated?.reason ?? "not ready";
    const logs = await lastWords(cluster, namespace, pod.metadata.name, bad.name);
    const said = logs || (bad.state?.waiting?.message ?? "");
    return `Pod ${pod.metadata.name}, container ${bad.name}: ${reason}\n${said}`;
  }
  return pods.length === 0 ? "It has no pod." : "Its pods run but do not become ready.";
}

async function lastWords(
  cluster: ClusterAddress,
  namespace: string,
  pod: string,
  container: string,
): Promise<string> {
  const args = ["-n", namespace, "logs", pod, "-c", container, "--tail=20"];
  const previous = await kubectl(cluster, [...args, "--previous"]);
  if (previous.code === 0 && previous.stdout.trim() !== "") return previous.stdout.trimEnd();
  return (await kubectl(cluster, args)).stdout.trimEnd();
}
