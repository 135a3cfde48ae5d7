/** Docker: the client, the daemon that its current context means, and what that daemon has. */
import * as path from "node:path";
import { run, which } from "../../tools/process";
import { compareVersions, type Finding } from "./finding";
import { megabytes } from "../terminal";

/** BuildKit's own API, which builds go through, is complete from this engine on. */
const LEAST_ENGINE = "20.10.0";

export interface DockerFacts {
  client: string;
  context: string;
  /** Undefined when no daemon answered. */
  daemon?: {
    version: string;
    cpus: number;
    memoryMb: number;
    system: string;
    architecture: string;
  };
  /** Why no daemon answered, in Docker's own words. */
  error?: string;
}

interface DockerInfo {
  ServerVersion?: string;
  NCPU?: number;
  MemTotal?: number;
  OperatingSystem?: string;
  Architecture?: string;
  ServerErrors?: string[];
  ClientInfo?: { Version?: string; Context?: string };
}

interface DockerContext {
  Name: string;
  Endpoints?: { docker?: { Host?: string } };
  TLSMaterial?: Record<string, string[]>;
  Storage?: { TLSPath?: string };
}

/**
 * The variables that make other programs use the daemon of a docker context (from `docker context
 * inspect`): the Pulumi provider looks at DOCKER_HOST only (pulumi-docker #619). Empty for the default.
 */
export function contextEnvironment(context: DockerContext | undefined): Record<string, string> {
  const host = context?.Endpoints?.docker?.Host ?? "";
  if (context === undefined || context.Name === "default" || host === "") return {};
  const environment: Record<string, string> = { DOCKER_HOST: host };
  if ((context.TLSMaterial?.["docker"] ?? []).length > 0 && context.Storage?.TLSPath) {
    environment["DOCKER_TLS_VERIFY"] = "1";
    environment["DOCKER_CERT_PATH"] = path.join(context.Storage.TLSPath, "docker");
  }
  return environment;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Asks Docker about itself; undefined when there is no client at all. */
export async function dockerFacts(): Promise<DockerFacts | undefined> {
  if (which("docker") === undefined) return undefined;
  const info = await run("docker", ["info", "--format", "{{json .}}"], { timeout: 10_000 });
  const facts = (parsed(info.stdout) ?? {}) as DockerInfo;
  const base = {
    client: facts.ClientInfo?.Version ?? "",
    context: process.env["DOCKER_HOST"] ?? facts.ClientInfo?.Context ?? "default",
  };
  if (facts.ServerVersion === undefined || facts.ServerVersion === "") {
    const error =
      facts.ServerErrors?.[0] ?? (info.stderr.trim() || "it did not answer within 10 s");
    return { ...base, error: error.replace(/^ERROR: /, "") };
  }
  return {
    ...base,
    daemon: {
      version: facts.ServerVersion,
      cpus: facts.NCPU ?? 1,
      memoryMb: Math.floor((facts.MemTotal ?? 0) / (1024 * 1024)),
      system: facts.OperatingSystem ?? "",
      architecture: facts.Architecture ?? "",
    },
  };
}

/** The variables that stand for the current docker context; empty when DOCKER_HOST is set already. */
export async function dockerContextEnvironment(): Promise<Record<string, string>> {
  if (process.env["DOCKER_HOST"] !== undefined) return {};
  const inspect = await run("docker", ["context", "inspect"], { timeout: 10_000 });
  return contextEnvironment((parsed(inspect.stdout) as DockerContext[] | undefined)?.[0]);
}

/** The command that starts a daemon on this kind of machine. */
export function startDocker(): string {
  if (process.platform !== "linux") return "start Docker Desktop and wait until it says it runs";
  return "sudo systemctl start docker (or, without systemd: sudo dockerd)";
}

export function dockerFinding(facts: DockerFacts | undefined): Finding {
  const tool = "Docker";
  const get = "https://docs.docker.com/get-docker/, or your system's packages (docker.io)";
  if (facts === undefined) {
    const problem = "no docker program on PATH";
    return { tool, found: "", version: "", problem, remedy: get, level: "missing" };
  }
  const found = `context ${facts.context}`;
  if (facts.daemon === undefined) {
    const permission = /permission denied/i.test(facts.error ?? "");
    return {
      tool,
      found,
      version: facts.client,
      problem: permission ? "this user may not use the daemon" : "no daemon answers",
      remedy: permission ? "sudo usermod -aG docker $USER, then log in again" : startDocker(),
      level: "missing",
    };
  }
  const { version, cpus, memoryMb } = facts.daemon;
  const size = `${found}, ${cpus} CPUs, ${megabytes(memoryMb)}`;
  if (compareVersions(version, LEAST_ENGINE) < 0) {
    const problem = `engine too old: ${LEAST_ENGINE} or newer is needed`;
    return { tool, found: size, version, problem, remedy: get, level: "missing" };
  }
  return { tool, found: size, version, level: "fine" };
}
