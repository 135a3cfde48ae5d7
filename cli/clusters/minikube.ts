/**
 * A Minikube profile of our own: installed, started and asked in the ways that are known to tell the
 * truth. Several of its commands exit 0 when they failed, so states are read back, never assumed.
 */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../../tools/errors";
import type { DockerFacts } from "../probes/docker";
import { findProgram, ownPrograms } from "../probes/programs";
import { run, tail } from "../../tools/process";
import { megabytes, print } from "../terminal";

/** Below these a node with the stack's pods does not come up: 2 CPUs are Minikube's own minimum. */
const LEAST = { cpus: 2, memoryMb: 2500 };
/** Room for ten pods of the back end and what Kubernetes itself needs. */
const WANTED = { cpus: 4, memoryMb: 8192 };

const RELEASES = "https://storage.googleapis.com/minikube/releases/latest";

/** Address of the release for this machine; its checksum is at the same address with `.sha256`. */
export function minikubeDownload(): string {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return `${RELEASES}/minikube-${process.platform}-${architecture}`;
}

/** Downloads Minikube into the cache and checks its digest. */
export async function installMinikube(signal: AbortSignal): Promise<void> {
  const url = minikubeDownload();
  const [program, digest] = await Promise.all(
    [url, `${url}.sha256`].map(async (address) => {
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw new UserError(`${address} answers ${answer.status}.`);
      return Buffer.from(await answer.arrayBuffer());
    }),
  );
  if (program === undefined || digest === undefined)
    throw new Error("two downloads were asked for");
  const found = createHash("sha256").update(program).digest("hex");
  if (!digest.toString().startsWith(found)) {
    throw new UserError(`The download of Minikube is damaged: its SHA-256 is ${found}.`, [
      "npm start",
    ]);
  }
  fs.mkdirSync(ownPrograms, { recursive: true });
  const target = path.join(ownPrograms, "minikube");
  fs.writeFileSync(`${target}.part`, program, { mode: 0o755 });
  fs.renameSync(`${target}.part`, target);
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

function program(): string {
  return findProgram("minikube") ?? "minikube";
}

export async function minikubeState(profile: string): Promise<ProfileState> {
  const args = ["status", "-p", profile, "-o", "json"];
  return profileState((await run(program(), args, { timeout: 60_000 })).stdout);
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
    `Docker has ${daemon.cpus} CPUs and ${megabytes(daemon.memoryMb)} of memory; the cluster needs ` +
      `${LEAST.cpus} CPUs and ${megabytes(Math.ceil(LEAST.memoryMb / 0.6))} (it takes 60 %).`,
    [where],
  );
}

/** Arguments of a profile's first start; later ones need only the name. */
export function startArguments(
  profile: string,
  size: { cpus: number; memoryMb: number },
  nodePort: number,
  isRoot = os.userInfo().uid === 0,
): string[] {
  return [
    ...["start", "-p", profile, "--driver=docker"],
    ...[`--cpus=${size.cpus}`, `--memory=${size.memoryMb}`],
    // Only the first start can publish a port; without it the node's address is out of reach on macOS.
    `--ports=127.0.0.1:${nodePort}:${nodePort}`,
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
  nodePort: number,
  docker: DockerFacts | undefined,
  signal: AbortSignal,
): Promise<{ isOurs: boolean }> {
  const before = await minikubeState(profile);
  if (before !== "running") {
    if (docker?.daemon === undefined)
      throw new UserError("Minikube needs Docker.", ["npm run doctor"]);
    const args =
      before === "absent"
        ? startArguments(profile, profileSize(docker.daemon), nodePort)
        : ["start", "-p", profile, ...(os.userInfo().uid === 0 ? ["--force"] : [])];
    print(
      `Minikube: ${before === "absent" ? "making" : "starting"} the profile ${profile} (minikube ${args.join(" ")})`,
    );
    const result = await run(program(), args, {
      signal,
      onLine: (line) => {
        if (line.trim() !== "") print(`  ${line.trimEnd()}`);
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
  const addons = await run(program(), ["addons", "list", "-p", profile, "-o", "json"], { signal });
  const enabled = /"metrics-server":\s*\{[^}]*"Status":\s*"enabled"/.test(addons.stdout);
  // It exits 0 whatever happens; the autoscaler needs it, the application does not, so nothing waits for it.
  if (!enabled)
    await run(program(), ["addons", "enable", "metrics-server", "-p", profile], { signal });
  return { isOurs: !enabled || before !== "running" };
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
  return daemonVariables((await run(program(), args, { timeout: 30_000 })).stdout);
}

/** The node's address, or undefined. */
export async function minikubeAddress(profile: string): Promise<string | undefined> {
  const { code, stdout } = await run(program(), ["ip", "-p", profile], { timeout: 10_000 });
  return code === 0 ? stdout.trim() : undefined;
}

/** Removes the profile with everything in it; the state is read back. */
export async function deleteMinikube(profile: string, signal: AbortSignal): Promise<void> {
  const result = await run(program(), ["delete", "-p", profile], { signal });
  if ((await minikubeState(profile)) !== "absent") {
    throw new UserError(
      `Minikube did not delete ${profile}:\n${tail(result.stdout + result.stderr, 5)}`,
    );
  }
}
