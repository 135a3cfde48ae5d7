/** How images get from the machine that built them to the nodes that run them. */
export type LoaderKind = "auto" | "node" | "minikube" | "registry" | "command" | "none";

export interface LoaderSettings {
  kind: LoaderKind;
  /** For `command`: words separated by spaces, `{image}` stands for the image's name. */
  command?: string;
  /** For `registry`: its address, which the image's name begins with. */
  registry?: string;
}

/** An image and the cluster that needs it. */
export interface LoadTarget {
  /** `todo-backend:3f2a9c04d1e7`. */
  image: string;
  /** Context of the kubeconfig. */
  kubeContext: string;
  loader: LoaderSettings;
}

export interface LoadRequest extends LoadTarget {
  /** `linux/amd64`; an image of another platform on the host is refused. */
  platform: string;
  /** UID of the cluster that the stack was deployed to: another cluster is refused. */
  clusterUid?: string;
  /** A line for the user, without a newline. */
  log: (line: string) => void;
  signal?: AbortSignal;
}

/**
 * How an image came to be in the cluster: it was `present`; only its `missing-layers` were sent;
 * the `full` image was; the user's Docker daemon is the node's own, so it was there once built; it
 * was `pushed` to a registry; a `command` of the user's did it; or nothing was asked for.
 */
export type LoadPath =
  "present" | "missing-layers" | "full" | "built-in-node" | "pushed" | "command" | "none";

export interface LoadResult {
  /** The loader that was chosen: `node` where `auto` found nodes that are containers. */
  loader: string;
  /** UID of the namespace kube-system: another one means another cluster. Empty where it could not be read. */
  clusterUid: string;
  /** Bytes written to the nodes, all of them together. */
  bytesSent: number;
  path: LoadPath;
  /** What brought it out of the user's Docker; only of the loader `node`, else the key is absent. */
  export?: "docker push" | "docker save";
  /** `sha256:…` of the manifest; only where a registry holds it, else the key is absent. */
  digest?: string;
}

/** What one loader does. */
export interface Loader {
  readonly name: string;
  /**
   * Where the image is wanted and is not: nodes, or the registry. Undefined where this cannot be
   * found out.
   */
  missing(signal?: AbortSignal): Promise<string[] | undefined>;
  /** What there is to say when nothing was missing, beyond that. */
  present?(): Promise<Partial<Pick<LoadResult, "path" | "digest">>>;
  /**
   * Brings the image to the places that miss it.
   * @param missing what `missing` has just answered
   */
  load(
    request: LoadRequest,
    missing?: string[],
  ): Promise<Pick<LoadResult, "bytesSent" | "path" | "export" | "digest">>;
}
