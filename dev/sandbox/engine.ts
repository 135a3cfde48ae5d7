/** The Docker engine that the nodes run in: found, installed or started. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, openSync, closeSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ToolError } from "../../tools/tool-error";
import { run, sleep } from "./process";

export interface Need {
  /** What would be installed, built or made. */
  what: string;
  /** Minutes it takes on two cores. */
  minutes: number;
  diskMb: number;
}

const installCommand = "apt-get update && apt-get install -y docker.io mmdebstrap";

/** Whether a daemon answers under the docker CLI's own settings (DOCKER_HOST, context). */
export async function engineAnswers(): Promise<boolean> {
  try {
    await run("docker", ["version", "--format", "{{.Server.Version}}"], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** What stands in the way of having an engine here, in words that say what to do; empty if nothing. */
export async function engineProblems(): Promise<string[]> {
  if (await engineAnswers()) return [];
  if (process.platform !== "linux")
    return ["No Docker daemon answers, and only Linux can start one here: start Docker Desktop."];
  const host = process.env.DOCKER_HOST;
  if (host)
    return [
      `No Docker daemon answers at DOCKER_HOST=${host}: start that one, or run \`unset DOCKER_HOST\`.`,
    ];
  if (process.getuid?.() !== 0) {
    return [
      onPath("dockerd")
        ? "No Docker daemon answers and you are not root: run `sudo systemctl start docker` " +
          "(or `sudo dockerd`), and `sudo usermod -aG docker $USER` once, then log in again."
        : `Docker is not installed and you are not root: run \`sudo sh -c '${installCommand}'\`.`,
    ];
  }
  if (!onPath("dockerd") && !onPath("apt-get"))
    return [
      "Docker is not installed and this is no Debian: install Docker Engine, then try again.",
    ];
  return [];
}

/** What `ensureEngine` would install. */
export async function engineNeeds(): Promise<Need[]> {
  if ((await engineAnswers()) || onPath("dockerd")) return [];
  return [{ what: "Docker (Debian package docker.io)", minutes: 1, diskMb: 350 }];
}

/**
 * Makes sure that a daemon answers; its log goes to `folder`/dockerd.log if it is started here.
 * @throws Error that names the command to run where that is not possible
 */
export async function ensureEngine(
  folder: string,
  report: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (await engineAnswers()) return;
  const problems = await engineProblems();
  if (problems.length > 0) throw new Error(problems.join("\n"));
  if (!onPath("dockerd") || !onPath("docker")) {
    report("installing Docker (docker.io)");
    await aptInstall(["docker.io", "mmdebstrap"], signal);
  }
  report("starting the Docker daemon");
  const log = join(folder, "dockerd.log");
  if (existsSync("/run/systemd/system")) await run("systemctl", ["start", "docker"], { signal });
  else startDaemon(folder, log);
  for (let tries = 0; tries < 60; tries++) {
    if (await engineAnswers()) return;
    await sleep(0.5, signal);
  }
  const words = existsSync(log) ? readFileSync(log, "utf8").trimEnd().split("\n").slice(-15) : [];
  throw new Error(
    `The Docker daemon does not answer 30 seconds after its start. The end of ${log}:\n${words.join("\n")}`,
  );
}

/** Installs Debian packages; needs root. */
export async function aptInstall(packages: string[], signal?: AbortSignal): Promise<void> {
  const env = { DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "a" };
  const wait = ["-qq", "-o", "DPkg::Lock::Timeout=120"];
  await run("apt-get", [...wait, "update"], { env, signal });
  await run("apt-get", [...wait, "install", "-y", ...packages], { env, signal });
}

/** Whether a program of that name can be called. */
export function onPath(program: string): boolean {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return folders.some((folder) => existsSync(join(folder, program)));
}

/** Runs `docker`; @returns what it printed */
export async function docker(
  args: string[],
  options: Parameters<typeof run>[2] = {},
): Promise<string> {
  return run("docker", args, options);
}

/** Runs `docker` where "there is no such thing" is an answer; @returns undefined for it */
export async function dockerIfAny(args: string[]): Promise<string | undefined> {
  try {
    return await run("docker", args);
  } catch (error) {
    if (error instanceof ToolError && /no such|not found/i.test(error.output)) return undefined;
    throw error;
  }
}

/** A daemon of its own session, so that it outlives this program and its terminal. */
function startDaemon(folder: string, log: string): void {
  mkdirSync(folder, { recursive: true });
  const output = openSync(log, "a");
  spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output] })
    .on("error", () => undefined) // said by the wait for its answer
    .unref();
  closeSync(output);
}
