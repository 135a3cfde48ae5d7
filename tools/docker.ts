/** Docker: the client, the daemon that its current context means, and what that daemon has. */
import * as path from "node:path";
import { askDaemon } from "./docker-api";
import { output, run, which } from "./process";

/** Inspecting takes milliseconds; a daemon that hangs must not hang a preview. */
const QUICK = 20_000;

/** An image in the store of the user's Docker daemon. */
export interface HostImage {
  /** Digest of its config, or in Docker's containerd store of its manifest or index. */
  id: string;
  /** Bytes of all its layers' files; in Docker's containerd store the blobs count too. */
  size: number;
  /** `linux/amd64`. */
  platform: string;
  /** Digests of its layers' uncompressed archives (`sha256:…`), lowest first. */
  layers: string[];
}

/** The image of that name on the host; undefined if there is none. */
export async function inspectImage(
  image: string,
  signal?: AbortSignal,
): Promise<HostImage | undefined> {
  const format = "{{.Os}}/{{.Architecture}} {{.Id}} {{.Size}} {{json .RootFS.Layers}}";
  try {
    const line = await docker(["image", "inspect", "--format", format, image], signal);
    const [platform = "", id = "", size = "", ...rest] = line.split(" ");
    const layers = (JSON.parse(rest.join(" ")) as string[] | null) ?? [];
    return { platform, id, size: Number(size), layers };
  } catch (error) {
    if (/no such image/i.test(String(error))) return undefined;
    throw error;
  }
}

/** Of the named containers those that run, with their addresses. */
export async function runningContainers(
  names: string[],
  signal?: AbortSignal,
): Promise<{ name: string; addresses: string[] }[]> {
  const format =
    "{{.Name}} {{.State.Running}}{{range .NetworkSettings.Networks}} {{.IPAddress}} {{.GlobalIPv6Address}}{{end}}";
  const filters = names.flatMap((name) => ["--filter", `name=^/?${name}$`]);
  const ids = (await docker(["ps", "--quiet", "--no-trunc", ...filters], signal)).split(/\s+/);
  const found = ids.filter((id) => id !== "");
  if (found.length === 0) return [];
  const lines = await docker(["container", "inspect", "--format", format, ...found], signal);
  return lines
    .trim()
    .split("\n")
    .map((line) => line.split(/\s+/))
    .filter(([, running]) => running === "true")
    .map(([name = "", , ...addresses]) => ({ name: name.replace(/^\//, ""), addresses }));
}

/** Host name and version of the daemon: what tells whether it is a node's own. */
export async function daemon(signal?: AbortSignal): Promise<{ name: string; version: string }> {
  const line = await docker(["info", "--format", "{{.Name}} {{.ServerVersion}}"], signal);
  const [name = "", version = ""] = line.trim().split(" ");
  return { name, version };
}

/** Whether the daemon keeps images in containerd's store, so compressed as they came: the default since Docker 29. */
export async function usesContainerdStore(signal?: AbortSignal): Promise<boolean> {
  const status = await docker(["info", "--format", "{{json .DriverStatus}}"], signal);
  return status.includes("io.containerd.snapshotter");
}

/** `docker.io/library/todo-backend:1` for `todo-backend:1`: the name that nodes keep it under. */
export function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]|^localhost$/.test(first) ? image : `docker.io/${image}`;
}

export function docker(args: string[], signal?: AbortSignal): Promise<string> {
  return output("docker", args, { timeout: QUICK, signal });
}

export interface DockerFacts {
  client: string;
  /** Whether `docker` is podman's program of that name, which cannot stand in for Docker here. */
  isPodman?: boolean;
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
  /** Podman's own keys; Docker has neither. */
  host?: { buildahVersion?: string };
  version?: { Version?: string };
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
  if (facts.host?.buildahVersion !== undefined) {
    return { client: facts.version?.Version ?? "", context: "podman", isPodman: true };
  }
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

/** A registry that does not answer, a slow one, or a pull limit: a user must not wait longer than this to know. */
const REGISTRY_MS = 15_000;

/**
 * Undefined when the daemon can have an image, else why not, in a few words. The daemon itself is asked: it has its own
 * network, proxies and mirrors, of which the docker program (`docker manifest inspect`) knows nothing.
 */
export async function imageUnreachable(image: string): Promise<string | undefined> {
  const present = await run("docker", ["image", "inspect", image], { timeout: QUICK });
  if (present.code === 0) return undefined;
  const { status, message } = await askDaemon(
    `/distribution/${encodeURI(image)}/json`,
    AbortSignal.timeout(REGISTRY_MS),
  );
  if (status === 200) return undefined;
  // Its registry answers; builds and pulls log in with what `docker login` left, which this question does not.
  if (status === 401 || status === 403) return undefined;
  if (/toomanyrequests|rate limit/i.test(message)) {
    return "the registry's pull limit is reached (docker login raises it)";
  }
  return `the daemon cannot pull images (tried ${image})`;
}
