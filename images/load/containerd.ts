import { fullName } from "../../tools/docker";
import { type Layer, plainLayer } from "./layout";
import { type HeldBlob, inNode, type NodeRuntime } from "./node-runtime";

const ctr = ["ctr", "--namespace", "k8s.io"];

/** What `ctr` takes where it is not told another one. */
const DEFAULT_SNAPSHOTTER = "overlayfs";

const LOAD = `${ctr.join(" ")} images import - >/dev/null && ${ctr.join(" ")} images check "name==$0"`;

/**
 * Since containerd 2 the server unpacks what `ctr` hands in, and only with snapshotters that its configuration lists for
 * that: others with `--local`, which older clients do not know, as they need it not.
 */
const LOAD_ELSEWHERE = [
  `${ctr.join(" ")} images import --help | grep -q -- --local && local=--local`,
  `${ctr.join(" ")} images import \${local:-} --snapshotter "$1" - >/dev/null && ` +
    `${ctr.join(" ")} images check --snapshotter "$1" "name==$0"`,
].join("\n");

/** containerd in a node, by its own client `ctr`. */
export const containerd: NodeRuntime = {
  async find(node, image, signal) {
    const check = async (...flags: string[]): Promise<string> =>
      inNode(node, [...ctr, "images", "check", ...flags, `name==${fullName(image)}`], signal);
    const printed = await check();
    const row = checked(printed);
    if (row === undefined || !row.complete || row.unpacked) return ready(printed);
    // On ZFS, btrfs or without root nodes unpack their images elsewhere than `ctr` looks.
    const { snapshotter = DEFAULT_SNAPSHOTTER } = parseContent(await contentOf(node, signal));
    if (snapshotter === DEFAULT_SNAPSHOTTER) return undefined;
    return ready(await check("--snapshotter", snapshotter));
  },

  async content(node, signal) {
    const { blobs, manifests, snapshotter } = parseContent(await contentOf(node, signal));
    return {
      held: (layers) => heldBlobs(layers, blobs),
      describe: (digests) => describe(node, covering(manifests, digests), signal),
      ...(snapshotter === undefined ? {} : { snapshotter }),
    };
  },

  load: ({ snapshotter = DEFAULT_SNAPSHOTTER }, image) =>
    snapshotter === DEFAULT_SNAPSHOTTER
      ? ["sh", "-c", LOAD, fullName(image)]
      : ["sh", "-c", LOAD_ELSEWHERE, fullName(image), snapshotter],

  found: ready,

  async configOf(node, _image, found, signal) {
    const manifest = await inNode(node, [...ctr, "content", "get", found], signal);
    return (JSON.parse(manifest) as { config?: { digest: string } }).config?.digest;
  },

  async remove(node, images, signal) {
    await inNode(node, [...ctr, "images", "rm", ...images.map(fullName)], signal);
  },
};

/** A row of `ctr images check`. */
interface Checked {
  digest: string;
  /** All of its blobs are there. */
  complete: boolean;
  unpacked: boolean;
}

function checked(table: string): Checked | undefined {
  const row = /\s(sha256:[0-9a-f]{64})\s+(\S+) .*\s(true|false)\s*$/m.exec(table);
  if (row === null) return undefined;
  const [, digest = "", status, unpacked] = row;
  return { digest, complete: status === "complete", unpacked: unpacked === "true" };
}

/** The digest of an image of which all is there and unpacked. */
function ready(table: string): string | undefined {
  const row = checked(table);
  return row?.complete === true && row.unpacked ? row.digest : undefined;
}

async function contentOf(node: string, signal?: AbortSignal): Promise<string> {
  return inNode(node, [...ctr, "content", "ls"], signal);
}

interface Blob {
  /** Bytes, to four digits. */
  size: number;
  /** Digest of the uncompressed layer in it, where containerd has unpacked it as one. */
  holds?: string;
}

interface Content {
  /** Each blob by its digest. */
  blobs: Map<string, Blob>;
  /** Digest of each manifest → its layers' digests. */
  manifests: Map<string, string[]>;
  /** The one that most images are unpacked in, which is the one that the kubelet's pods use. */
  snapshotter?: string;
}

/** Reads `ctr content ls`: containerd notes what belongs to what in labels. */
export function parseContent(table: string): Content {
  const blobs: Content["blobs"] = new Map();
  const manifests: Content["manifests"] = new Map();
  const snapshotters = new Map<string, number>();
  for (const line of table.split("\n")) {
    const digest = /^sha256:[0-9a-f]{64}/.exec(line)?.[0];
    if (digest === undefined) continue;
    const holds = /containerd\.io\/uncompressed=(sha256:[0-9a-f]{64})/.exec(line)?.[1];
    blobs.set(digest, { size: sizeIn(line), ...(holds === undefined ? {} : { holds }) });
    const layers = [...line.matchAll(/gc\.ref\.content\.l\.\d+=(sha256:[0-9a-f]{64})/g)];
    if (layers.length > 0)
      manifests.set(
        digest,
        layers.map(([, layer = ""]) => layer),
      );
    for (const [, name = ""] of line.matchAll(/gc\.ref\.snapshot\.([\w-]+)=/g)) {
      snapshotters.set(name, (snapshotters.get(name) ?? 0) + 1);
    }
  }
  const [most] = [...snapshotters].sort(([, a], [, b]) => b - a);
  return { blobs, manifests, ...(most === undefined ? {} : { snapshotter: most[0] }) };
}

/** `sha256:… 172.5MB 17 minutes …`: decimal units, as containerd prints them. */
function sizeIn(line: string): number {
  const [, number = "0", unit = ""] = /^\S+\s+([\d.]+)([kMGT]?)B/.exec(line) ?? [];
  return Number(number) * 1000 ** ["", "k", "M", "G", "T"].indexOf(unit);
}

function heldBlobs(layers: string[], blobs: Content["blobs"]): Map<string, HeldBlob> {
  const byLayer = new Map<string, HeldBlob>();
  for (const [digest, { size, holds }] of blobs) {
    if (holds !== undefined) byLayer.set(holds, { digest, size });
  }
  return new Map(
    layers.flatMap((layer) => {
      const plain = blobs.get(layer);
      const blob = plain ? { digest: layer, size: plain.size } : byLayer.get(layer);
      return blob === undefined ? [] : [[layer, blob]];
    }),
  );
}

/** The layers that some manifests name. */
async function describe(
  node: string,
  manifests: string[],
  signal?: AbortSignal,
): Promise<Map<string, Layer>> {
  if (manifests.length === 0) return new Map();
  const print = `for digest; do ${ctr.join(" ")} content get "$digest" && printf '\\0'; done`;
  const answer = await inNode(node, ["sh", "-c", print, "sh", ...manifests], signal);
  const layers = answer
    .split("\0")
    .slice(0, -1)
    .flatMap((manifest) => (JSON.parse(manifest) as { layers?: Layer[] }).layers ?? []);
  return new Map(layers.map((layer) => [layer.digest, asOci(layer)]));
}

/** A few manifests that name as many of the wanted blobs as any do. */
function covering(manifests: ReadonlyMap<string, string[]>, wanted: string[]): string[] {
  const open = new Set(wanted);
  const chosen: string[] = [];
  const worth = (layers: string[]): number => layers.filter((layer) => open.has(layer)).length;
  for (;;) {
    const [best] = [...manifests].sort(([, a], [, b]) => worth(b) - worth(a));
    if (best === undefined || worth(best[1]) === 0) return chosen;
    chosen.push(best[0]);
    best[1].forEach((layer) => open.delete(layer));
  }
}

/** The same layer under its OCI type: nodes keep images that came in Docker's types as well. */
function asOci({ digest, size, mediaType }: Layer): Layer {
  const { mediaType: plain } = plainLayer(digest, size);
  const suffix = /[.+](gzip|zstd)$/.exec(mediaType)?.[1];
  return { digest, size, mediaType: suffix === undefined ? plain : `${plain}+${suffix}` };
}
