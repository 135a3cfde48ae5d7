import { chooseLoader, withoutCluster } from "./choose";
import { ClusterUnreachable, readClusterUid } from "../../tools/kubectl";
import { AnotherCluster, type Look, readLoadCluster } from "./cluster";
import type { Loader, LoadRequest, LoadResult, LoadTarget } from "./loader";

export type { LoaderSettings, LoadPath, LoadRequest, LoadResult, LoadTarget } from "./loader";
export { ClusterUnreachable } from "../../tools/kubectl";
export { AnotherCluster, glance, type Look } from "./cluster";
export { HostImageMissing } from "./host-image";

/** What was found out about an image without changing anything. */
export interface Presence {
  /** Empty where it could not be read. */
  clusterUid: string;
  /** Where the image is wanted and is not; undefined where this cannot be found out. */
  missing: string[] | undefined;
}

/** @throws ClusterUnreachable; Error when no loader fits */
export async function findImage(
  target: LoadTarget,
  signal?: AbortSignal,
  look: Look = readLoadCluster,
): Promise<Presence> {
  const { loader, clusterUid } = await loaderFor(target, look, signal);
  return { clusterUid, missing: await loader.missing(signal) };
}

/**
 * Brings an image to every node that takes pods, or to the registry, and makes sure that it arrived.
 * What is there already is left alone.
 *
 * @throws ClusterUnreachable, AnotherCluster, HostImageMissing, ToolError, or an Error in words for the user
 */
export async function loadImage(request: LoadRequest): Promise<LoadResult> {
  const { loader, clusterUid } = await loaderFor(request, readLoadCluster, request.signal);
  if (isAnotherCluster(request.clusterUid ?? "", clusterUid)) {
    throw new AnotherCluster(request.kubeContext);
  }
  const result = { loader: loader.name, clusterUid };
  const missing = await loader.missing(request.signal);
  if (missing?.length === 0) {
    return { ...result, bytesSent: 0, path: "present", ...(await loader.present?.()) };
  }

  const loaded = await loader.load(request, missing);
  const stillMissing = await loader.missing(request.signal);
  if (stillMissing !== undefined && stillMissing.length > 0) {
    throw new Error(
      `${request.image} was loaded by "${loader.name}" without an error, but is not in ` +
        `${stillMissing.join(", ")}. Look at the node's disk and its runtime's log, or choose ` +
        "another way: pulumi config set imageLoader …",
    );
  }
  const by = loaded.export === undefined ? "" : ` by ${loaded.export}`;
  request.log(`${request.image}: ${loader.name}, ${loaded.path}${by}, ${loaded.bytesSent} bytes`);
  return { ...result, ...loaded };
}

async function loaderFor(
  target: LoadTarget,
  look: Look,
  signal?: AbortSignal,
): Promise<{ loader: Loader; clusterUid: string }> {
  const independent = withoutCluster(target);
  if (independent) return { loader: independent, clusterUid: await clusterUid(target, signal) };
  const cluster = await look(target.kubeContext, signal);
  return { loader: await chooseLoader(target, cluster, signal), clusterUid: cluster.uid ?? "" };
}

/** The cluster's identity where its nodes are of no interest; empty where it cannot be reached, or this user may not ask. */
async function clusterUid(target: LoadTarget, signal?: AbortSignal): Promise<string> {
  try {
    return await readClusterUid({ context: target.kubeContext }, signal);
  } catch (error) {
    if (error instanceof ClusterUnreachable) return "";
    throw error;
  }
}

/** Whether both are known and are two clusters. */
export function isAnotherCluster(before: string, now: string): boolean {
  return before !== "" && now !== "" && before !== now;
}
