import type { HostImage } from "../../tools/docker";
import type { Layer } from "./layout";
import type { HeldBlob } from "./node-runtime";

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

/** Which blobs are still to come, and how many uploads that can take. */
export class Wanted {
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
