/** What is known of the kinds of Kubernetes objects that a reader of a change must be told. */

/** What goes with an object that is destroyed or replaced; undefined for those that can be made again. */
export function losesWith(kind: string): string | undefined {
  switch (kind) {
    case "Namespace":
      return "everything in it, data included";
    case "StatefulSet":
      return "its pods; their volumes stay until their claims are deleted";
    case "PersistentVolumeClaim":
    case "PersistentVolume":
      return "the data on it";
    default:
      return undefined;
  }
}

/** Kinds whose pods are replaced when `spec.template` changes. */
export function hasPods(kind: string): boolean {
  return ["Deployment", "StatefulSet", "DaemonSet"].includes(kind);
}

/**
 * Fields that Kubernetes refuses to change, so that the engine deletes the object and makes it again
 * (API conventions; pulumi-kubernetes's own list of forceNew properties has the same).
 */
const fixed: Record<string, RegExp> = {
  Deployment: /^spec\.selector\b/,
  DaemonSet: /^spec\.selector\b/,
  StatefulSet: /^spec\.(selector|serviceName|podManagementPolicy|volumeClaimTemplates)\b/,
  Job: /^spec\.(selector|template|completions)\b/,
  PersistentVolumeClaim: /^spec\.(?!resources\b)/,
  Secret: /^(type$|immutable$)/,
  ConfigMap: /^immutable$/,
  Service: /^spec\.clusterIP\b/,
  RoleBinding: /^roleRef\b/,
  ClusterRoleBinding: /^roleRef\b/,
};

/** Whether a changed field means that the object is deleted and made again. */
export function forcesReplacement(kind: string, path: string): boolean {
  return fixed[kind]?.test(path) ?? false;
}
