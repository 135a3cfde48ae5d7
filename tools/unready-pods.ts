/** Says in words why pods are not ready. Reads and starts nothing. */
import type { ContainerStatus, Event, Pod } from "kubernetes-types/core/v1";

import { remediesOf } from "./refusals";

/** What a pod's own status does not hold of a container. */
export interface ContainerWords {
  /** The last event of a probe that fails. */
  probe?: Pick<Event, "message" | "count">;
  /** The end of its log; empty where it printed nothing. */
  current: string;
  /** The same of the container before its last restart. */
  previous: string;
}

/** A pod, with what is known of its containers that are not ready, by their names. */
export interface PodFacts {
  pod: Pod;
  words: ReadonlyMap<string, ContainerWords>;
}

/** The containers that keep a pod from being ready; none where no node has taken it yet. */
export function unreadyContainers(pod: Pod): ContainerStatus[] {
  if (notScheduled(pod) !== undefined) return [];
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [
    ...initContainerStatuses.filter(({ state }) => state?.terminated?.exitCode !== 0),
    ...containerStatuses,
  ].filter(({ ready }) => !ready);
}

/** One paragraph for each way to fail, with the pods that it is true of; empty where every pod is ready. */
export function describePods(pods: readonly PodFacts[]): string {
  const reports = pods.map(({ pod, words }) => ({
    name: pod.metadata?.name ?? "",
    text: describePod(pod, words),
  }));
  // Pods of one template fail alike.
  const byText = Map.groupBy(
    reports.filter(({ text }) => text !== ""),
    ({ text }) => text,
  );
  return [...byText]
    .map(([text, same]) => `Pod ${same.map(({ name }) => name).join(", ")}:\n${indent(text)}`)
    .join("\n");
}

function describePod(pod: Pod, words: PodFacts["words"]): string {
  const unscheduled = notScheduled(pod);
  if (unscheduled !== undefined) return `not scheduled: ${unscheduled}`;
  return unreadyContainers(pod)
    .flatMap((status) => {
      const lines = [describeState(status), ...describeWords(status, words.get(status.name))];
      return [...lines, ...remediesOf(status.name, lines.join("\n"))];
    })
    .join("\n");
}

/** The scheduler's reason why no node has the pod. */
function notScheduled({ status }: Pod): string | undefined {
  const condition = status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  return condition === undefined ? undefined : (condition.message ?? "");
}

function describeState({ name, state, lastState, restartCount }: ContainerStatus): string {
  const { waiting, running, terminated } = state ?? {};
  const now =
    waiting !== undefined
      ? [waiting.reason ?? "waiting", waiting.message].filter(Boolean).join(": ")
      : terminated !== undefined
        ? ended(terminated)
        : running !== undefined
          ? "runs, but is not ready"
          : "not started";
  const before = lastState?.terminated;
  return [
    `container ${name}: ${now}`,
    ...(restartCount > 0 ? [`${restartCount} restarts`] : []),
    ...(before === undefined ? [] : [`before that ${ended(before)}`]),
  ].join("; ");
}

function ended({ exitCode, reason }: { exitCode: number; reason?: string }): string {
  return `ended with exit code ${exitCode}${reason === undefined ? "" : ` (${reason})`}`;
}

function describeWords({ name }: ContainerStatus, words: ContainerWords | undefined): string[] {
  if (words === undefined) return [];
  const { probe, current, previous } = words;
  return [
    ...(probe === undefined ? [] : [`${probe.message ?? ""} (${probe.count ?? 1} times)`]),
    ...(current === "" ? [] : [`current log of ${name}:`, indent(current)]),
    ...(previous === "" ? [] : [`previous log of ${name}:`, indent(previous)]),
  ];
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
