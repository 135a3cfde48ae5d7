import { storageAnnotation } from "../../../hooks/storage-annotation";
import { comparable, type Parsed } from "../../unit/render/support/objects";
import type { Cluster } from "./cluster";

/** Kinds that only controllers make, without naming an owner; and the claims, which a StatefulSet makes. */
const madeByControllers = ["Endpoints", "Event", "Lease", "PersistentVolumeClaim", "PodMetrics"];

/** What Kubernetes puts into every namespace, and what Helm keeps about a release. */
function isTheWays({ kind, metadata, type }: Parsed): boolean {
  return (
    (kind === "ServiceAccount" && metadata.name === "default") ||
    (kind === "ConfigMap" && metadata.name === "kube-root-ca.crt") ||
    type === "helm.sh/release.v1"
  );
}

/** Notes that the tools leave on what they made; they say who manages it, not what it is. */
const notes = [
  "deployment.kubernetes.io/revision",
  "kubectl.kubernetes.io/last-applied-configuration",
  "meta.helm.sh/release-name",
  "meta.helm.sh/release-namespace",
  "pulumi.com/patchForce",
  "pulumi.com/skipAwait",
  storageAnnotation,
];

/**
 * Everything that a namespace holds and no controller made, of every kind that the cluster knows, without what the cluster
 * assigns (identity, addresses, status) and without what must differ between the ways (`comparable`).
 */
export async function heldObjects(
  cluster: Cluster,
  autoscaling: boolean,
  fixedNodePorts: readonly number[],
): Promise<Parsed[]> {
  const kinds = await cluster.kubectl(
    ...["api-resources", "--namespaced", "--verbs=list", "-o", "name"],
  );
  const list = await cluster.kubectl("get", kinds.trim().split(/\s+/).join(","), "-o", "json");
  const { items } = JSON.parse(list) as { items: Parsed[] };
  return items
    .filter((object) => !madeByControllers.includes(object.kind) && !isTheWays(object))
    .filter(({ metadata }) => !("ownerReferences" in metadata))
    .map((object) => comparable(unassigned(object, fixedNodePorts), autoscaling));
}

/**
 * An object without what the API chooses anew each time.
 * @param fixedNodePorts which the configuration names; other ones are the API's choice
 */
export function unassigned(object: Parsed, fixedNodePorts: readonly number[]): Parsed {
  const { name, labels, annotations } = structuredClone(object.metadata);
  for (const note of notes) Reflect.deleteProperty(annotations ?? {}, note);
  if (labels?.["app.kubernetes.io/managed-by"] === "Helm") {
    delete labels["app.kubernetes.io/managed-by"];
  }
  const copy: Parsed = {
    ...structuredClone(object),
    metadata: {
      name,
      ...(Object.keys(labels ?? {}).length > 0 && { labels }),
      ...(Object.keys(annotations ?? {}).length > 0 && { annotations }),
    },
  };
  delete copy["status"];
  if (copy.kind === "Service") {
    for (const field of ["clusterIP", "clusterIPs", "healthCheckNodePort"]) {
      Reflect.deleteProperty(copy.spec ?? {}, field);
    }
    for (const port of (copy.spec?.["ports"] ?? []) as Record<string, unknown>[]) {
      if (!fixedNodePorts.includes(Number(port["nodePort"]))) delete port["nodePort"];
    }
  }
  return copy;
}
