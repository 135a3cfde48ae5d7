/**
 * A Minikube profile of our own: installed, started and asked in the ways that are known to tell the
 * truth. Several of its commands exit 0 when they failed, so states are read back, never assumed.
 */
import * as net from "node:net";
import * as os from "node:os";
import type { DockerFacts } from "./docker";
import { fetchProgram, releasePlatform } from "./downloads";
import { UserError } from "./errors";
import { run, tail } from "./process";

/** Below these a node with the stack's pods does not come up: 2 CPUs are Minikube's own minimum. */
const LEAST = { cpus: 2, memoryMb: 2500 };
/** Room for ten pods of the back end and what Kubernetes itself needs. */
const WANTED = { cpus: 4, memoryMb: 8192 };

/** Pinned, so that what is fetched today is what was tested. */
export const MINIKUBE_VERSION = "v1.37.0";
const RELEASES = `https://storage.googleapis.com/minikube/releases/${MINIKUBE_VERSION}`;

/** Address of the release for this machine; its checksum is at the same address with `.sha256`. */
export function minikubeDownload(): string {
  return `${RELEASES}/minikube-${releasePlatform("-")}`;
}

/** Downloads Minikube into the cache and checks its digest. */
export async function installMinikube(signal: AbortSignal): Promise<void> {
  await fetchProgram("minikube", minikubeDownload(), signal);
}

export type ProfileState = "running" | "stopped" | "absent";

/** State of a profile, from the JSON that `status` prints (it exits 7 when stopped, 85 when absent). */
export function profileState(stdout: string): ProfileState {
  try {
    const parsed: unknown = JSON.parse(stdout);
    // One object for one node, an array for more.
    const nodes = (Array.isArray(parsed) ? parsed : [parsed]) as Record<string, string>[];
    if (nodes[0]?.["Host"] === undefined) return "absent";
    const running = nodes.every(
      (node) => node["Host"] === "Running" && node["Kubelet"] === "Running",
    );
    const server = nodes.some((node) => node["APIServer"] === "Running");
    return running && server ? "running" : "stopped";
  } catch {
    return "absent";
  }
}

export async function minikubeState(profile: string): Promise<ProfileState> {
  const args = ["status", "-p", profile, "-o", "json"];
  return profileState((await run("minikube", args, { timeout: 60_000 })).stdout);
}

/**
 * CPUs and memory of a new profile: the smaller of these and what Docker has, of the memory at
 * most 60 %, since builds run beside the cluster.
 * @throws UserError below the least that works
 */
export function profileSize(
  daemon: { cpus: number; memoryMb: number },
  platform = process.platform,
): { cpus: number; memoryMb: number } {
  const size = {
    cpus: Math.min(WANTED.cpus, daemon.cpus),
    memoryMb: Math.min(WANTED.memoryMb, Math.floor(daemon.memoryMb * 0.6)),
  };
  if (size.cpus >= LEAST.cpus && size.memoryMb >= LEAST.memoryMb) return size;
  const where =
    platform === "linux"
      ? "Use a machine with more, or another cluster: npm start -- --context NAME"
      : "Raise them in Docker Desktop: Settings → Resources, then: npm start";
  throw new UserError(
    `Docker has ${daemon.cpus} CPUs and ${gigabytes(daemon.memoryMb)} of memory; the cluster needs ` +
      `${LEAST.cpus} CPUs and ${gigabytes(Math.ceil(LEAST.memoryMb / 0.6))} (it takes 60 %).`,
    [where],
  );
}

function gigabytes(mb: number): string {
  return `${(mb / 1024).toFixed(1)} GB`;
}

/** Arguments of a profile's first start; later ones need only the name. */
export function startArguments(
  profile: string,
  size: { cpus: number; memoryMb: number },
  nodePorts: readonly number[],
  isRoot = os.userInfo().uid === 0,
): string[] {
  return [
    ...["start", "-p", profile, "--driver=docker"],
    ...[`--cpus=${size.cpus}`, `--memory=${size.memoryMb}`],
    // Only the first start can publish a port; without it the node's address is out of reach on macOS.
    `--ports=${nodePorts.map((port) => `127.0.0.1:${port}:${port}`).join(",")}`,
    ...(isRoot ? ["--force"] : []),
  ];
}

/**
 * Makes the profile run, and its metrics-server with it (the autoscaler's source of figures).
 *
 * @returns whether either was started here, rather than found as somebody else has set it up
 */
export async function startMinikube(
  profile: string,
  ports: { nodePort: number; backendNodePort: number },
  docker: DockerFacts | undefined,
  { report, signal }: { report: (line: string) => void; signal: AbortSignal },
): Promise<{ isOurs: boolean }> {
  const before = await minikubeState(profile);
  if (before !== "running") {
    if (docker?.daemon === undefined)
      throw new UserError("Minikube needs Docker.", ["npm run doctor"]);
    const args =
      before === "absent"
        ? startArguments(profile, profileSize(docker.daemon), await publishable(ports))
        : ["start", "-p", profile, ...(os.userInfo().uid === 0 ? ["--force"] : [])];
    report(
      `Minikube: ${before === "absent" ? "making" : "starting"} the profile ${profile} (minikube ${args.join(" ")})`,
    );
    const result = await run("minikube", args, {
      signal,
      onLine: (line) => {
        if (line.trim() !== "") report(`  ${line.trimEnd()}`);
      },
    });
    if ((await minikubeState(profile)) !== "running") {
      signal.throwIfAborted();
      throw new UserError(
        `Minikube's profile ${profile} did not start. Its last words:\n${tail(result.stdout + result.stderr, 15)}`,
        [`minikube logs -p ${profile}`, `minikube delete -p ${profile} && npm start`],
      );
    }
  }
  const addons = await run("minikube", ["addons", "list", "-p", profile, "-o", "json"], { signal });
  const enabled = /"metrics-server":\s*\{[^}]*"Status":\s*"enabled"/.test(addons.stdout);
  // It exits 0 whatever happens; the autoscaler needs it, the application does not, so nothing waits for it.
  if (!enabled)
    await run("minikube", ["addons", "enable", "metrics-server", "-p", profile], { signal });
  return { isOurs: !enabled || before !== "running" };
}

/**
 * The front end's port, and the API's for the day on which somebody exposes it: unless this machine uses that one already,
 * for then the start would fail.
 */
async function publishable(ports: {
  nodePort: number;
  backendNodePort: number;
}): Promise<number[]> {
  const { nodePort, backendNodePort } = ports;
  const both = backendNodePort !== nodePort && (await isFree(backendNodePort));
  return both ? [nodePort, backendNodePort] : [nodePort];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once("error", () => {
      resolve(false);
    });
    server.listen(port, "127.0.0.1", () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** Variables in what `docker-env --shell none` prints; it names those of an ssh agent too, without values. */
export function daemonVariables(stdout: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const [, name, value] of stdout.matchAll(/^(DOCKER_\w+|MINIKUBE_\w+)="?([^"\n]*)"?$/gm)) {
    if (name !== undefined && value !== undefined) variables[name] = value;
  }
  return variables;
}

/** Variables of the daemon inside the node. Its port changes at every start, so it is asked each time. */
export async function nodeDaemonEnvironment(profile: string): Promise<Record<string, string>> {
  const args = ["docker-env", "-p", profile, "--shell", "none"];
  return daemonVariables((await run("minikube", args, { timeout: 30_000 })).stdout);
}

/** The node's address, or undefined. */
export async function minikubeAddress(profile: string): Promise<string | undefined> {
  const { code, stdout } = await run("minikube", ["ip", "-p", profile], { timeout: 10_000 });
  return code === 0 ? stdout.trim() : undefined;
}

/** Removes the profile with everything in it; the state is read back. */
export async function deleteMinikube(profile: string, signal: AbortSignal): Promise<void> {
  const result = await run("minikube", ["delete", "-p", profile], { signal });
  if ((await minikubeState(profile)) !== "absent") {
    throw new UserError(
      `Minikube did not delete ${profile}:\n${tail(result.stdout + result.stderr, 5)}`,
    );
  }
}
