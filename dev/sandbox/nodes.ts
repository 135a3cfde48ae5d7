/** The cluster's nodes: one container each, all carrying our label. */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { docker, dockerIfAny } from "./engine";
import { pipe, run, sleep } from "./process";
import { type ClusterIdentity, images, label, type Ports } from "./settings";

export interface Node {
  name: string;
  running: boolean;
  /** False for a container that was made but never started: its making was interrupted. */
  started: boolean;
  /** How many nodes its cluster was made with. */
  of: number;
}

/** The cluster's containers, node 0 first; empty if there is no cluster. */
export async function findNodes({ name }: ClusterIdentity): Promise<Node[]> {
  // By their network, which carries the cluster's name, also of containers that are stopped.
  const filters = [`label=${label}`, `network=${name}`].flatMap((one) => ["--filter", one]);
  const ids = await docker(["ps", "--all", "--quiet", ...filters]);
  if (ids === "") return [];
  const printed = await dockerIfAny(["inspect", ...ids.split("\n")]);
  const found = JSON.parse(printed ?? "[]") as {
    Name: string;
    State: { Running: boolean; StartedAt: string };
    Config: { Labels: Record<string, string> };
  }[];
  return found
    .map((container) => ({
      name: container.Name.replace(/^\//, ""),
      running: container.State.Running,
      started: !container.State.StartedAt.startsWith("0001-"),
      of: Number(container.Config.Labels[label]),
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Makes and starts `count` nodes. Each capability is named, because `--privileged` is refused where
 * CAP_SYS_RESOURCE is not to be had; the nodes do without that one everywhere.
 */
export async function createNodes(
  cluster: ClusterIdentity,
  count: number,
  ports: Ports,
  reserveSystem: boolean,
  cache: string,
  signal?: AbortSignal,
): Promise<void> {
  const { name, subnet, nodeAddress, nodeName } = cluster;
  await requireFreePorts(ports);
  if ((await dockerIfAny(["network", "inspect", name])) === undefined)
    await docker(["network", "create", "--subnet", subnet, name], { signal });
  for (let n = 0; n < count; n++) {
    const peers = Array.from({ length: count }, (_, p) => p)
      .filter((p) => p !== n)
      .map((p) => `${p}=${nodeAddress(p)}`);
    const published = [
      `${ports.api}:6443`,
      ...ports.nodePorts.map((port) => `${port}:${port}`),
    ].flatMap((mapping) => ["--publish", `127.0.0.1:${mapping}`]);
    await docker(
      [
        ...["create", "--name", nodeName(n), "--hostname", nodeName(n)],
        ...["--label", `${label}=${count}`],
        ...["--network", name, "--ip", nodeAddress(n)],
        ...["--env", `NODE_NUMBER=${n}`, "--env", `CONTROL_PLANE=${nodeAddress(0)}`],
        ...["--env", `PEERS=${peers.join(" ")}`, "--env", `RESERVE_SYSTEM=${reserveSystem}`],
        ...["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE", "--cgroupns", "private"],
        ...["seccomp", "apparmor", "systempaths"].flatMap((option) => [
          "--security-opt",
          `${option}=unconfined`,
        ]),
        ...["--device-cgroup-rule", "a *:* rwm"],
        ...(existsSync("/dev/kmsg") ? ["--device", "/dev/kmsg"] : []),
        ...(existsSync("/lib/modules") ? ["--volume", "/lib/modules:/lib/modules:ro"] : []),
        ...["--tmpfs", "/run", "--tmpfs", "/tmp"],
        ...(n === 0 ? published : []),
        images.kubeNode,
      ],
      { signal },
    );
    if (n > 0) await shareAuthority(name, nodeName(n), cache, signal);
    await docker(["start", nodeName(n)], { signal });
    if (n === 0 && count > 1) await waitForAuthority(name, signal);
  }
}

/** Waits until every node, and what runs on it for the cluster, is ready. */
export async function waitUntilReady(names: string[], signal?: AbortSignal): Promise<void> {
  const limit = Date.now() + 180_000;
  for (const name of names) {
    let missing = await notReady(name);
    while (missing !== undefined) {
      if (Date.now() > limit) {
        throw new Error(
          `The sandbox cluster is not ready after 3 minutes; ${name} still waits for ${missing}. ` +
            `Its logs: docker exec ${name} sh -c 'tail /var/log/kubernetes/*.log'`,
        );
      }
      await sleep(0.5, signal);
      missing = await notReady(name);
    }
  }
}

/** What a node still waits for; undefined when it is ready. */
async function notReady(name: string): Promise<string | undefined> {
  try {
    await docker(["exec", name, "/sandbox/ready.sh"], { timeout: 60_000 });
    return undefined;
  } catch (error) {
    if (error instanceof Error && "output" in error) return String(error.output).trim();
    throw error;
  }
}

/** Loads an image of the daemon into the nodes that lack it, or into all of them. */
export async function loadImage(
  image: string,
  names: string[],
  always: boolean,
  signal?: AbortSignal,
): Promise<void> {
  for (const name of names) {
    const ctr = ["exec", "-i", name, "ctr", "--namespace", "k8s.io", "images"];
    await docker(["exec", name, "sh", "-c", containerdAnswers], { signal, timeout: 60_000 });
    const held = await docker([...ctr, "list", "--quiet", `name==docker.io/${image}`]);
    if (held === "" || always)
      await pipe(["docker", "save", image], ["docker", ...ctr, "import", "-"], { signal });
  }
}

const containerdAnswers = "until ctr version >/dev/null 2>&1; do sleep 0.2; done";

/** Deletes the nodes with all that they hold. */
export async function removeNodes(cluster: ClusterIdentity): Promise<void> {
  const names = (await findNodes(cluster)).map((node) => node.name);
  if (names.length > 0) await docker(["rm", "--force", "--volumes", ...names]);
  await dockerIfAny(["network", "rm", cluster.name]);
}

/** @throws naming the port that somebody else listens on */
export async function requireFreePorts(ports: Ports): Promise<void> {
  for (const port of [ports.api, ...ports.nodePorts]) {
    await new Promise<void>((resolve, reject) => {
      const server = createServer();
      server.once("error", (error: NodeJS.ErrnoException) => {
        reject(
          error.code === "EADDRINUSE"
            ? new Error(
                `Port ${port} on 127.0.0.1 is taken, and the sandbox cluster needs it: stop the program ` +
                  `that listens there (\`ss -ltnp 'sport = :${port}'\` names it), or choose another port ` +
                  `with ${port === ports.api ? "TODO_SANDBOX_API_PORT" : "TODO_SANDBOX_NODE_PORTS"}.`,
              )
            : error,
        );
      });
      server.listen(port, "127.0.0.1", () =>
        server.close(() => {
          resolve();
        }),
      );
    });
  }
}

/** Node 0 makes the cluster's certificate authority within a second of its start. */
async function waitForAuthority(first: string, signal?: AbortSignal): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    if ((await run("docker", ["exec", first, "sh", "-c", authorityMade])) === "yes") return;
    await sleep(0.5, signal);
  }
  throw new Error(`${first} made no certificates; see \`docker logs ${first}\`.`);
}
const authorityMade = "test -e /etc/kubernetes/pki/complete && echo yes || true";

/** Gives a further node the authority that its certificates are signed with. */
async function shareAuthority(
  first: string,
  name: string,
  cache: string,
  signal?: AbortSignal,
): Promise<void> {
  const folder = mkdtempSync(join(cache, "context-"));
  try {
    const pki = join(folder, "pki");
    mkdirSync(pki);
    for (const file of ["ca.crt", "ca.key"])
      await docker(["cp", `${first}:/etc/kubernetes/pki/${file}`, pki], { signal });
    await docker(["cp", `${folder}/.`, `${name}:/etc/kubernetes`], { signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
