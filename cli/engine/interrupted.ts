/**
 * What an update that was killed leaves open: objects that it had asked the cluster for, of which the state
 * does not know whether they came to be. Creating them again would fail, since they may exist.
 */
import * as fs from "node:fs";
import { state } from "../paths";
import { kubectl, type ClusterAddress } from "../probes/cluster";
import { print } from "../terminal";
import type { StackHandle } from "./update";
import { resourceName } from "./words";

interface PendingOperation {
  type: string;
  resource: {
    urn: string;
    type: string;
    inputs?: { metadata?: { name?: string; namespace?: string } };
  };
}

interface StateFile {
  checkpoint?: { latest?: { pending_operations?: PendingOperation[] } };
}

/** A creation that was left open; `object` is undefined for what is not a Kubernetes object. */
export interface PendingCreate {
  urn: string;
  object?: { kind: string; name: string; namespace?: string };
}

/** The open creations in the text of a stack's state, as the file backend keeps it. */
export function pendingCreates(text: string): PendingCreate[] {
  const operations = (JSON.parse(text) as StateFile).checkpoint?.latest?.pending_operations ?? [];
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

/** Takes over into the state what exists, and forgets what does not; nothing to do in the usual case. */
export async function settleInterrupted(
  handle: StackHandle,
  cluster: ClusterAddress,
  signal: AbortSignal,
): Promise<void> {
  const file = state("backend", ".pulumi", "stacks", "todo-app", `${handle.name}.json`);
  if (!fs.existsSync(file)) return;
  const pending = pendingCreates(fs.readFileSync(file, "utf8"));
  if (pending.length === 0) return;
  const names = pending.map(({ urn }) => resourceName(urn)).join(", ");
  print(`An earlier update was stopped while making ${names}; looking at what is there.`);
  const ids = await Promise.all(pending.map((create) => idOf(cluster, create)));
  const existing = pending.flatMap(({ urn }, index) => {
    const id = ids[index];
    return id === undefined ? [] : [[urn, id]];
  });
  // The Automation API has no word for the import, so the CLI is called itself.
  const imports = existing.flatMap((pair) =>
    pair.map((word) => `--import-pending-creates=${word}`),
  );
  const args = ["refresh", "--yes", "--clear-pending-creates", ...imports, "--stack", handle.name];
  await handle.run(args, signal);
}
