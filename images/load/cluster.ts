import {
  ClusterUnreachable,
  readCluster,
  type Cluster,
  type ClusterNode,
} from "../../tools/kubectl";

/** The cluster was deleted and made again under the same name. */
export class AnotherCluster extends Error {
  override name = "AnotherCluster";
  constructor(kubeContext: string) {
    super(
      `The cluster of context "${kubeContext}" is not the one that this stack was deployed to: ` +
        "it was made again since.",
    );
  }
}

/** A cluster as the loaders see it. */
export interface LoadCluster extends Pick<Cluster, "uid"> {
  /** Nodes that take the application's pods. */
  nodes: ClusterNode[];
}

/** A preview asks for one image after the other within this time. */
const RECENT_MS = 5000;

/** How a cluster is looked at. */
export type Look = typeof readLoadCluster;

/** Answers with the cluster as it was a moment ago, or is now: for looking, not for changing something. */
export function glance(): Look {
  let last: { kubeContext: string; since: number; cluster: Promise<LoadCluster> } | undefined;
  return (kubeContext, signal) => {
    if (last?.kubeContext !== kubeContext || Date.now() - last.since > RECENT_MS) {
      const cluster = readLoadCluster(kubeContext, signal);
      last = { kubeContext, since: Date.now(), cluster };
    }
    return last.cluster;
  };
}

/** @throws ClusterUnreachable with kubectl's own words, or that the nodes may not be listed */
export async function readLoadCluster(
  kubeContext: string,
  signal?: AbortSignal,
): Promise<LoadCluster> {
  const { uid, nodes } = await readCluster({ context: kubeContext }, signal);
  if (nodes === undefined) {
    throw new ClusterUnreachable(
      `You may not list the nodes of the cluster of context "${kubeContext}", so no image can be loaded into them. ` +
        "Images can come from a registry: pulumi config set imageLoader registry",
    );
  }
  const candidates = nodes.filter(({ takesPods }) => takesPods);
  const ready = candidates.filter((node) => node.ready);
  // A node that is down gets its images when it is back. With none ready, the cluster is starting.
  return { ...(uid === undefined ? {} : { uid }), nodes: ready.length > 0 ? ready : candidates };
}
