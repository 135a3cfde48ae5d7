/** Objects as they are in the cluster, and which tool they belong to. */
import type { Claim } from "./claims";

export interface LiveObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    uid: string;
    resourceVersion: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    managedFields?: Claim[];
    ownerReferences?: unknown[];
  };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
  type?: string;
}

/** What every object of this application carries, whichever tool made it. */
const MARK = ["app.kubernetes.io/part-of", "evolution-of-todo"] as const;

/** Whether the object is this application's. */
export function isOurs({ metadata }: LiveObject): boolean {
  return metadata.labels?.[MARK[0]] === MARK[1];
}

/** "Deployment backend" */
export function nameOf({ kind, metadata }: Pick<LiveObject, "kind" | "metadata">): string {
  return `${kind} ${metadata.name}`;
}

/** A Helm release, by what Helm notes on its objects. */
export interface Release {
  name: string;
  namespace: string;
}

export function releaseOf({ metadata }: LiveObject): Release | undefined {
  const name = metadata.annotations?.["meta.helm.sh/release-name"];
  const namespace = metadata.annotations?.["meta.helm.sh/release-namespace"];
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/** Labels and annotations by which a tool knows its objects again; the next owner has no use for them. */
export const leftovers = {
  labels: ["todo-app/applied-by"],
  annotations: [
    "kubectl.kubernetes.io/last-applied-configuration",
    "meta.helm.sh/release-name",
    "meta.helm.sh/release-namespace",
    "pulumi.com/patchForce",
    "pulumi.com/skipAwait",
  ],
} as const;

/** Marks of tools that put back what others change: as long as they hold an object, nobody else can. */
const reconcilers: readonly [string, string][] = [
  ["argocd.argoproj.io/tracking-id", "Argo CD"],
  ["argocd.argoproj.io/instance", "Argo CD"],
  ["kustomize.toolkit.fluxcd.io/name", "Flux"],
  ["helm.toolkit.fluxcd.io/name", "Flux"],
];

/** The tool that reconciles an object, with the application's name there; undefined where none does. */
export function reconcilerOf({ metadata }: LiveObject): string | undefined {
  const marks = { ...metadata.labels, ...metadata.annotations };
  const found = reconcilers.find(([key]) => key in marks);
  return found === undefined ? undefined : `${found[1]} (${found[0]}: ${marks[found[0]]})`;
}

/** The tools that hold fields of these objects, in words. */
export function toolsOf(objects: readonly LiveObject[]): string[] {
  const words: [RegExp, string][] = [
    [/^kubectl/, "kubectl"],
    [/^helm$/, "Helm"],
    [/^pulumi/, "Pulumi"],
    [/^todo-app$/, "npm start without Pulumi"],
  ];
  const managers = objects.flatMap(({ metadata }) => metadata.managedFields ?? []);
  return words
    .filter(([name]) => managers.some(({ manager }) => name.test(manager)))
    .map(([, word]) => word);
}
