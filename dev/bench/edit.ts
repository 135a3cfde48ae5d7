import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import type { Project } from "../../tests/live/support/project";

const execute = promisify(execFile);

/** A namespace of a cluster. */
export interface Place {
  kubeconfig: string;
  context: string;
  namespace: string;
}

export async function kubectl(at: Place, ...args: string[]): Promise<string> {
  const address = ["--kubeconfig", at.kubeconfig, "--context", at.context, "-n", at.namespace];
  return (await execute("kubectl", [...address, ...args], { maxBuffer: 64 * 2 ** 20 })).stdout;
}

/** Changes one line of the back end; returns the version that its OpenAPI document shows afterwards. */
export function editBackend(project: Project): string {
  const version = `bench-${randomUUID()}`;
  appendFileSync(project.path("backend", "app", "main.py"), `\napp.version = "${version}"\n`);
  return version;
}

/** Waits until every back-end pod that is not on its way out shows the version. */
export async function everyPodServes(at: Place, version: string): Promise<void> {
  for (;;) {
    const list = await kubectl(at, "get", "pods", "-l", "app=backend", "-o", "json");
    const { items } = JSON.parse(list) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[];
    };
    const pods = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const answers = await Promise.all(
      pods.map(({ metadata: { name } }) =>
        kubectl(
          at,
          "get",
          "--raw",
          `/api/v1/namespaces/${at.namespace}/pods/${name}:8000/proxy/openapi.json`,
        ).catch(() => ""),
      ),
    );
    if (pods.length > 0 && answers.every((answer) => answer.includes(version))) return;
    await pause(100);
  }
}
