/** The environment of one stack's commands: backend, passphrase, cluster and daemon, the same for all of them. */
import * as fs from "node:fs";
import * as path from "node:path";
import { backendEnvironment, ownBackend, type Environment } from "../automation/environment";
import { dockerContextEnvironment } from "../tools/docker";
import { fetchedPrograms } from "../tools/downloads";
import { nodeDaemonEnvironment } from "../tools/minikube";
import { cacheFolder } from "../tools/paths";
import { installedPulumi } from "../tools/pulumi";
import type { StackRecord } from "./stack-record";

/** Whether a bare `pulumi` in the user's shell means this clone's stack. */
export function bareWorks(): boolean {
  return process.env["PULUMI_BACKEND_URL"] === ownBackend();
}

/** All variables that an update of a stack needs. */
export async function updateEnvironment(
  target: Pick<StackRecord, "stack" | "cluster" | "backend">,
): Promise<Environment> {
  const { cluster, stack, backend } = target;
  const daemon =
    cluster.kind === "minikube" && cluster.nodeDaemon && cluster.profile !== undefined
      ? await nodeDaemonEnvironment(cluster.profile)
      : await dockerContextEnvironment();
  return {
    ...backendEnvironment(stack, process.env, backend),
    ...(cluster.kubeconfig === undefined ? {} : { KUBECONFIG: cluster.kubeconfig }),
    ...daemon,
  };
}

/**
 * What a shell needs on PATH to find the same programs: in front the Node and the Pulumi that are used here, behind what was
 * fetched, so that the user's own kubectl stays the one that is found.
 */
export async function shellPath(): Promise<{ front: string[]; back: string[] }> {
  const onPath = (process.env["PATH"] ?? "").split(path.delimiter);
  // The Node that bootstrap.mjs fetched or linked is on this process's PATH only.
  const node = onPath.filter(
    (folder) => folder.startsWith(cacheFolder()) && folder !== fetchedPrograms,
  );
  const pulumi = await installedPulumi();
  const folder = pulumi === undefined ? undefined : path.dirname(pulumi.file);
  // One that is on PATH already may stand behind one that is too old.
  const first = onPath.find((candidate) => fs.existsSync(path.join(candidate, "pulumi")));
  const front = folder !== undefined && folder !== first ? [folder] : [];
  const fetched = fs.existsSync(fetchedPrograms) ? [fetchedPrograms] : [];
  return { front: [...new Set([...node, ...front])], back: fetched };
}
