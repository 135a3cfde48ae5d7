/**
 * What an update that was killed leaves open: objects that it had asked the cluster for, of which the state
 * does not know whether they came to be. Creating them again would fail, since they may exist.
 */
import * as fs from "node:fs";
import { kubectl, type ClusterAddress } from "../tools/kubectl";
import { stackExists, stateFile } from "./state";
import type { TodoStack } from "./stack";
import { resourceName } from "./urn";

/** A resource as the state keeps it; what is not named here is carried along. */
interface Resource {
  urn: string;
  type: string;
  id?: string;
  inputs?: { metadata?: { name?: string; namespace?: string } };
  outputs?: unknown;
}

interface Deployment {
  resources?: Resource[];
  pending_operations?: { type: string; resource: Resource }[];
}

/** A creation that was left open; `object` is undefined for what is not a Kubernetes object. */
export interface PendingCreate {
  urn: string;
  object?: { kind: string; name: string; namespace?: string };
}

/** The open creations in the text of a stack's state, as the file backend keeps it. */
export function pendingCreates(text: string): PendingCreate[] {
  const file = JSON.parse(text) as { checkpoint?: { latest?: Deployment } };
  const operations = file.checkpoint?.latest?.pending_operations ?? [];
  return operations
    .filter(({ type }) => type === "creating")
    .map(({ resource: { urn, type, inputs } }) => {
      const { name, namespace } = inputs?.metadata ?? {};
      if (!type.startsWith("kubernetes:") || name === undefined) return { urn };
      const kind = type.split(":").at(-1) ?? "";
      return { urn, object: { kind, name, ...(namespace === undefined ? {} : { namespace }) } };
    });
}

/** The provider's id of an object, if it exists. */
async function idOf(
  cluster: ClusterAddress,
  { object }: PendingCreate,
): Promise<string | undefined> {
  if (object === undefined) return undefined;
  const { kind, name, namespace } = object;
  const where = namespace === undefined ? [] : ["-n", namespace];
  const args = ["get", kind, name, ...where, "--ignore-not-found", "-o", "name"];
  const { code, stdout } = await kubectl(cluster, args);
  if (code !== 0 || stdout.trim() === "") return undefined;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/**
 * The state with the open creations settled: those that came to be, by their ids, are resources now (the
 * refresh that follows reads what they really look like), the others are forgotten. Pure.
 */
export function settled(deployment: Deployment, ids: ReadonlyMap<string, string>): Deployment {
  const open = (deployment.pending_operations ?? []).filter(({ type }) => type === "creating");
  const known = new Set((deployment.resources ?? []).map(({ urn }) => urn));
  const made = open.flatMap(({ resource }) => {
    const id = ids.get(resource.urn);
    if (id === undefined || known.has(resource.urn)) return [];
    return [{ ...resource, id, outputs: resource.inputs ?? {} }];
  });
  return {
    ...deployment,
    resources: [...(deployment.resources ?? []), ...made],
    pending_operations: [],
  };
}

/**
 * Settles what a killed update left open.
 * @returns the names of what was open; where there was anything, the update that follows must refresh
 */
export async function settleInterrupted(
  { name, stack }: TodoStack,
  cluster: ClusterAddress,
): Promise<string[]> {
  if (!stackExists(name)) return [];
  const pending = pendingCreates(fs.readFileSync(stateFile(name), "utf8"));
  if (pending.length === 0) return [];
  const ids = new Map<string, string>();
  for (const create of pending) {
    const id = await idOf(cluster, create);
    if (id !== undefined) ids.set(create.urn, id);
  }
  // Exported and imported, not edited in place: the CLI checks what it is given and keeps a backup.
  const exported = await stack.exportStack();
  const deployment = settled(exported.deployment as Deployment, ids);
  await stack.importStack({ ...exported, deployment });
  return pending.map(({ urn }) => resourceName(urn));
}
