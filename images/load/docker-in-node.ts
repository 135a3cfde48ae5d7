import { plainLayer } from "./layout";
import { inNode, type NodeRuntime } from "./node-runtime";

/** Docker in a node: Minikube's docker runtime. */
export const docker: NodeRuntime = {
  async find(node, image, signal) {
    const list = ["docker", "image", "ls", "--quiet", "--no-trunc", image];
    return (await inNode(node, list, signal)).trim() || undefined;
  },

  async content(node, signal) {
    const list =
      "docker image ls --quiet --no-trunc | sort -u | " +
      "xargs -r docker image inspect --format '{{json .RootFS.Layers}}'";
    const known = (await inNode(node, ["sh", "-c", list], signal)).split("\n").filter(Boolean);
    const images = known.map((line) => (JSON.parse(line) as string[] | null) ?? []);
    return {
      held: (layers) => {
        const shared = [...sharedPrefix(layers, images)];
        return new Map(shared.map((digest) => [digest, { digest }]));
      },
      // Docker has no blobs of its own: it goes by the uncompressed layers, and asks for no sizes.
      describe: (layers) =>
        Promise.resolve(new Map(layers.map((layer) => [layer, plainLayer(layer, 0)]))),
    };
  },

  load: (_content, image) => {
    const load = 'docker load --quiet >/dev/null && docker image ls --quiet --no-trunc "$0"';
    return ["sh", "-c", load, image];
  },

  found: (printed) => printed.trim() || undefined,

  configOf: () => Promise.resolve(undefined),

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
