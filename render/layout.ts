import { componentObjects, type KubernetesObject } from "./component-objects";
import type { ManifestArgs } from "../stack/args";

/** Parts with one file in the root of k8s/ and of the chart's templates. */
const rootFiles: Record<string, string> = {
  namespace: "namespace.yaml",
  credentials: "secrets.yaml",
  settings: "configmap.yaml",
};

/** Parts whose folder is not called as they are. */
const folders: Record<string, string> = {
  network: "network-policies",
  kubectlAi: "kubectl-ai",
};

/** Kinds whose file is not called as they are. */
const shortKinds: Record<string, string> = {
  HorizontalPodAutoscaler: "hpa",
  PersistentVolumeClaim: "volume",
  PodDisruptionBudget: "pdb",
};

/** The stack's objects by the file that they stand in, files and objects in the order in which they can be applied. */
export function filesOf(plan: ManifestArgs): Map<string, KubernetesObject[]> {
  const files = new Map<string, KubernetesObject[]>();
  const parts: Record<string, Record<string, KubernetesObject | undefined>> = componentObjects(
    plan,
  );
  for (const [part, objects] of Object.entries(parts)) {
    const present = Object.values(objects).filter((object) => object !== undefined);
    for (const object of present) {
      const file = fileOf(part, object, present);
      files.set(file, [...(files.get(file) ?? []), object]);
    }
  }
  return files;
}

function fileOf(part: string, object: KubernetesObject, all: readonly KubernetesObject[]): string {
  const kind = object.kind ?? "";
  const alone = rootFiles[part];
  if (alone !== undefined) return alone;
  const several = all.filter((other) => other.kind === kind).length > 1;
  const name = several ? object.metadata?.name : (shortKinds[kind] ?? kind.toLowerCase());
  return `${folders[part] ?? part}/${name}.yaml`;
}
