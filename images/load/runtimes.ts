import { fullName } from "../../tools/docker";
import { output } from "../../tools/process";

const QUICK = 30_000;

/** A container runtime inside a node that is itself a container; all by `docker exec`. */
export interface NodeRuntime {
  /** Is the image there, complete and ready to run? */
  has(node: string, image: string, signal?: AbortSignal): Promise<boolean>;
  /** Digests that need not be sent to the node, of an image with these layers. */
  present(node: string, layers: string[], signal?: AbortSignal): Promise<Set<string>>;
  /** The command in the node that reads an image's archive from its standard input. */
  readonly load: string[];
  /** Takes names off the node; whatever else nothing needs goes with them. */
  remove(node: string, images: string[], signal?: AbortSignal): Promise<void>;
}

/** The runtime a node reports, as a NodeRuntime; undefined where images cannot be handed in. */
export function runtimeNamed(name: string): NodeRuntime | undefined {
  return { containerd, docker }[name];
}

const ctr = ["ctr", "--namespace", "k8s.io"];

const containerd: NodeRuntime = {
  async has(node, image, signal) {
    // `check --quiet` lists only what is complete and unpacked: a load that was refused half-way
    // may have left the name.
    const check = [...ctr, "images", "check", "--quiet", `name==${fullName(image)}`];
    return (await inNode(node, check, signal)).trim() !== "";
  },
  async present(node, _layers, signal) {
    // Docker's archives hold plain layers, so a layer's digest is its blob's name in the node.
    const digests = await inNode(node, [...ctr, "content", "ls", "--quiet"], signal);
    return new Set(digests.split(/\s+/));
  },
  load: [...ctr, "images", "import", "-"],
  async remove(node, images, signal) {
    await inNode(node, [...ctr, "images", "rm", ...images.map(fullName)], signal);
  },
};

const docker: NodeRuntime = {
  async has(node, image, signal) {
    return (await inNode(node, ["docker", "image", "ls", "--quiet", image], signal)).trim() !== "";
  },
  async present(node, layers, signal) {
    const list =
      "docker image ls --quiet --no-trunc | sort -u | " +
      "xargs -r docker image inspect --format '{{json .RootFS.Layers}}'";
    const known = (await inNode(node, ["sh", "-c", list], signal)).split("\n").filter(Boolean);
    return sharedPrefix(
      layers,
      known.map((line) => (JSON.parse(line) as string[] | null) ?? []),
    );
  },
  load: ["docker", "load", "--quiet"],
  async remove(node, images, signal) {
    await inNode(node, ["docker", "image", "rm", ...images], signal);
  },
};

/** Docker leaves out a layer only when it has it on top of the same layers. */
export function sharedPrefix(layers: string[], known: string[][]): Set<string> {
  const lengths = known.map((other) => {
    const differs = layers.findIndex((layer, index) => other[index] !== layer);
    return differs < 0 ? layers.length : differs;
  });
  return new Set(layers.slice(0, Math.max(0, ...lengths)));
}

function inNode(node: string, command: string[], signal?: AbortSignal): Promise<string> {
  return output("docker", ["exec", node, ...command], { timeout: QUICK, signal });
}
