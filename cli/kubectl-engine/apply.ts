/** Applies objects with kubectl, server-side, and removes those that left the set. */
import { UserError } from "../../tools/errors";
import { kubectl, type ClusterAddress } from "../../tools/kubectl";
import { tail } from "../../tools/process";
import type { KubernetesObject } from "../../render/objects";

/** Owner of the fields that are applied here; kubectl's own commands use other names. */
export const MANAGER = "todo-app";
/** Marks what this engine applied, so that pruning never touches anybody else's objects. */
const MARK = "todo-app/applied-by";

/** Everything that the stack can consist of; objects of other kinds are never looked at. */
const KINDS = [
  ...["deployment", "statefulset", "service", "configmap", "secret"],
  ...["horizontalpodautoscaler", "poddisruptionbudget", "networkpolicy", "ingress"],
  ...["resourcequota", "limitrange", "serviceaccount", "role", "rolebinding"],
];

/** An object with the mark of this engine. */
function marked(object: KubernetesObject): KubernetesObject {
  const labels = { ...object.metadata?.labels, [MARK]: "npm-start" };
  return { ...object, metadata: { ...object.metadata, labels } };
}

function key(kind: string | undefined, name: string | undefined): string {
  return `${(kind ?? "").toLowerCase()}/${name ?? ""}`;
}

/**
 * Applies one object. Its text, which may hold secrets, goes through stdin only.
 * @returns "created", "configured" or "unchanged"
 */
export async function apply(
  cluster: ClusterAddress,
  object: KubernetesObject,
  signal: AbortSignal,
): Promise<string> {
  const { metadata, kind } = object;
  const name = metadata?.name ?? "";
  const namespaced = metadata?.namespace === undefined ? [] : ["-n", metadata.namespace];
  const version = async (): Promise<string> => {
    const wanted = ["get", kind ?? "", name, ...namespaced, "--ignore-not-found"];
    const read = await kubectl(cluster, [...wanted, "-o", "jsonpath={.metadata.resourceVersion}"]);
    return read.stdout;
  };
  const before = await version();
  const command = ["apply", "--server-side", "--force-conflicts", `--field-manager=${MANAGER}`];
  const applied = await kubectl(cluster, [...command, "-f", "-"], {
    input: JSON.stringify(marked(object)),
    signal,
  });
  if (applied.code !== 0) {
    throw new UserError(`${kind} ${name} was refused by the cluster:\n${tail(applied.stderr, 5)}`, [
      "npm run pulumi -- config   (or Pulumi.local.yaml: the values that it was made from)",
    ]);
  }
  if (before === "") return "created";
  return before === (await version()) ? "unchanged" : "updated";
}

/** Deletes marked objects of the namespace that are not in the set any more; returns their names. */
export async function prune(
  cluster: ClusterAddress,
  namespace: string,
  objects: readonly KubernetesObject[],
): Promise<string[]> {
  const wanted = new Set(objects.map(({ kind, metadata }) => key(kind, metadata?.name)));
  const listed = await kubectl(cluster, [
    ...["-n", namespace, "get", KINDS.join(","), "-l", `${MARK}=npm-start`],
    ...["-o", 'jsonpath={range .items[*]}{.kind}/{.metadata.name}{"\\n"}{end}'],
  ]);
  const present = listed.stdout.split("\n").filter((line) => line !== "");
  const surplus = present.filter((line) => {
    const [kind, name] = line.split("/");
    return !wanted.has(key(kind, name));
  });
  for (const line of surplus) {
    await kubectl(cluster, ["-n", namespace, "delete", line, "--wait=false"]);
  }
  return surplus;
}
