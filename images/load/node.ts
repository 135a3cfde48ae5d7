import { missingLayers, UnknownArchive } from "./archive";
import { type HostImage, usesContainerdStore } from "../../tools/docker";
import { hostImage } from "./host-image";
import type { ImageIndex, Layer } from "./layout";
import type { Loader, LoadPath, LoadRequest, LoadResult } from "./loader";
import type { HeldBlob } from "./node-runtime";
import { Push } from "./push";
import { type ContainerNode, type Target, Transfer } from "./transfer";
import { messageOf } from "../../tools/errors";
import { ToolError } from "../../tools/tool-error";

/**
 * Docker's own store compresses what it pushes, about five times slower than `docker save` exports it: a push is
 * the faster one up to this part of an image.
 */
const PUSHED_PART = 0.2;

/**
 * Straight into the nodes of Minikube's docker driver, kind, k3d or the sandbox. Sends only the
 * layers that a node lacks: after a one-line change, kilobytes of hundreds of megabytes. They come out of the user's
 * Docker by a push where that is faster, else by `docker save`. What a node refuses is sent again in full.
 */
export class NodeLoader implements Loader {
  readonly name = "node";
  /** What was sent by this loader, which is what nodes have to have of it now. */
  private sent: Sent | undefined;
  /** Nodes that were seen to have it after it was sent. */
  private readonly confirmed = new Set<string>();

  constructor(
    private readonly image: string,
    private readonly nodes: ContainerNode[],
  ) {}

  async missing(signal?: AbortSignal): Promise<string[]> {
    const found = await Promise.all(this.nodes.map((node) => this.isOn(node, signal)));
    return this.nodes.filter((_, index) => found[index] !== true).map((node) => node.name);
  }

  async load(request: LoadRequest, missing?: string[]): Promise<NodeResult> {
    const signal = request.signal ?? new AbortController().signal;
    // All of it is asked at once: most loads need all of it, and each answer takes a tenth of a second.
    const opening = this.openPush(request, signal);
    try {
      const lacking = missing ?? (await this.missing(signal));
      const look = async (node: ContainerNode): Promise<Target> => {
        return { ...node, content: await node.runtime.content(node.name, signal) };
      };
      const [host, ...targets] = await Promise.all([
        hostImage(request),
        ...this.nodes.filter(({ name }) => lacking.includes(name)).map(look),
      ]);
      return (
        (await this.byPush(await opening, request, host, targets)) ??
        (await this.bySave(request, host, targets))
      );
    } catch (error) {
      throw signal.aborted ? new Error(`Loading ${request.image} was cancelled.`) : error;
    } finally {
      const opened = await opening;
      if (typeof opened !== "string") await opened.close();
    }
  }

  async remove(images: string[], signal?: AbortSignal): Promise<void> {
    const removals = this.nodes.map((node) => node.runtime.remove(node.name, images, signal));
    await Promise.allSettled(removals);
  }

  /** Where Docker can be asked to push to; the reason where it cannot. */
  private async openPush({ image }: LoadRequest, signal: AbortSignal): Promise<Push | string> {
    const place = `${this.nodes[0]?.name} ${image.slice(0, image.lastIndexOf(":"))}`;
    return Push.open(image, place, signal).catch(messageOf);
  }

  /** Undefined where it is not the way to go, or did not come to its end: `docker save` is. */
  private async byPush(
    push: Push | string,
    request: LoadRequest,
    host: HostImage,
    targets: Target[],
  ): Promise<NodeResult | undefined> {
    const { image, platform, log, signal } = request;
    const held = heldByAll(host.layers, targets);
    const transfer = new Transfer(image, signal);
    try {
      if (typeof push === "string") throw new Error(push);
      if (mostIsMissing(host, held) && !(await usesContainerdStore(signal))) return undefined;
      // All of the nodes have these blobs, so one of them can tell.
      const digests = [...held.values()].map(({ digest }) => digest);
      const describe = async (): Promise<Map<string, Layer>> =>
        (await targets[0]?.content.describe(digests, signal)) ?? new Map<string, Layer>();
      const { archive, described } = await push.take({ host, held, describe, platform });
      const { bytes: bytesSent, found } = await transfer.send(archive, targets);
      const sent = { ids: idsOf(described, host), isAll: true };
      if (!(await this.arrived(sent, targets, found, signal))) {
        throw new Error("the nodes do not have it after they took it");
      }
      return { path: held.size > 0 ? "missing-layers" : "full", bytesSent, export: "docker push" };
    } catch (error) {
      signal?.throwIfAborted();
      if (isFinal(error)) throw error;
      log(`${image}: docker save is used instead of docker push: ${messageOf(error)}`);
      return undefined;
    } finally {
      transfer.stop();
    }
  }

  private async bySave(
    request: LoadRequest,
    host: HostImage,
    targets: Target[],
  ): Promise<NodeResult> {
    const { image, signal } = request;
    const present = new Set(
      [...heldByAll(host.layers, targets).values()].map(({ digest }) => digest),
    );
    let path: LoadPath = "full";
    let sent: Sent = { ids: new Set([host.id]), isAll: false };
    if (present.size > 0) {
      const transfer = new Transfer(image, signal);
      const { output, done } = transfer.save();
      const archive = missingLayers(image, output, host.layers, present, {
        leftOut: () => (path = "missing-layers"),
        described: (index) => (sent = { ids: idsOf(index, host), isAll: true }),
      });
      try {
        const { bytes, found } = await transfer.send(archive, targets, done);
        if (await this.arrived(sent, targets, found, signal)) {
          return { path, bytesSent: bytes, export: "docker save" };
        }
      } catch (error) {
        if (!mayWorkInFull(error, request)) throw error;
      } finally {
        transfer.stop();
      }
      request.log(`${image}: the missing layers alone were refused, sending all of it`);
    }
    const transfer = new Transfer(image, signal);
    try {
      const { output, done } = transfer.save();
      const { bytes, found } = await transfer.send(output, targets, done);
      await this.arrived({ ids: new Set([host.id]), isAll: false }, targets, found, signal);
      return { path: "full", bytesSent: bytes, export: "docker save" };
    } finally {
      transfer.stop();
    }
  }

  /** Whether all of the nodes have what was sent, by what each of them knows the image as now. */
  private async arrived(
    sent: Sent,
    targets: Target[],
    found: (string | undefined)[],
    signal?: AbortSignal,
  ): Promise<boolean> {
    this.sent = sent;
    const have = await Promise.all(
      targets.map((node, index) => this.isWhatWasSent(node, found[index], signal)),
    );
    targets.filter((_, index) => have[index]).forEach(({ name }) => this.confirmed.add(name));
    return have.every(Boolean);
  }

  private async isOn(node: ContainerNode, signal?: AbortSignal): Promise<boolean> {
    if (this.confirmed.has(node.name)) return true;
    const found = await node.runtime.find(node.name, this.image, signal);
    return this.isWhatWasSent(node, found, signal);
  }

  private async isWhatWasSent(
    { name, runtime }: ContainerNode,
    found: string | undefined,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (found === undefined) return false;
    if (this.sent === undefined || this.sent.ids.has(found)) return true;
    const config = await runtime.configOf(name, this.image, found, signal);
    return config === undefined ? !this.sent.isAll : this.sent.ids.has(config);
  }
}

type NodeResult = Pick<LoadResult, "bytesSent" | "path" | "export">;

/** Digest of the uncompressed layer → its blob on the nodes. */
type Held = ReadonlyMap<string, HeldBlob>;

/** Digests that nodes may know the image by which they were sent. */
interface Sent {
  ids: ReadonlySet<string>;
  /** Whether no others are possible. */
  isAll: boolean;
}

function idsOf({ manifest, config }: ImageIndex, host: HostImage): ReadonlySet<string> {
  return new Set([manifest, config, host.id]);
}

/** Only what all nodes have as the same blob: one archive goes to all of them. */
function heldByAll(layers: string[], targets: Target[]): Held {
  const [first, ...others] = targets.map(({ content }) => content.held(layers));
  return new Map(
    [...(first ?? [])].filter(([layer, { digest }]) =>
      others.every((other) => other.get(layer)?.digest === digest),
    ),
  );
}

/** By the blobs' sizes; nodes with Docker tell none, so there it goes by the number of layers. */
function mostIsMissing({ size, layers }: HostImage, held: Held): boolean {
  const sizes = [...held.values()].map((blob) => blob.size);
  if (sizes.includes(undefined)) return held.size < layers.length / 2;
  return sizes.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0) < (1 - PUSHED_PART) * size;
}

/** A reason that another way does not change. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof ToolError &&
    /no space left|was not found|No such container|is not running/i.test(error.message)
  );
}

/** Worth another try with everything, unless there is a reason that more bytes do not change. */
function mayWorkInFull(error: unknown, request: LoadRequest): boolean {
  if (request.signal?.aborted) return false;
  if (error instanceof UnknownArchive) return true;
  return error instanceof ToolError && error.command.startsWith("docker exec") && !isFinal(error);
}
