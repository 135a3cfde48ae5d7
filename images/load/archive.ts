import { once } from "node:events";
import type { Readable } from "node:stream";
import * as tar from "tar-stream";
import { blobName, type ImageIndex, imageIndex, type Layer, layerType, sha256 } from "./layout";

/** Entries up to this size are kept until the end, when it is known which of them are needed. */
const HELD_BYTES = 256 * 1024;

/** The archive was not laid out as expected: the caller sends all of it instead. */
export class UnknownArchive extends Error {
  override name = "UnknownArchive";
}

/** One entry of an archive that is being read; its type is not exported by tar-stream. */
type Entry = AsyncIterable<Buffer> & { header: tar.Header };

/** An image in the `manifest.json` of `docker save`; names of entries. */
interface SavedImage {
  Config: string;
  Layers: string[];
}

/** What is learnt while an archive is written. */
export interface ArchiveNews {
  leftOut?: (digest: string) => void;
  described?: (index: ImageIndex) => void;
}

/**
 * From the output of `docker save`, an archive that a node can load and that holds only the layers
 * the node lacks. Streams: nothing is written to disk, and no large layer is kept in memory.
 *
 * Reads both layouts of `docker save`: up to Docker 24 a folder per layer with `layer.tar`, since 25
 * `blobs/sha256/<digest>`. Writes one that containerd (by its `index.json`) and Docker (by its
 * `manifest.json`) both take. Digests are compared only within this one transfer: builds of the same
 * content differ, and Docker's containerd store keeps compressed layers under other digests.
 *
 * @param saved standard output of `docker save IMAGE`
 * @param layers digests of the image's uncompressed layers, lowest first (`docker image inspect`)
 * @param present digests that need not be sent
 * @param told of each layer that is not sent, and of what the archive says the image is
 * @throws UnknownArchive through the returned stream
 */
export function missingLayers(
  image: string,
  saved: Readable,
  layers: string[],
  present: ReadonlySet<string>,
  told: ArchiveNews = {},
): Readable {
  const out = tar.pack();
  const isPresent = (digest: string): boolean => {
    if (present.has(digest)) told.leftOut?.(digest);
    return present.has(digest);
  };
  write(out, image, saved, layers, isPresent).then(
    (index) => {
      told.described?.(index);
      out.finalize();
    },
    (error: unknown) => {
      out.destroy(error instanceof Error ? error : new Error(String(error)));
    },
  );
  return out as unknown as Readable; // streamx's, which is a Readable in all but its type
}

async function write(
  out: tar.Pack,
  image: string,
  saved: Readable,
  diffIds: string[],
  isPresent: (digest: string) => boolean,
): Promise<ImageIndex> {
  const extract = tar.extract();
  saved.on("error", (error) => {
    extract.destroy(error);
  });
  saved.pipe(extract);

  const held = new Map<string, Buffer>(); // small entries, by name
  const sent = new Map<string, Layer>(); // layers by the entry's name, sent or left out
  const links = new Map<string, string>();
  const legacy = new LegacyNames(diffIds);

  for await (const entry of extract as unknown as AsyncIterable<Entry>) {
    const { name, size, type, linkname } = entry.header;
    if (type === "symlink" && linkname) links.set(name, resolveLink(name, linkname));
    if (type !== "file" || size <= HELD_BYTES) {
      const content = await contentOf(entry);
      if (type === "file") held.set(name, content);
      continue;
    }
    const digest = digestInName(name) ?? legacy.digestOf(name, held);
    let first: Buffer | undefined;
    if (isPresent(digest)) {
      for await (const chunk of entry) first ??= chunk;
    } else {
      const sink = out.entry({ name: blobName(digest), size });
      for await (const chunk of entry) {
        first ??= chunk;
        if (!sink.write(chunk)) await once(sink, "drain");
      }
      sink.end(undefined);
    }
    sent.set(name, { digest, size, mediaType: layerType(first) });
  }

  const manifests = JSON.parse(take(held, "manifest.json").toString()) as SavedImage[];
  const [manifest] = manifests;
  if (!manifest) throw new UnknownArchive("`docker save` gave an archive without a manifest");
  const config = take(held, manifest.Config);
  const layers = manifest.Layers.map((name, index): Layer => {
    const target = links.get(name) ?? name;
    const large = sent.get(target);
    if (large) {
      // A layer told by elimination is in its place, or was told wrongly.
      if (digestInName(target) !== undefined || diffIds[index] === large.digest) return large;
      throw new UnknownArchive(`cannot tell which layer ${target} is`);
    }
    const content = take(held, target);
    const digest = digestInName(target) ?? diffIds[index] ?? sha256(content);
    if (sha256(content) !== digest) throw new UnknownArchive(`${target} is not ${digest}`);
    if (!isPresent(digest)) out.entry({ name: blobName(digest) }, content);
    return { digest, size: content.length, mediaType: layerType(content) };
  });
  const index = imageIndex(image, config, layers);
  for (const { name, content } of index.entries) out.entry({ name }, content);
  return index;
}

/**
 * Up to Docker 24 a layer's folder is named by a digest over its `json` file, the digests of the
 * layers up to it, and the folder below it. So a layer can be told from its folder before its
 * content is read, except for the topmost, which is the one that is left over.
 */
class LegacyNames {
  private readonly chains = new Map<string, string>(); // chain id → digest of its topmost layer
  private readonly rest: Set<string>;

  constructor(private readonly diffIds: string[]) {
    let chain = "";
    for (const diffId of diffIds) {
      chain = chain === "" ? diffId : sha256(`${chain} ${diffId}`);
      this.chains.set(chain, diffId);
    }
    this.rest = new Set(diffIds.slice(-1));
  }

  digestOf(name: string, held: ReadonlyMap<string, Buffer>): string {
    const folder = /^([0-9a-f]{64})\/layer\.tar$/.exec(name)?.[1];
    const json = folder === undefined ? undefined : held.get(`${folder}/json`);
    if (json === undefined) throw new UnknownArchive(`unexpected ${name} in the archive`);
    const described = JSON.parse(json.toString()) as Record<string, unknown> & { parent?: string };
    const parent = described.parent && `sha256:${described.parent}`;
    for (const [chain, diffId] of this.chains) {
      // What is undefined is left out of the JSON.
      const hashed = { ...described, id: undefined, os: undefined, parent, layer_id: chain };
      const sorted = Object.entries(hashed).sort(([a], [b]) => (a < b ? -1 : 1));
      if (sha256(JSON.stringify(Object.fromEntries(sorted))) === `sha256:${folder}`) return diffId;
    }
    const last = this.diffIds.at(-1);
    if (last === undefined || !this.rest.delete(last)) {
      throw new UnknownArchive(`cannot tell which layer ${name} is`);
    }
    return last;
  }
}

function digestInName(name: string): string | undefined {
  const hex = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
  return hex === undefined ? undefined : `sha256:${hex}`;
}

function resolveLink(name: string, target: string): string {
  return new URL(target, `file:///${name}`).pathname.slice(1);
}

async function contentOf(entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of entry) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function take(held: ReadonlyMap<string, Buffer>, name: string): Buffer {
  const content = held.get(name);
  if (content === undefined) throw new UnknownArchive(`no ${name} in the archive`);
  return content;
}
