/** Rows of `npm run status`, from what kubectl lists. Pure. */
import { editedPods, type EditedPod } from "./hot/edited";

interface Container {
  name: string;
  image: string;
}

interface ContainerStatus {
  ready: boolean;
  restartCount: number;
  state?: { waiting?: { reason?: string } };
}

export interface Item {
  kind: string;
  metadata: {
    name: string;
    creationTimestamp: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
  };
  spec: {
    replicas?: number;
    template?: { spec: { containers: Container[] } };
    minReplicas?: number;
    maxReplicas?: number;
    scaleTargetRef?: { name: string };
    metrics?: { resource?: { name: string; target: { averageUtilization?: number } } }[];
    nodeName?: string;
  };
  status: {
    phase?: string;
    reason?: string;
    replicas?: number;
    readyReplicas?: number;
    updatedReplicas?: number;
    currentReplicas?: number;
    desiredReplicas?: number;
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    currentMetrics?: { resource?: { name: string; current: { averageUtilization?: number } } }[];
  };
}

export interface Listed {
  items: Item[];
}

/** "12 s", "5 min", "3 h", "2 d" since a time in ms. */
export function age(since: number, now = Date.now()): string {
  const seconds = Math.max(0, Math.round((now - since) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

function of(kind: string, { items }: Listed): Item[] {
  return items.filter((item) => item.kind === kind);
}

/** Name, ready of wanted, image; the last column says what is not right. */
export function deploymentRows(listed: Listed): string[][] {
  const rows = [...of("Deployment", listed), ...of("StatefulSet", listed)].map((item) => {
    const wanted = item.spec.replicas ?? 1;
    const ready = item.status.readyReplicas ?? 0;
    const updated = item.status.updatedReplicas ?? 0;
    const rolling = updated < wanted || (item.status.replicas ?? 0) > wanted;
    const state = ready < wanted ? "not ready" : rolling ? "rolling" : "";
    const images = (item.spec.template?.spec.containers ?? []).map(({ image }) => image);
    return [item.metadata.name, `${ready}/${wanted}`, images.join(", "), state];
  });
  return [["name", "ready", "image", ""], ...rows];
}

function podState({ metadata, status }: Item): string {
  if (metadata.deletionTimestamp !== undefined) return "ending";
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const waiting = containers.find(({ state }) => state?.waiting !== undefined)?.state?.waiting;
  const reason = waiting?.reason;
  if (reason !== undefined) return reason;
  const ready = (status.containerStatuses ?? []).every((container) => container.ready);
  if (status.phase === "Running") return ready ? "ready" : "not ready";
  return status.reason ?? status.phase ?? "unknown";
}

/** With a column more where pods run edited files. */
export function podRows(listed: Listed, now = Date.now()): string[][] {
  const edited = new Map(editedPods(of("Pod", listed)).map((pod) => [pod.pod, pod] as const));
  const rows = of("Pod", listed).map((item) => [
    item.metadata.name,
    podState(item),
    String((item.status.containerStatuses ?? []).reduce((sum, c) => sum + c.restartCount, 0)),
    age(Date.parse(item.metadata.creationTimestamp), now),
    item.spec.nodeName ?? "",
    ...(edited.size > 0 ? [content(edited.get(item.metadata.name))] : []),
  ]);
  const head = ["name", "state", "restarts", "age", "node"];
  return [edited.size > 0 ? [...head, "edited files"] : head, ...rows];
}

function content(pod: EditedPod | undefined): string {
  return pod === undefined ? "" : (pod.content ?? "none yet");
}

function use(metrics: Item["status"]["currentMetrics"]): string {
  const value = metrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.current;
  return value?.averageUtilization === undefined
    ? "not known yet"
    : `${value.averageUtilization} %`;
}

export function scalerRows(listed: Listed): string[][] {
  const rows = of("HorizontalPodAutoscaler", listed).map(({ metadata, spec, status }) => {
    const target = spec.metrics?.find(({ resource }) => resource?.name === "cpu")?.resource?.target;
    return [
      metadata.name,
      `${status.currentReplicas ?? 0} of ${spec.minReplicas ?? 1}–${spec.maxReplicas ?? 1}`,
      `${use(status.currentMetrics)} of ${target?.averageUtilization ?? "?"} %`,
    ];
  });
  return [["name", "pods", "CPU"], ...rows];
}
