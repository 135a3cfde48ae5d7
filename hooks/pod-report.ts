import * as pulumi from "@pulumi/pulumi";
import type { ContainerStatus, Pod } from "kubernetes-types/core/v1";

import { Kubectl } from "./kubectl";

/** Lines of a container's log; more would hide the others. */
const LOG_LINES = 15;

interface Report {
  pod: string;
  lines: string[];
}

/**
 * Shows why a rollout failed: the provider waits and then names the Deployment alone.
 * @param app the label by which the workload's pods are found
 */
export function showWhyPodsFail(
  kubeContext: string,
  namespace: string,
  app: string,
): pulumi.ErrorHook {
  return new pulumi.ErrorHook(`show-why-pods-fail-${app}`, async ({ errors }) => {
    const isRollout = /timed out|failed to (fully )?initialize|did not become|not ready|rollout/i;
    if (errors.length !== 1 || !isRollout.test(errors[0] ?? "")) return false;
    const text = await podReport(new Kubectl(kubeContext, namespace), app);
    if (text !== "") await pulumi.log.error(text);
    return false;
  });
}

/** Every container that is not ready: restarts, last end, probe that fails, and what it printed last. Empty if none. */
export async function podReport(kubectl: Kubectl, app: string): Promise<string> {
  const listed = await kubectl.ask(["get", "pods", "--selector", `app=${app}`, "--output=json"]);
  if (listed === undefined) return "";
  const pods = (JSON.parse(listed) as { items: Pod[] }).items;
  if (pods.length === 0) return `There is no pod of ${app}.`;
  const reports = await Promise.all(pods.map((pod) => reportOf(kubectl, pod)));
  // Pods of one template fail alike: each text once, with the pods that it is true of.
  const byText = Map.groupBy(
    reports.filter(({ lines }) => lines.length > 0),
    ({ lines }) => lines.join("\n"),
  );
  return [...byText]
    .map(([text, same]) => `Pod ${same.map(({ pod }) => pod).join(", ")}:\n${indent(text)}`)
    .join("\n");
}

async function reportOf(kubectl: Kubectl, pod: Pod): Promise<Report> {
  const name = pod.metadata?.name ?? "";
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  const unscheduled = conditions.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  if (unscheduled !== undefined) {
    return { pod: name, lines: [`not scheduled: ${unscheduled.message ?? ""}`] };
  }
  const broken = [
    ...initContainerStatuses.filter(({ state }) => state?.terminated?.exitCode !== 0),
    ...containerStatuses,
  ].filter(({ ready }) => !ready);
  const parts = await Promise.all(
    broken.map(async (status) => [
      describe(status),
      ...(await probeFailures(kubectl, name, status.name)),
      ...(await logs(kubectl, name, status)),
    ]),
  );
  return { pod: name, lines: parts.flat() };
}

function describe({ name, state, lastState, restartCount }: ContainerStatus): string {
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

/** The kubelet tells of a failing probe in an event alone. */
async function probeFailures(kubectl: Kubectl, pod: string, container: string): Promise<string[]> {
  const selector = `involvedObject.name=${pod},reason=Unhealthy`;
  const listed = await kubectl.ask(["get", "events", `--field-selector=${selector}`, "-o", "json"]);
  if (listed === undefined) return [];
  const events = (
    JSON.parse(listed) as {
      items: { message?: string; count?: number; involvedObject?: { fieldPath?: string } }[];
    }
  ).items.filter(({ involvedObject }) => involvedObject?.fieldPath?.includes(`{${container}}`));
  const last = events.at(-1);
  return last === undefined ? [] : [`${last.message ?? ""} (${last.count ?? 1} times)`];
}

async function logs(
  kubectl: Kubectl,
  pod: string,
  { name, restartCount, state }: ContainerStatus,
): Promise<string[]> {
  const read = async (which: string, ...more: string[]): Promise<string[]> => {
    const args = ["logs", pod, "--container", name, `--tail=${LOG_LINES}`, ...more];
    const text = (await kubectl.ask(args))?.trim() ?? "";
    return text === "" ? [] : [`${which} log of ${name}:`, indent(text)];
  };
  const current = state?.waiting === undefined ? await read("current") : [];
  const previous = restartCount > 0 ? await read("previous", "--previous") : [];
  return [...current, ...previous];
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
