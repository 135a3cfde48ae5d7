import { output } from "../../tools/process";
import type { Layer } from "./layout";

const QUICK = 30_000;

/** A layer's blob on a node. */
export interface HeldBlob {
  digest: string;
  /** Bytes, roughly; undefined where the node does not say. */
  size?: number;
}

/** What a node has, as it was when it was asked. */
export interface NodeContent {
  /**
   * Of an image with these layers (digests of what is uncompressed, lowest first) those that need not be sent, each
   * with the blob that the node has of it.
   */
  held(layers: string[]): Map<string, HeldBlob>;
  /** Such blobs as the node's manifests describe them, by their digests. */
  describe(blobs: string[], signal?: AbortSignal): Promise<Map<string, Layer>>;
  /** containerd's way to unpack images on this node, where it is known. */
  snapshotter?: string;
}

/** A container runtime inside a node that is itself a container; all by `docker exec`. */
export interface NodeRuntime {
  /**
   * The digest that the node knows the image by: of its manifest, or with Docker of its config.
   * Undefined unless it is there, complete and ready to run.
   */
  find(node: string, image: string, signal?: AbortSignal): Promise<string | undefined>;
  content(node: string, signal?: AbortSignal): Promise<NodeContent>;
  /**
   * The command in the node that reads an image's archive from its standard input, and then prints what `found` reads:
   * one command, since each costs a tenth of a second to start.
   */
  load(content: NodeContent, image: string): string[];
  /** What `find` would say, from what `load` printed. */
  found(printed: string): string | undefined;
  /** Digest of the config of an image that `find` has found; undefined where the node cannot tell. */
  configOf(
    node: string,
    image: string,
    found: string,
    signal?: AbortSignal,
  ): Promise<string | undefined>;
  /** Takes names off the node; whatever else nothing needs goes with them. */
  remove(node: string, images: string[], signal?: AbortSignal): Promise<void>;
}

/** Runs a command in a node. */
export function inNode(node: string, command: string[], signal?: AbortSignal): Promise<string> {
  return output("docker", ["exec", node, ...command], { timeout: QUICK, signal });
}
