import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { output } from "../../tools/process";
import type { Project } from "../../tests/live/support/project";
import type { ApiServer } from "./api-server";

/** A namespace of a cluster. */
export interface Place {
  kubeconfig: string;
  context: string;
  namespace: string;
}

export function kubectl(at: Place, ...args: string[]): Promise<string> {
  const address = ["--kubeconfig", at.kubeconfig, "--context", at.context, "-n", at.namespace];
  return output("kubectl", [...address, ...args], { timeout: undefined });
}

/** Changes one line of the back end; returns the version that its OpenAPI document shows afterwards. */
export function editBackend(project: Project): string {
  const version = `bench-${randomUUID()}`;
  appendFileSync(project.path("backend", "app", "main.py"), `\napp.version = "${version}"\n`);
  return version;
}

/** Between two looks: 20 a second, from outside, so that no command's own end counts. */
const lookMs = 50;
/** A pod that does not come would keep the bench for ever. */
const giveUpMs = 5 * 60_000;

/** Waits until every back-end pod that is not on its way out shows the version. */
export async function everyPodServes(
  api: ApiServer,
  { namespace }: Place,
  version: string,
): Promise<void> {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const end = Date.now() + giveUpMs;
  while (Date.now() < end) {
    const next = pause(lookMs);
    const list = await api.get(`${pods}?labelSelector=app%3Dbackend`);
    const { items } = JSON.parse(list === "" ? '{"items":[]}' : list) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[];
    };
    const names = items
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .map(({ metadata }) => metadata.name);
    const answers = await Promise.all(
      names.map((name) => api.get(`${pods}/${name}:8000/proxy/openapi.json`)),
    );
    if (names.length > 0 && answers.every((answer) => answer.includes(version))) return;
    await next;
  }
  throw new Error(`Not every pod serves ${version} after ${giveUpMs / 1000} s.`);
}
