import type { dynamic } from "@pulumi/pulumi";
import {
  AnotherCluster,
  findImage,
  glance,
  HostImageMissing,
  isAnotherCluster,
  loadImage,
  type LoadRequest,
  type LoadResult,
} from "./index";
import { buildImage } from "../build";
import { removeImages } from "./remove";
import type { LoadInputs } from "./resource";
import { messageOf } from "../../tools/errors";
import { shortName } from "../source";

/** A preview must not wait for a cluster that hangs. */
const LOOK_MS = 15_000;
/** Exporting gigabytes to a slow disk or a far registry. */
const LOAD_MS = 30 * 60 * 1000;
/** The current tag, and the one to go back to. */
const KEPT_TAGS = 2;
/** And those whose removal may not have come to its end. */
const REMEMBERED_TAGS = 5;

/** What Pulumi keeps about a load. */
interface LoadState extends LoadInputs, LoadResult {
  /** Tags that this stack has loaded, newest first; the last ones are removed, or will be. */
  tags: string[];
}

/**
 * The behaviour of `Load`, run in a process of Pulumi's own. Pulumi calls `diff` at every preview,
 * even with equal inputs, which is what finds an image that is gone from the cluster. (The Docker
 * provider never looks at anything again: for it a removed image is unchanged.)
 */
export function loadProvider(): dynamic.ResourceProvider<LoadInputs, LoadState> {
  const recent = glance();
  const look = (inputs: LoadInputs): ReturnType<typeof findImage> =>
    findImage(targetOf(inputs), AbortSignal.timeout(LOOK_MS), recent);
  return {
    async diff(_id, olds, news) {
      if (inputsOf(olds) !== inputsOf(news)) return { changes: true };
      try {
        const { clusterUid, missing } = await look(news);
        const another = isAnotherCluster(olds.clusterUid, clusterUid);
        return { changes: another || (missing?.length ?? 0) > 0 };
      } catch {
        return { changes: false }; // what cannot be asked is not a change; an update that needs it fails
      }
    },

    async create(inputs) {
      return {
        id: shortName(inputs.image.slice(0, inputs.image.lastIndexOf(":"))),
        outs: await load(inputs, []),
      };
    },

    async update(_id, olds, news) {
      return { outs: await load(news, olds.tags, olds.clusterUid) };
    },

    async read(id, props) {
      if (!id || !props) return {};
      const asBefore = { id, props };
      try {
        const { clusterUid, missing } = await look(props);
        const another = isAnotherCluster(props.clusterUid, clusterUid);
        const gone = another || (missing?.length ?? 0) > 0;
        return gone ? { id: "" } : asBefore;
      } catch {
        return asBefore;
      }
    },

    // No delete: images stay on the nodes, where other pods may use them, until the kubelet clears them.
  };
}

/** The one that Pulumi's process serves. */
export const provider = loadProvider();

async function load(inputs: LoadInputs, before: string[], clusterUid?: string): Promise<LoadState> {
  const tags = [inputs.image, ...before.filter((tag) => tag !== inputs.image)];
  const request: LoadRequest = {
    ...targetOf(inputs),
    platform: inputs.platform,
    clusterUid,
    log: () => undefined, // it would stand under the stack, not here; the outputs tell
    signal: AbortSignal.timeout(LOAD_MS),
  };
  const result = await loadImage(request)
    .catch(async (error: unknown) => {
      // The Docker provider believes in what it once built, and never looks again.
      if (!(error instanceof HostImageMissing)) throw error;
      await buildAgain(inputs, request);
      return loadImage(request);
    })
    .catch((error: unknown) => {
      throw withRemedy(error);
    });
  // Not awaited: there is time while the pods roll, and nobody should wait for it. Where Pulumi is
  // done sooner and ends this process, the next load does it.
  void removeImages(targetOf(inputs), tags.slice(KEPT_TAGS));
  return { ...inputs, ...result, tags: tags.slice(0, REMEMBERED_TAGS) };
}

async function buildAgain({ image, source }: LoadInputs, request: LoadRequest): Promise<void> {
  const { reference } = await buildImage(source, request);
  if (reference === image) return;
  throw new Error(
    `The files of ${source.repository} have changed while ${image} was being deployed. Run it again.`,
  );
}

function withRemedy(error: unknown): Error {
  const message = messageOf(error);
  if (error instanceof AnotherCluster) {
    return new Error(
      `${message} Run \`pulumi up --refresh\`, which finds out what is gone and makes it.`,
    );
  }
  return error instanceof Error ? error : new Error(message);
}

function targetOf({ image, kubeContext, settings }: LoadInputs): Parameters<typeof findImage>[0] {
  return { image, kubeContext, loader: settings };
}

/** The context is left out: it is the name that one machine has for a cluster, whose UID is compared. */
function inputsOf({ image, platform, settings }: LoadInputs): string {
  const { kind, command, registry } = settings;
  return JSON.stringify([image, platform, kind, command, registry]);
}
