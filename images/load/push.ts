import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import * as tar from "tar-stream";
import type { HostImage } from "../../tools/docker";
import { DaemonClient } from "../../tools/docker-api";
import { cacheFolder } from "../../tools/paths";
import { writePrivately } from "../../tools/private-file";
import { openSession } from "../buildkit/session";
import type { HeldBlob } from "./node-runtime";
import { blobName, type ImageIndex, imageIndex, type Layer, layerType, sha256 } from "./layout";
import { type ReceivedBlob, Receiver } from "./receiver";

/** A daemon that cannot reach this machine's loopback says so at once, or a firewall swallows the question. */
const REACH_MS = 3000;
/** For taking a name away after a load was cancelled. */
const CLOSE_MS = 5000;
/** Once to see what there is, once for the config, once for layers; and once more after an introduction. */
const PUSHES = 4;
/** Below the ports of NodePort Services and those that systems give to whoever asks for any. */
const PORTS = { first: 20_000, count: 10_000 };
/** Compressed data may be a little larger than plain, and there are configs and manifests. */
const SLACK_BYTES = 64 * 1024 * 1024;
const TAG = "load";

/** What is wanted of an image. */
export interface PushWish {
  host: HostImage;
  /** What every node has: digest of the uncompressed layer → of the blob there. */
  held: ReadonlyMap<string, HeldBlob>;
  /** The same blobs in full, by their digests; asked for while Docker pushes. */
  describe: () => Promise<ReadonlyMap<string, Layer>>;
  /** `linux/amd64`: which image of an index is meant. */
  platform: string;
}

/** What Docker pushed, ready to be written into nodes. */
export interface PushedImage {
  /** An archive with the layers that no node holds; readable until `close`. */
  archive: Readable;
  /** What the nodes will know the image as. */
  described: ImageIndex;
}

/**
 * Lets Docker push an image to a receiver on this machine's loopback, which takes the layers that the nodes lack.
 * Docker asks for each layer by digest before it sends it, so that "what is missing?" costs milliseconds at any
 * size, where `docker save` writes all of it.
 *
 * The digests that Docker asks by are not those that nodes know: its own store compresses what it pushes. So every
 * question is first answered with "it is here"; the manifest and the config, which come last, tell which
 * layer each digest stands for; and what is needed after all is refused and comes with the next push.
 * What the result holds was compared by the digests of uncompressed layers, whatever was answered on the way.
 */
export class Push {
  private readonly repository = secretRepository();
  private wanted: Wanted | undefined;

  /**
   * @param place the same for every image of this name in this cluster: the port follows from it
   * @throws Error with the reason why Docker cannot push to this machine
   */
  static async open(image: string, place: string, signal: AbortSignal): Promise<Push> {
    const push = new Push(image, new DaemonClient(signal), signal);
    await push.prepare(place);
    return push;
  }

  private receiver: Receiver | undefined;

  private constructor(
    private readonly image: string,
    private readonly daemon: DaemonClient,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws Error with the reason why it cannot be had in this way */
  async take(wish: PushWish): Promise<PushedImage> {
    const { receiver, name } = this.opened();
    receiver.limit = wish.host.size + SLACK_BYTES;
    const wanted = (this.wanted = new Wanted(wish.host, wish.held));
    const layers = wish.describe();
    layers.catch(() => undefined); // awaited when Docker is done
    for (let pushes = 0; pushes < PUSHES; pushes++) {
      wanted.startOver();
      receiver.manifests.clear();
      const pushed = await this.daemon.ask("POST", `/images/${name}/push?tag=${TAG}`, ANONYMOUS);
      this.signal.throwIfAborted();
      if (wanted.isExceeded) {
        const session = await openSession(this.signal);
        await introduce(this.daemon, receiver, name, wish, session.id).finally(session.close);
        continue;
      }
      const failure = failureIn(pushed.message);
      if (pushed.status !== 200 || failure !== undefined) {
        throw new Error(`docker push failed: ${failure ?? pushed.message}`);
      }
      const found = await assemble(this.image, wish, receiver, wanted, await layers);
      if (found !== undefined) return found;
    }
    throw new Error(`Docker did not send what was asked for in ${PUSHES} pushes`);
  }

  /** Takes away what was received, and the name that the image had for the push. */
  async close(): Promise<void> {
    if (this.receiver !== undefined) {
      const { name } = this.opened();
      // A cancelled load has lost its connection.
      const cancelled = this.signal.aborted;
      const daemon = cancelled ? new DaemonClient(AbortSignal.timeout(CLOSE_MS)) : this.daemon;
      // Only this name: the image keeps its own.
      await daemon.ask("DELETE", `/images/${name}:${TAG}?noprune=1`);
      daemon.close();
      await this.receiver.close();
    }
    this.daemon.close();
  }

  private async prepare(place: string): Promise<void> {
    try {
      const hash = createHash("sha256").update(place).digest().readUInt32BE();
      this.receiver = await Receiver.open({
        port: PORTS.first + (hash % PORTS.count),
        repository: this.repository,
        folder: (port) => path.join(cacheFolder(), "received", String(port)),
        claims: (digest) => this.wanted?.claims(digest) ?? false,
        admits: () => this.wanted?.admits() ?? false,
      });
      const { receiver, name } = this.opened();
      await requireReach(this.daemon, receiver, name);
      const query = new URLSearchParams({ repo: name, tag: TAG });
      const request = `/images/${encodeURI(this.image)}/tag?${query.toString()}`;
      const tagged = await this.daemon.ask("POST", request);
      if (tagged.status !== 201) throw new Error(`Docker could not tag it: ${tagged.message}`);
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  private opened(): { receiver: Receiver; name: string } {
    if (this.receiver === undefined) throw new Error("the receiver is not open");
    return { receiver: this.receiver, name: `${this.receiver.host}/${this.repository}` };
  }
}

/** The daemon logs in nowhere: the header is one that it insists on. */
const ANONYMOUS = { "X-Registry-Auth": Buffer.from("{}").toString("base64url") };

/** Which blobs are still to come, and how many uploads that can take. */
class Wanted {
  /** Layers, by the digest of what is uncompressed, that some node lacks. */
  private readonly lacking: ReadonlySet<string>;
  private readonly configs: Set<string>;
  private readonly refused = new Set<string>();
  private uploads = 0;
  private configAsked = false;

  constructor(host: HostImage, held: PushWish["held"]) {
    this.lacking = new Set(host.layers.filter((layer) => !held.has(layer)));
    this.configs = new Set([host.id]);
  }

  /** Docker began to send more layers than are lacking: it does not know how to ask for those that the nodes have. */
  get isExceeded(): boolean {
    return this.uploads > this.lacking.size + (this.configAsked ? 1 : 0);
  }

  startOver(): void {
    this.uploads = 0;
    this.configAsked = false;
  }

  claims(digest: string): boolean {
    if (this.configs.has(digest)) {
      this.configAsked = true; // from here on it may be sent
      return false;
    }
    return !this.refused.has(digest) && !this.lacking.has(digest);
  }

  admits(): boolean {
    this.uploads++;
    return !this.isExceeded;
  }

  askForConfig(digest: string): void {
    this.configs.add(digest);
  }

  askForLayer(digest: string): void {
    this.refused.add(digest);
  }
}

/**
 * Asks the daemon for something that only the receiver has. A daemon in a virtual machine (Docker Desktop) or on
 * another machine has a loopback of its own, where anybody may listen: nothing is pushed before this has arrived here.
 */
async function requireReach(daemon: DaemonClient, receiver: Receiver, name: string): Promise<void> {
  const asked = daemon.ask("GET", `/distribution/${name}:reach/json`);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, REACH_MS)));
  await Promise.race([asked, late]);
  clearTimeout(timer);
  if (!receiver.wasReached) {
    throw new Error("Docker's daemon does not reach this machine's loopback");
  }
}

/**
 * Tells Docker's own store by which digests the receiver has the image's layers. It would otherwise compress each layer
 * once to find its digest, half a minute for 600 MB: it asks only by digests that it has met.
 * A build from a base image is how it meets them: BuildKit reads which layers the image consists of,
 * finds that all of them are there, fetches none, and notes where it could have.
 */
async function introduce(
  daemon: DaemonClient,
  receiver: Receiver,
  name: string,
  { host, platform }: PushWish,
  session: string,
): Promise<void> {
  const [os, architecture] = platform.split("/");
  const config = Buffer.from(
    JSON.stringify({ os, architecture, rootfs: { type: "layers", diff_ids: host.layers } }),
  );
  const type = "application/vnd.docker.distribution.manifest.v2+json";
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: {
        mediaType: "application/vnd.docker.container.image.v1+json",
        digest: sha256(config),
        size: config.length,
      },
      layers: host.layers.map((digest) => ({
        mediaType: "application/vnd.docker.image.rootfs.diff.tar",
        digest,
        size: 1,
      })),
    }),
  );
  receiver.documents.set("manifests/known", { body: manifest, type });
  receiver.documents.set(`manifests/${sha256(manifest)}`, { body: manifest, type });
  receiver.documents.set(`blobs/${sha256(config)}`, {
    body: config,
    type: "application/octet-stream",
  });
  const dockerfile = Buffer.from(`FROM ${name}:known\n`);
  receiver.documents.set("Dockerfile", { body: dockerfile, type: "text/plain" });
  const [registry = "", repository = ""] = name.split("/");
  const query = new URLSearchParams({
    version: "2", // BuildKit
    session,
    remote: `http://${registry}/v2/${repository}/Dockerfile`,
    t: `${name}:known`,
    platform,
  });
  const built = await daemon.ask("POST", `/build?${query.toString()}`);
  await daemon.ask("DELETE", `/images/${name}:known?noprune=1`);
  const failure = failureIn(built.message);
  if (built.status !== 200 || failure !== undefined) {
    throw new Error(`Docker would have to compress the whole image (${failure ?? built.message})`);
  }
}

/** What a stream of the daemon's messages says went wrong. */
function failureIn(stream: string): string | undefined {
  for (const line of stream.split("\n")) {
    if (!line.includes('"error"')) continue;
    return (JSON.parse(line) as { error?: string }).error;
  }
  return undefined;
}

/** The image from what has arrived; undefined where something is still to come, which `wanted` then asks for. */
async function assemble(
  image: string,
  { host, held, platform }: PushWish,
  receiver: Receiver,
  wanted: Wanted,
  onNodes: ReadonlyMap<string, Layer>,
): Promise<PushedImage | undefined> {
  const manifest = manifestFor(receiver.manifests, platform);
  const config = receiver.blobs.get(manifest.config.digest);
  if (config === undefined) {
    wanted.askForConfig(manifest.config.digest);
    return undefined;
  }
  const configContent = fs.readFileSync(config.file);
  const { rootfs } = JSON.parse(configContent.toString()) as { rootfs?: { diff_ids?: string[] } };
  const diffIds = rootfs?.diff_ids ?? [];
  if (diffIds.join() !== host.layers.join() || diffIds.length !== manifest.layers.length) {
    throw new Error("Docker pushed another image than it has under this name");
  }

  const layers: Layer[] = [];
  const arrived = new Map<string, ReceivedBlob>();
  let isComplete = true;
  for (const [index, diffId] of diffIds.entries()) {
    const digest = manifest.layers[index]?.digest ?? "";
    const there = held.get(diffId);
    const blob = receiver.blobs.get(digest);
    if (there !== undefined) {
      const layer = onNodes.get(there.digest);
      if (layer === undefined)
        throw new Error(`no manifest on the nodes describes ${there.digest}`);
      layers.push(layer);
    } else if (blob === undefined) {
      wanted.askForLayer(digest);
      isComplete = false;
    } else {
      layers.push(await layerIn(blob, digest, diffId));
      arrived.set(digest, blob);
    }
  }
  if (!isComplete) return undefined;
  const described = imageIndex(image, configContent, layers);
  return { described, archive: archiveOf(arrived, described) };
}

interface Manifest {
  config: { digest: string };
  layers: { digest: string }[];
}

interface Index {
  manifests: { digest: string; platform?: { os: string; architecture: string } }[];
}

/** The manifest of the image for a platform: the only one, or the one that an index names for it. */
function manifestFor(pushed: ReadonlyMap<string, Buffer>, platform: string): Manifest {
  const documents = new Map(
    [...pushed].map(([digest, body]) => [
      digest,
      JSON.parse(body.toString()) as Partial<Manifest & Index>,
    ]),
  );
  const index = [...documents.values()].find(({ manifests }) => manifests !== undefined);
  const named = index?.manifests?.find(
    ({ platform: of }) => of !== undefined && platform.startsWith(`${of.os}/${of.architecture}`),
  );
  const chosen = named === undefined ? [...documents.values()] : [documents.get(named.digest)];
  const manifest = chosen.find((document) => document?.config !== undefined);
  if (manifest?.config === undefined || manifest.layers === undefined) {
    throw new Error(`Docker pushed no manifest for ${platform}`);
  }
  return { config: manifest.config, layers: manifest.layers };
}

/** @throws Error when the blob is not the layer that it is to be */
async function layerIn(blob: ReceivedBlob, digest: string, diffId: string): Promise<Layer> {
  const start = Buffer.alloc(4);
  const file = await fs.promises.open(blob.file);
  try {
    await file.read(start, 0, start.length, 0);
  } finally {
    await file.close();
  }
  const mediaType = layerType(start);
  const hash = createHash("sha256");
  const content = fs.createReadStream(blob.file);
  if (mediaType.endsWith("+gzip")) await pipeline(content, zlib.createGunzip(), hash);
  else if (mediaType.endsWith("+zstd")) await pipeline(content, zlib.createZstdDecompress(), hash);
  else await pipeline(content, hash);
  if (`sha256:${hash.digest("hex")}` !== diffId) {
    throw new Error(`Docker sent ${digest} for the layer ${diffId}, which is not in it`);
  }
  return { digest, size: blob.size, mediaType };
}

function archiveOf(blobs: ReadonlyMap<string, ReceivedBlob>, { entries }: ImageIndex): Readable {
  const out = tar.pack();
  const write = async (): Promise<void> => {
    for (const [digest, { file, size }] of blobs) {
      await pipeline(fs.createReadStream(file), out.entry({ name: blobName(digest), size }));
    }
    for (const { name, content } of entries) out.entry({ name }, content);
    out.finalize();
  };
  write().catch((error: unknown) => {
    out.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return out as unknown as Readable; // streamx's, which is a Readable in all but its type
}

/** The same name at every load, since Docker remembers it; known to this user and to Docker alone. */
function secretRepository(): string {
  const file = path.join(cacheFolder(), "receiver-name");
  const read = (): string | undefined => {
    try {
      return /^todo-[0-9a-f]{32}$/.exec(fs.readFileSync(file, "utf8").trim())?.[0];
    } catch {
      return undefined;
    }
  };
  const known = read();
  if (known !== undefined) return known;
  writePrivately(file, `todo-${randomBytes(16).toString("hex")}\n`);
  return read() ?? `todo-${randomBytes(16).toString("hex")}`;
}
