import { createHash } from "node:crypto";
import * as fs from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import * as tar from "tar-stream";
import { blobName, type ImageIndex, imageIndex, type Layer, layerType } from "./layout";
import type { ReceivedBlob, Receiver } from "./receiver";
import type { PushWish, Wanted } from "./wanted";

/** What Docker pushed, ready to be written into nodes. */
export interface PushedImage {
  /** An archive with the layers that no node holds; readable until `close`. */
  archive: Readable;
  /** What the nodes will know the image as. */
  described: ImageIndex;
}

/** The image from what has arrived; undefined where something is still to come, which `wanted` then asks for. */
export async function assemble(
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
