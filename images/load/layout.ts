import { createHash } from "node:crypto";
import { fullName } from "../../tools/docker";

/** A layer's blob, as an image's manifest names it. */
export interface Layer {
  /** `sha256:…` of the blob, compressed or not. */
  digest: string;
  /** Bytes of the blob. */
  size: number;
  mediaType: string;
}

const PLAIN = "application/vnd.oci.image.layer.v1.tar";

/** A layer that is not compressed: its blob has the digest that the image's config knows it by. */
export function plainLayer(digest: string, size: number): Layer {
  return { digest, size, mediaType: PLAIN };
}

/** Layers are compressed where Docker keeps its images in containerd's store, and in what it pushes. */
export function layerType(start: Buffer | undefined): string {
  if (start?.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]))) return `${PLAIN}+gzip`;
  if (start?.subarray(0, 4).equals(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))) return `${PLAIN}+zstd`;
  return PLAIN;
}

/** The entries of an archive that make its blobs an image. */
export interface ImageIndex {
  /** Digest of the manifest, under which containerd knows the image. */
  manifest: string;
  /** Digest of the config, under which Docker knows it. */
  config: string;
  entries: { name: string; content: Buffer | string }[];
}

/**
 * What an archive ends with, once for containerd (`index.json`) and once for Docker (`manifest.json`).
 * @param layers all of the image's, whether the archive holds their blobs or the node has them
 */
export function imageIndex(image: string, config: Buffer, layers: Layer[]): ImageIndex {
  const configDigest = sha256(config);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: {
        mediaType: "application/vnd.oci.image.config.v1+json",
        digest: configDigest,
        size: config.length,
      },
      layers,
    }),
  );
  const manifestDigest = sha256(manifest);
  const name = fullName(image);
  const index = {
    schemaVersion: 2,
    manifests: [
      {
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        digest: manifestDigest,
        size: manifest.length,
        annotations: {
          "io.containerd.image.name": name,
          "org.opencontainers.image.ref.name": name.slice(name.lastIndexOf(":") + 1),
        },
      },
    ],
  };
  const forDocker = [
    {
      Config: blobName(configDigest),
      RepoTags: [image],
      Layers: layers.map((layer) => blobName(layer.digest)),
    },
  ];
  const entries = [
    { name: blobName(configDigest), content: config },
    { name: blobName(manifestDigest), content: manifest },
    { name: "index.json", content: JSON.stringify(index) },
    { name: "manifest.json", content: JSON.stringify(forDocker) },
    { name: "oci-layout", content: JSON.stringify({ imageLayoutVersion: "1.0.0" }) },
  ];
  return { manifest: manifestDigest, config: configDigest, entries };
}

/** The entry of an archive that holds a blob. */
export function blobName(digest: string): string {
  return `blobs/sha256/${digest.slice("sha256:".length)}`;
}

export function sha256(content: Buffer | string): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
