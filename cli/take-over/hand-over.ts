/** Moves the API server's record of who owns an object's fields to the new owner, and drops the old tool's marks. */
import { UserError } from "../../tools/errors";
import { kubectl, kubectlWords, type ClusterAddress } from "../../tools/kubectl";
import { tail } from "../../tools/process";
import { moved, type Claimant } from "./claims";
import { leftovers, nameOf, type LiveObject, type Release } from "./objects";

/** Fields that the new owner must not come to hold, although the old one does: it would remove them. */
const unclaimed: Record<string, readonly (readonly string[])[]> = {
  Deployment: [
    // `kubectl rollout restart` sets it; without it the pods are others, and all are restarted.
    ["spec", "template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"],
  ],
};
unclaimed["StatefulSet"] = unclaimed["Deployment"] ?? [];

/** What is changed on an object: a JSON patch. */
type Patch = { op: "test" | "replace" | "remove"; path: string; value?: unknown }[];

/**
 * The patch that hands an object over; nothing but metadata is in it, so that no pod notices. Pure.
 * @param free more fields that nobody may claim from now on
 */
export function handOverPatch(
  object: LiveObject,
  to: Claimant,
  free: readonly (readonly string[])[] = [],
): Patch {
  const { labels = {}, annotations = {}, managedFields = [], resourceVersion } = object.metadata;
  const remove = (field: string, keys: readonly string[]): Patch =>
    keys.map((key) => ({ op: "remove", path: `/metadata/${field}/${escaped(key)}` }));
  const staleLabels = leftovers.labels.filter((key) => key in labels) as string[];
  if (labels["app.kubernetes.io/managed-by"] === "Helm") {
    staleLabels.push("app.kubernetes.io/managed-by");
  }
  const staleNotes = leftovers.annotations.filter((key) => key in annotations);
  const none = [...(unclaimed[object.kind] ?? []), ...free];
  const claims = moved(managedFields, to, none);
  return [
    // Whoever changes the object meanwhile is not overwritten: the patch is refused, and made again from what is there then.
    { op: "test", path: "/metadata/resourceVersion", value: resourceVersion },
    ...remove("labels", staleLabels),
    ...remove("annotations", staleNotes),
    // An empty list means "leave them as they are" to the API server.
    { op: "replace", path: "/metadata/managedFields", value: claims.length > 0 ? claims : [{}] },
  ];
}

/** As a step of a JSON pointer (RFC 6901). */
function escaped(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

const ATTEMPTS = 5;

/**
 * Hands one object over.
 * @throws UserError in kubectl's words
 */
async function handOver(
  cluster: ClusterAddress,
  object: LiveObject,
  to: Claimant,
  free: readonly (readonly string[])[],
): Promise<void> {
  const { namespace, name } = object.metadata;
  const where = namespace === undefined ? [] : ["-n", namespace];
  const group = object.apiVersion.includes("/") ? object.apiVersion.split("/")[0] : "";
  const type = `${object.kind.toLowerCase()}${group === "" ? "" : `.${group}`}`;
  let current = object;
  for (let attempt = 1; ; attempt++) {
    const patch = JSON.stringify(handOverPatch(current, to, free));
    const args = [...where, "patch", type, name, "--type=json", "--patch", patch];
    const { code, stderr } = await kubectl(cluster, args);
    if (code === 0) return;
    if (attempt === ATTEMPTS) {
      throw new UserError(`${nameOf(object)} could not be handed over:\n${tail(stderr, 3)}`, [
        [kubectlWords(cluster), ...where, "auth can-i patch", type].join(" "),
      ]);
    }
    const read = await kubectl(cluster, [
      ...[...where, "get", type, name, "-o", "json", "--show-managed-fields"],
    ]);
    if (read.code === 0) current = JSON.parse(read.stdout) as LiveObject;
  }
}

/** kubectl processes at a time: most of what one takes is its own start. */
const AT_A_TIME = 6;

/** Hands several objects over, each as `free` and `to` say of it. */
export async function handOverAll(
  cluster: ClusterAddress,
  objects: readonly LiveObject[],
  to: (object: LiveObject) => Claimant,
  free: (object: LiveObject) => readonly (readonly string[])[],
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...objects];
  const work = async (): Promise<void> => {
    for (let object = waiting.shift(); object !== undefined; object = waiting.shift()) {
      signal.throwIfAborted();
      await handOver(cluster, object, to(object), free(object));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

/** Makes Helm forget a release, so that nobody's `helm uninstall` removes what is another owner's now. */
export async function forgetRelease(
  cluster: ClusterAddress,
  { name, namespace }: Release,
): Promise<void> {
  const selector = `owner=helm,name=${name}`;
  await kubectl(cluster, ["-n", namespace, "delete", "secrets,configmaps", "-l", selector]);
}
