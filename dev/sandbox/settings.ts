/** What the sandbox cluster is called, which versions it runs, and where its files are. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Module versions of the programs that are built here. Keep them at Minikube's current defaults. */
export const versions = {
  kubernetes: requirement("k8s.io/kubernetes"),
  containerd: "v2.4.2",
  coredns: "v1.14.7",
  metricsServer: "v0.9.0",
  go: /^go (\S+)$/m.exec(goMod())?.[1] ?? "unknown",
};

/** Versions of what goes into the base images from npm; the rest is whatever Debian ships. */
export const nodeVersions = { node: "20.20.2", npm: "10.9.9" };

/** Debian release that the nodes and the base images are made of (PostgreSQL 17, Python 3.13). */
export const debianRelease = "trixie";

export const images = {
  debian: `sandbox/debian:${debianRelease}`,
  nodeImage: "sandbox/node:20",
  pythonImage: "sandbox/python:3.13",
  postgresImage: "sandbox/postgres:17",
  kubeNode: `sandbox/kube-node:${versions.kubernetes}`,
};

/** The user id that sandbox/postgres:17 runs as, the same as in the official Debian image. */
export const postgresUser = 999;

/** Marks the containers as ours, and says how many nodes their cluster was made with. */
export const label = "todo-app.sandbox.nodes";

/** The cluster that is meant where nobody names another. */
export const DEFAULT_NAME = "sandbox";

/** A cluster by its name: several can stand beside one another. */
export interface ClusterIdentity {
  /** Node 0 carries this name, and so do the network and the kubeconfig's context. */
  name: string;
  /** The nodes' network. Their addresses are fixed because their certificates hold them. */
  subnet: string;
  nodeName: (n: number) => string;
  nodeAddress: (n: number) => string;
}

/**
 * @param name default: TODO_SANDBOX_NAME, else "sandbox"
 * @throws when it cannot be the name of a container and of a host
 */
export function clusterIdentity(
  name = process.env.TODO_SANDBOX_NAME || DEFAULT_NAME,
): ClusterIdentity {
  if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name)) {
    throw new Error(
      `The sandbox cluster's name is "${name}": it takes lower-case letters, digits and hyphens, ` +
        "starts with a letter, ends without a hyphen, and has 42 characters at most.",
    );
  }
  // By the name, so that every start of a cluster finds the network that it was made in.
  const digest = createHash("sha256").update(name).digest().readUInt8(0);
  const third = name === DEFAULT_NAME ? 0 : 1 + (digest % 255);
  return {
    name,
    subnet: `172.30.${third}.0/24`,
    nodeName: (n) => (n === 0 ? name : `${name}-${n}`),
    nodeAddress: (n) => `172.30.${third}.${10 + n}`,
  };
}

export interface Ports {
  /** The API server's port on 127.0.0.1. */
  api: number;
  /** NodePorts that are published on 127.0.0.1 under the same number; the first is the application's. */
  nodePorts: number[];
}

/**
 * Reads TODO_SANDBOX_API_PORT (6443) and TODO_SANDBOX_NODE_PORTS (a range, "30300-30301").
 * @throws when a value is no port, or a NodePort is outside Kubernetes' 30000–32767
 */
export function readPorts(env: NodeJS.ProcessEnv = process.env): Ports {
  const api = Number(env.TODO_SANDBOX_API_PORT ?? 6443);
  if (!Number.isInteger(api) || api < 1 || api > 65535) {
    throw new Error(
      `TODO_SANDBOX_API_PORT is "${env.TODO_SANDBOX_API_PORT}"; set it to a port number.`,
    );
  }
  const range = env.TODO_SANDBOX_NODE_PORTS ?? "30300-30301";
  const [first = NaN, last = first] = range.split("-").map(Number);
  if (!(first >= 30000 && last <= 32767 && last >= first && last - first < 100)) {
    throw new Error(
      `TODO_SANDBOX_NODE_PORTS is "${range}"; set it to one NodePort or a range of at most 100 ` +
        `between 30000 and 32767, like 30300-30301.`,
    );
  }
  return { api, nodePorts: Array.from({ length: last - first + 1 }, (_, i) => first + i) };
}

export interface CacheFolders {
  root: string;
  /** One folder for each set of versions, so that an upgrade never mixes old and new programs. */
  programs: string;
}

/** Where things are kept outside the tree; `root` defaults to `$XDG_CACHE_HOME/todo-app-sandbox`. */
export function cacheFolders(root?: string): CacheFolders {
  const folder =
    root ?? join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "todo-app-sandbox");
  const digest = createHash("sha256").update(JSON.stringify(versions)).digest("hex").slice(0, 8);
  return {
    root: folder,
    programs: join(folder, `kubernetes-${versions.kubernetes}-${digest}`),
  };
}

/** A file for each cluster, for a kubeconfig's context says nothing of which port is whose. */
export function kubeconfigFile(root: string, { name }: ClusterIdentity): string {
  return join(root, name === DEFAULT_NAME ? "kubeconfig" : `kubeconfig-${name}`);
}

function goMod(): string {
  return readFileSync(join(__dirname, "kubernetes", "go.mod"), "utf8");
}

function requirement(module: string): string {
  const version = new RegExp(`^\\s*${module} (v\\S+)`, "m").exec(goMod())?.[1];
  if (!version) throw new Error(`dev/sandbox/kubernetes/go.mod does not require ${module}.`);
  return version;
}
