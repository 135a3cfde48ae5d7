import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { missingLayers, UnknownArchive } from "./archive";
import type { HostImage } from "../../tools/docker";
import { hostImage } from "./host-image";
import type { Loader, LoadPath, LoadRequest, LoadResult } from "./loader";
import type { NodeRuntime } from "./runtimes";
import { feed } from "../../tools/feed";
import { start, type ToolOptions } from "../../tools/process";
import { ToolError } from "../../tools/tool-error";

/** A transfer of gigabytes to a slow disk; what takes longer hangs. */
const TRANSFER_MS = 10 * 60 * 1000;

/** A node of the cluster that is a container in the user's Docker. */
export interface ContainerNode {
  name: string;
  runtime: NodeRuntime;
}

/**
 * Straight into the nodes of Minikube's docker driver, kind, k3d or the sandbox. Sends only the
 * layers that a node lacks: after a one-line change, kilobytes of hundreds of megabytes. What a node
 * refuses is sent again in full.
 */
export class NodeLoader implements Loader {
  readonly name = "node";

  constructor(
    private readonly image: string,
    private readonly nodes: ContainerNode[],
  ) {}

  async missing(signal?: AbortSignal): Promise<string[]> {
    const found = await Promise.all(
      this.nodes.map((node) => node.runtime.has(node.name, this.image, signal)),
    );
    return this.nodes.filter((_, index) => found[index] !== true).map((node) => node.name);
  }

  async load(
    request: LoadRequest,
    missing?: string[],
  ): Promise<Pick<LoadResult, "bytesSent" | "path">> {
    // Docker takes a second or two before the first byte, so it begins while the nodes are asked.
    const saving = new Saving(request);
    try {
      const [image, lacking] = await Promise.all([
        hostImage(request),
        missing ?? this.missing(request.signal),
      ]);
      const targets = this.nodes.filter(({ name }) => lacking.includes(name));
      const present = await presentOnAll(targets, image.layers, request.signal);
      let path: LoadPath = "full";
      const select = (saved: Readable): Readable =>
        missingLayers(request.image, saved, image.layers, present, () => {
          path = "missing-layers";
        });
      try {
        const bytesSent = await transfer(saving, targets, present.size > 0 ? select : everything);
        return { path, bytesSent };
      } catch (error) {
        if (present.size === 0 || !mayWorkInFull(error, request)) throw error;
        request.log(`${request.image}: the missing layers alone were refused, sending all of it`);
        return {
          path: "full",
          bytesSent: await transfer(new Saving(request), targets, everything),
        };
      }
    } catch (error) {
      throw request.signal?.aborted ? new Error(`Loading ${request.image} was cancelled.`) : error;
    } finally {
      saving.stop();
    }
  }

  async remove(images: string[], signal?: AbortSignal): Promise<void> {
    const removals = this.nodes.map((node) => node.runtime.remove(node.name, images, signal));
    await Promise.allSettled(removals);
  }
}

/** `docker save`, and what its output is written to: they end together. */
class Saving {
  private readonly stopping = new AbortController();
  private readonly options: ToolOptions;
  private readonly save: ReturnType<typeof start>;

  constructor(readonly request: LoadRequest) {
    const signals = [this.stopping.signal, ...(request.signal ? [request.signal] : [])];
    this.options = { timeout: TRANSFER_MS, signal: AbortSignal.any(signals) };
    this.save = start("docker", ["save", request.image], this.options);
  }

  get output(): Readable {
    return this.save.stdout;
  }

  get done(): Promise<unknown> {
    return this.save.done;
  }

  /** The program in a node that takes the image in. */
  startLoad({ name, runtime }: ContainerNode): ReturnType<typeof start> {
    return start("docker", ["exec", "--interactive", name, ...runtime.load], this.options);
  }

  stop(): void {
    this.stopping.abort();
  }
}

function everything(saved: Readable): Readable {
  return saved;
}

/** One export, written to all nodes at once. Returns the bytes written, all nodes together. */
async function transfer(
  saving: Saving,
  targets: ContainerNode[],
  select: (saved: Readable) => Readable,
): Promise<number> {
  const loads = targets.map((target) => saving.startLoad(target));
  const all = Promise.all([saving, ...loads].map(({ done }) => done));
  all.catch(() => undefined); // awaited below, maybe only after the stream has failed
  try {
    const sinks = loads.map(({ stdin }) => stdin);
    const bytes = await feed(select(saving.output), sinks).catch(async (error: unknown) => {
      // A program that ended says why better than the stream that it broke.
      await Promise.race([all, delay(1000)]);
      throw error;
    });
    await all;
    return bytes * targets.length;
  } catch (error) {
    saving.stop();
    await Promise.allSettled([saving, ...loads].map(({ done }) => done));
    const { image } = saving.request;
    await Promise.allSettled(targets.map(({ name, runtime }) => runtime.remove(name, [image])));
    throw error;
  }
}

async function presentOnAll(
  nodes: ContainerNode[],
  layers: HostImage["layers"],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const sets = await Promise.all(
    nodes.map((node) => node.runtime.present(node.name, layers, signal)),
  );
  const digests = [...(sets[0] ?? [])];
  return new Set(digests.filter((digest) => sets.every((set) => set.has(digest))));
}

/** Worth another try with everything, unless there is a reason that more bytes do not change. */
function mayWorkInFull(error: unknown, request: LoadRequest): boolean {
  if (request.signal?.aborted) return false;
  if (error instanceof UnknownArchive) return true;
  return (
    error instanceof ToolError &&
    error.command.startsWith("docker exec") &&
    !/no space left|was not found|No such container|is not running/i.test(error.message)
  );
}
