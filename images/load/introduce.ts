import type { DaemonClient } from "../../tools/docker-api";
import { sha256 } from "./layout";
import type { Receiver } from "./receiver";
import type { PushWish } from "./wanted";

/**
 * Tells Docker's own store by which digests the receiver has the image's layers. It would otherwise compress each layer
 * once to find its digest, half a minute for 600 MB: it asks only by digests that it has met.
 * A build from a base image is how it meets them: BuildKit reads which layers the image consists of,
 * finds that all of them are there, fetches none, and notes where it could have.
 */
export async function introduce(
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
export function failureIn(stream: string): string | undefined {
  for (const line of stream.split("\n")) {
    if (!line.includes('"error"')) continue;
    return (JSON.parse(line) as { error?: string }).error;
  }
  return undefined;
}
