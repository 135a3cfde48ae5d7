import { parseAllDocuments } from "yaml";

/** A Kubernetes object as it was read from YAML or JSON. */
export interface Parsed {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
  [field: string]: unknown;
}

export function identity({ kind, metadata }: Parsed): string {
  return `${kind}/${metadata.name}`;
}

/** The objects of a text of YAML documents, read by YAML 1.1 as Kubernetes does; empty documents are none. */
export function parseObjects(text: string): Parsed[] {
  return parseAllDocuments(text, { version: "1.1" }).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(`${document.errors[0]?.message}\n${text}`);
    const value = document.toJS() as Parsed | null;
    return value === null ? [] : [value];
  });
}

export function byIdentity(objects: readonly Parsed[]): Record<string, Parsed> {
  return Object.fromEntries(objects.map((object) => [identity(object), object]));
}

interface Workload {
  replicas?: number;
  template: {
    metadata: { annotations?: Record<string, string> };
    spec: { containers: Container[]; initContainers?: Container[] };
  };
}

interface Container {
  env?: { name: string }[];
}

/**
 * An object without what must differ between the program, the manifests and the chart. This list is all of it:
 *
 * 1. values of Secrets: the program has them at run time, the manifests have placeholders, the chart generates some;
 *    tested by themselves;
 * 2. the digest of those values by which pods roll: the program and the chart add it, each with its own key;
 * 3. the number of back-end pods while the autoscaler owns it: the program gives the first and ignores it after that,
 *    Helm has no such thing and leaves it out;
 * 4. the order of environment variables: Helm knows a map's keys only in their alphabet.
 */
export function comparable(object: Parsed, autoscaling: boolean): Parsed {
  const copy = structuredClone(object);
  if (copy.kind === "Secret") {
    delete copy.stringData;
    delete copy.data;
  }
  if (copy.kind === "Deployment" || copy.kind === "StatefulSet") {
    const spec = copy.spec as unknown as Workload;
    const { metadata, spec: pod } = spec.template;
    if (metadata.annotations !== undefined) {
      Reflect.deleteProperty(metadata.annotations, "checksum/secrets");
      if (Object.keys(metadata.annotations).length === 0) delete metadata.annotations;
    }
    if (copy.metadata.name === "backend" && autoscaling) delete spec.replicas;
    for (const { env } of [...(pod.initContainers ?? []), ...pod.containers]) {
      env?.sort((a, b) => (a.name < b.name ? -1 : 1));
    }
  }
  return copy;
}
