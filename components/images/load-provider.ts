import type { dynamic } from "@pulumi/pulumi";
import { findImage, HostImageMissing, loadImage, type LoadResult } from "../loaders";
import { removeImages } from "../loaders/remove";
import type { LoadInputs } from "./load";
import { shortName } from "./source";

/** A preview must not wait for a cluster that hangs. */
const LOOK_MS = 15_000;
/** Exporting gigabytes to a slow disk or a far registry. */
const LOAD_MS = 30 * 60 * 1000;
/** The current tag, and the one to go back to. */
const KEPT_TAGS = 2;

/** What Pulumi keeps about a load. */
interface LoadState extends LoadInputs, LoadResult {
  /** Tags that this stack has loaded and not yet removed, newest first. */
  tags: string[];
}

/**
 * The behaviour of `Load`, run in a process of Pulumi's own. Pulumi calls `diff` at every preview,
 * even with equal inputs, which is what finds an image that is gone from the cluster. (The Docker
 * provider never looks at anything again: for it a removed image is unchanged.)
 */
export const provider: dynamic.ResourceProvider<LoadInputs, LoadState> = {
  async diff(_id, olds, news) {
    if (inputsOf(olds) !== inputsOf(news)) return { changes: true };
    try {
      const { clusterUid, missing } = await look(news);
      return { changes: clusterUid !== olds.clusterUid || (missing?.length ?? 0) > 0 };
    } catch {
      return { changes: false }; // what cannot be asked is not a change; an update that needs it fails
    }
  },

  async create(inputs) {
    return { id: shortName(inputs.image.split(":")[0] ?? ""), outs: await load(inputs, []) };
  },

  async update(_id, olds, news) {
    const { clusterUid } = await look(news);
    if (olds.clusterUid !== "" && clusterUid !== "" && clusterUid !== olds.clusterUid) {
      throw new Error(
        `The cluster of context "${news.kubeContext}" is not the one that this stack was deployed to: ` +
          "it was made again since. Run `pulumi up --refresh`, which finds out what is gone and makes it.",
      );
    }
    return { outs: await load(news, olds.tags) };
  },

  async read(id, props) {
    if (!id || !props) return {};
    const asBefore = { id, props };
    try {
      const { clusterUid, missing } = await look(props);
      const gone = clusterUid !== props.clusterUid || (missing?.length ?? 0) > 0;
      return gone ? { id: "" } : asBefore;
    } catch {
      return asBefore;
    }
  },

  // No delete: images stay on the nodes, where other pods may use them, until the kubelet clears them.
};

function look(inputs: LoadInputs): ReturnType<typeof findImage> {
  return findImage(targetOf(inputs), AbortSignal.timeout(LOOK_MS));
}

async function load(inputs: LoadInputs, before: string[]): Promise<LoadState> {
  const tags = [inputs.image, ...before.filter((tag) => tag !== inputs.image)];
  const obsolete = tags.slice(KEPT_TAGS);
  const [result] = await Promise.all([
    loadImage({
      ...targetOf(inputs),
      platform: inputs.platform,
      log: () => undefined, // it would stand under the stack, not here; the outputs tell
      signal: AbortSignal.timeout(LOAD_MS),
    }).catch((error: unknown) => {
      throw withRemedy(error, inputs);
    }),
    removeImages(targetOf(inputs), obsolete), // beside the export, which takes longer
  ]);
  return { ...inputs, ...result, tags: tags.slice(0, KEPT_TAGS) };
}

/** The Docker provider believes in what it once built: only a replacement builds it again. */
function withRemedy(error: unknown, inputs: LoadInputs): Error {
  if (!(error instanceof HostImageMissing)) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const urn = `**docker:index/image:Image::${inputs.builtBy}`;
  return new Error(`${error.message} Build it again: pulumi up --replace '${urn}'`);
}

function targetOf({ image, kubeContext, settings }: LoadInputs): Parameters<typeof findImage>[0] {
  return { image, kubeContext, loader: settings };
}

function inputsOf({ image, platform, kubeContext, settings }: LoadInputs): string {
  const { kind, command, registry } = settings;
  return JSON.stringify([image, platform, kubeContext, kind, command, registry]);
}
