import type { LoadCluster } from "./cluster";
import { CommandLoader } from "./command";
import { daemon, runningContainers } from "../../tools/docker";
import type { Loader, LoaderSettings, LoadTarget } from "./loader";
import { MinikubeLoader } from "./minikube";
import { NodeLoader } from "./node";
import { NodeDaemon } from "./node-daemon";
import { RegistryLoader } from "./registry";
import { runtimeNamed } from "./runtimes";
import type { ContainerNode } from "./transfer";

/** Loaders that do not look at the cluster: it need not be reachable from here. */
export function withoutCluster(target: LoadTarget): Loader | undefined {
  if (target.loader.kind === "registry") return new RegistryLoader(target.image);
  if (target.loader.kind === "none") return nothing;
  return undefined;
}

/**
 * The loader that config names, or with `auto` the first that fits the cluster's nodes.
 * @throws Error that says what was found and lists the choices
 */
export async function chooseLoader(
  target: LoadTarget,
  cluster: LoadCluster,
  signal?: AbortSignal,
): Promise<Loader> {
  const { image, loader } = target;
  const forNodes = async (): Promise<Loader | undefined> => {
    const containers = await containerNodes(cluster, signal);
    if (containers) return new NodeLoader(image, containers);
    return (await isNodesOwnDaemon(cluster, signal)) ? new NodeDaemon(image) : undefined;
  };
  const profile = cluster.nodes[0]?.minikubeProfile;
  const forMinikube = (): Loader | undefined =>
    profile === undefined
      ? undefined
      : new MinikubeLoader(
          image,
          profile,
          cluster.nodes.map(({ name }) => name),
        );

  switch (loader.kind) {
    case "command":
      return new CommandLoader(loader.command ?? "", image, await forNodes());
    case "node":
      return (await forNodes()) ?? unsuitable(target, cluster);
    case "minikube":
      return forMinikube() ?? unsuitable(target, cluster);
    default:
      return (
        withoutCluster(target) ?? (await forNodes()) ?? forMinikube() ?? unsuitable(target, cluster)
      );
  }
}

const nothing: Loader = {
  name: "none",
  missing: () => Promise.resolve([]),
  present: () => Promise.resolve({ path: "none" }),
  load: () => Promise.resolve({ bytesSent: 0, path: "none" }),
};

/** What was found for a cluster that was read: the images of one preview ask the same. */
const found = new WeakMap<LoadCluster, ReturnType<typeof findContainers>>();

/** The cluster's nodes as containers of the user's Docker; undefined unless all of them are. */
function containerNodes(
  cluster: LoadCluster,
  signal?: AbortSignal,
): Promise<ContainerNode[] | undefined> {
  const nodes = found.get(cluster) ?? findContainers(cluster, signal);
  found.set(cluster, nodes);
  return nodes;
}

/** The same, asked anew. */
export async function findContainers(
  cluster: Pick<LoadCluster, "nodes">,
  signal?: AbortSignal,
): Promise<ContainerNode[] | undefined> {
  if (cluster.nodes.length === 0) return undefined;
  const containers = await runningContainers(
    cluster.nodes.map((node) => node.name),
    signal,
  );
  const nodes = cluster.nodes.flatMap((node): ContainerNode[] => {
    // Kubernetes names a node by its host name. The address tells it from a namesake.
    const isIt = containers.some(
      ({ name, addresses }) =>
        name === node.name && node.addresses.some((address) => addresses.includes(address)),
    );
    const runtime = runtimeNamed(node.runtime);
    return isIt && runtime ? [{ name: node.name, runtime }] : [];
  });
  return nodes.length === cluster.nodes.length ? nodes : undefined;
}

/** After `eval $(minikube docker-env)` the user's daemon is the one in the (only) node. */
async function isNodesOwnDaemon(cluster: LoadCluster, signal?: AbortSignal): Promise<boolean> {
  const [node, ...others] = cluster.nodes;
  if (node?.runtime !== "docker" || others.length > 0) return false;
  const { name, version } = await daemon(signal);
  return name === node.name && version === node.runtimeVersion;
}

function unsuitable({ image, kubeContext, loader }: LoadTarget, cluster: LoadCluster): never {
  const nodes = cluster.nodes.map(({ name, runtime }) => `${name} (${runtime})`).join(", ");
  const wanted: Record<LoaderSettings["kind"], string> = {
    auto: "none of the ways to load an image fits them",
    node: "they are not containers of this machine's Docker with containerd or Docker in them",
    minikube: "they do not belong to a Minikube",
    registry: "",
    command: "",
    none: "",
  };
  throw new Error(
    `${image} cannot be loaded into the cluster of context "${kubeContext}". Its nodes are ` +
      `${nodes || "none that take pods"}; ${wanted[loader.kind]}. Choose another way:\n` +
      "  pulumi config set imageLoader registry    push to a registry that the nodes can pull from " +
      "(with: pulumi config set registry HOST)\n" +
      "  pulumi config set imageLoader command     run a command of yours " +
      "(with: pulumi config set imageLoadCommand 'TOOL load {image}')\n" +
      "  pulumi config set imageLoader none        the images get there without this program",
  );
}
