import { chooseLoader, withoutCluster } from "./choose";
import { imagesInUse } from "../../tools/kubectl";
import { readLoadCluster } from "./cluster";
import { docker, fullName } from "../../tools/docker";
import type { LoadTarget } from "./loader";
import { NodeLoader } from "./node";

/** Old images are not worth waiting for. */
const REMOVE_MS = 60_000;

/**
 * Takes old images off the nodes and the host, except those that some pod still names. Never fails:
 * what could not be removed costs disk, not an update.
 */
export async function removeImages(target: LoadTarget, images: string[]): Promise<void> {
  if (images.length === 0) return;
  const signal = AbortSignal.timeout(REMOVE_MS);
  try {
    if (withoutCluster(target) === undefined) {
      const [cluster, used] = await Promise.all([
        readLoadCluster(target.kubeContext, signal),
        imagesInUse({ context: target.kubeContext }, signal),
      ]);
      const usedNames = new Set([...used].map(fullName));
      const unused = images.filter((image) => !usedNames.has(fullName(image)));
      if (unused.length === 0) return;
      const loader = await chooseLoader(target, cluster, signal);
      if (loader instanceof NodeLoader) await loader.remove(unused, signal);
      images = unused;
    }
    // Without --force: an image that a container uses stays.
    await docker(["image", "rm", ...images], signal);
  } catch {
    // Asked again at the next load only for newer ones; `docker image prune -a` clears the rest.
  }
}
