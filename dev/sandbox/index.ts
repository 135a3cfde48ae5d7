/**
 * A working Kubernetes for machines where no image registry, no Minikube and no download but package
 * registries can be reached: each node is one container of the machine's Docker. See README.md.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  docker,
  engineAnswers,
  engineNeeds,
  engineProblems,
  ensureEngine,
  type Need,
} from "./engine";
import { imagesToMake, makeBaseImages, makeNodeImage } from "./images";
import { withLock } from "./lock";
import { together } from "./process";
import {
  createNodes,
  findNodes,
  loadImage,
  type Node,
  removeNodes,
  requireFreePorts,
  waitUntilReady,
} from "./nodes";
import { ensurePrograms, programNeeds, programProblems } from "./programs";
import {
  cacheFolders,
  clusterIdentity,
  DEFAULT_NAME,
  images,
  kubeconfigFile,
  postgresUser,
  readPorts,
} from "./settings";

export interface SandboxOptions {
  /** Which of several clusters (TODO_SANDBOX_NAME, else "sandbox"). */
  name?: string | undefined;
  /** How many nodes a new cluster gets (1). A cluster that has another number is an error. */
  nodes?: number;
  /** Where programs and the kubeconfig are kept ($XDG_CACHE_HOME/todo-app-sandbox). */
  cacheDir?: string;
  /** Gets a line for each step that takes noticeable time. */
  report?: (line: string) => void;
  /** Deletes the cluster first. */
  recreate?: boolean;
  /**
   * Whether node 0 keeps aside the 950m CPU and 420 MiB that a Minikube's system pods request (true
   * for a new cluster), so that what does not fit there does not fit here. Switches a running one.
   */
  reserveSystem?: boolean;
  /** Stops the work; what is half-made is made anew by the next start. */
  signal?: AbortSignal | undefined;
}

export interface Sandbox {
  /** Path of a kubeconfig that holds this cluster alone. */
  kubeconfig: string;
  context: string;
  /** Where the application's NodePort is reached. */
  url: string;
  /** Base images to build with, and the database's image, which the nodes hold already. */
  images: { nodeImage: string; pythonImage: string; postgresImage: string };
  /** User id that the database's image runs as. */
  postgresUser: number;
  /** Names of the nodes, which are also the names of their containers. */
  nodes: string[];
  /** Path of a kubectl of the cluster's own version. */
  kubectl: string;
}

export interface SandboxStatus {
  state: "absent" | "stopped" | "running";
  /** What `startSandbox` would install or build. */
  needs: Need[];
  /** What stands in its way, each with what to do about it. */
  problems: string[];
}

/**
 * Gives a cluster that is ready: at once if it runs, started if it is stopped, made if there is none,
 * after building its programs and images if they are missing.
 * @throws Error that says what stands in the way and what to run
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const folders = cacheFolders(options.cacheDir);
  const cluster = clusterIdentity(options.name);
  const kubeconfig = kubeconfigFile(folders.root, cluster);
  const report = options.report ?? ((): void => undefined);
  const { signal } = options;
  mkdirSync(folders.root, { recursive: true });
  return withLock(join(folders.root, "lock"), report, start, signal);

  async function start(): Promise<Sandbox> {
    removeLeftovers(folders.root);
    await ensureEngine(folders.root, report, signal);
    const found = await findNodes(cluster);
    const nodes = options.recreate || !isWhole(found) ? [] : found;
    if (options.nodes && nodes.length > 0 && nodes.length !== options.nodes) {
      throw new Error(
        `The cluster ${cluster.name} has ${nodes.length} node(s), not ${options.nodes}: delete it first ` +
          "(`node --import tsx dev/sandbox/main.ts delete`), with all that it holds.",
      );
    }
    const ports = readPorts();
    if (found.length === 0) await requireFreePorts(ports); // not only after minutes of building
    const toMake = await imagesToMake(nodes.length > 0 ? "exists" : "none");
    const making = { programs: folders.programs, cache: folders.root, report };
    await together(signal, [
      async (signal) => {
        if (toMake.some((image) => image.tag === images.kubeNode))
          await ensurePrograms(folders.programs, report, signal);
      },
      (signal) => makeBaseImages(toMake, { ...making, signal }),
    ]);
    await makeNodeImage(toMake, { ...making, signal });

    const count = nodes.length || (options.nodes ?? 1);
    const names = Array.from({ length: count }, (_, n) => cluster.nodeName(n));
    if (nodes.length === 0) {
      report(count === 1 ? "making the cluster" : `making the cluster of ${count} nodes`);
      await removeNodes(cluster);
      await createNodes(cluster, count, ports, options.reserveSystem ?? true, folders.root, signal);
    } else {
      const stopped = nodes.filter((node) => !node.running).map((node) => node.name);
      if (stopped.length > 0) report("starting the cluster");
      for (const name of stopped) await docker(["start", name], { signal });
      if (options.reserveSystem !== undefined)
        await docker(["exec", cluster.name, "/sandbox/reserve.sh", String(options.reserveSystem)]);
    }
    const renewed = toMake.some((image) => image.tag === images.postgresImage);
    await together(signal, [
      (signal) => waitUntilReady(names, signal),
      (signal) => loadImage(images.postgresImage, names, renewed, signal),
    ]);
    await writeKubeconfig(cluster.name, kubeconfig);
    const kubectl = join(folders.programs, "kubectl");
    if (!existsSync(kubectl)) await copyKubectl(cluster.name, kubectl);
    return {
      kubeconfig,
      context: cluster.name,
      url: await publishedUrl(cluster.name),
      images: {
        nodeImage: images.nodeImage,
        pythonImage: images.pythonImage,
        postgresImage: images.postgresImage,
      },
      postgresUser,
      nodes: names,
      kubectl,
    };
  }
}

/** Stops the cluster and keeps all that it holds; nothing happens if there is none. */
export async function stopSandbox(name?: string): Promise<void> {
  await withExisting(name, async (nodes) => {
    const running = nodes.filter((node) => node.running).map((node) => node.name);
    if (running.length > 0) await docker(["stop", ...running]);
  });
}

/** Deletes the cluster and all that it holds. Its programs and images stay for the next one. */
export async function deleteSandbox(name?: string): Promise<void> {
  await withExisting(name, async () => {
    const cluster = clusterIdentity(name);
    await removeNodes(cluster);
    rmSync(kubeconfigFile(cacheFolders().root, cluster), { force: true });
  });
}

/** Looks, and changes nothing. */
export async function sandboxStatus({
  name,
  cacheDir,
}: Pick<SandboxOptions, "name" | "cacheDir"> = {}): Promise<SandboxStatus> {
  const folders = cacheFolders(cacheDir);
  const cluster = clusterIdentity(name);
  const engine = await engineAnswers();
  const nodes = engine ? await findNodes(cluster) : [];
  const known = isWhole(nodes) && nodes.length > 0;
  const toMake = await imagesToMake(known ? "exists" : engine ? "none" : "no engine");
  const builds = toMake.some((image) => image.tag === images.kubeNode);
  // Without a daemon to ask, the kubeconfig tells that there is a cluster: deleting removes both.
  const stopped = known || (!engine && existsSync(kubeconfigFile(folders.root, cluster)));
  return {
    state:
      known && nodes.every((node) => node.running) ? "running" : stopped ? "stopped" : "absent",
    needs: [
      ...(await engineNeeds()),
      ...(builds ? programNeeds(folders.programs) : []),
      ...toMake.map(({ what, minutes, diskMb }) => ({ what, minutes, diskMb })),
    ],
    problems: [...(await engineProblems()), ...(builds ? programProblems(folders.programs) : [])],
  };
}

async function withExisting(
  name: string | undefined,
  work: (nodes: Node[]) => Promise<void>,
): Promise<void> {
  if (!(await engineAnswers())) return; // no daemon, nothing that runs
  const folders = cacheFolders();
  const silent = (): void => undefined;
  await withLock(join(folders.root, "lock"), silent, async () =>
    work(await findNodes(clusterIdentity(name))),
  );
}

/** False for what an interrupted start left: fewer nodes than meant, or one that never started. */
function isWhole(nodes: Node[]): boolean {
  return nodes.every((node) => node.started && node.of === nodes.length);
}

/** Temporary folders of a run that was killed; nobody else is at work, for we hold the lock. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder))
    if (name.startsWith("context-")) rmSync(join(folder, name), { recursive: true, force: true });
}

/** For a cluster whose programs' cache was emptied. */
async function copyKubectl(node: string, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await docker(["cp", `${node}:/usr/local/bin/kubectl`, `${file}.new`]);
  renameSync(`${file}.new`, file);
}

/** Every node image writes the default name into its kubeconfig; a cluster of another name gets its own. */
async function writeKubeconfig(name: string, file: string): Promise<void> {
  const inside = await docker(["exec", name, "cat", "/etc/kubernetes/admin.conf"]);
  const address = await docker(["port", name, "6443/tcp"]);
  const text = inside
    .replace(/(server: https:\/\/).*/, `$1${address.split("\n")[0]}`)
    .replace(
      new RegExp(`^([ -]*(?:name|cluster|current-context): )${DEFAULT_NAME}$`, "gm"),
      `$1${name}`,
    );
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The lowest published NodePort's address; it was chosen when the cluster was made. */
async function publishedUrl(node: string): Promise<string> {
  const mappings = (await docker(["port", node])).split("\n");
  const ports = mappings
    .map((line) => Number(/^(\d+)\/tcp/.exec(line)?.[1]))
    .filter((port) => port >= 30000);
  return `http://127.0.0.1:${Math.min(...ports)}`;
}
