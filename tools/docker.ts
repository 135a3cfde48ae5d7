import { run } from "./tool";

/** Inspecting takes milliseconds; a daemon that hangs must not hang a preview. */
const QUICK = 20_000;

/** An image in the store of the user's Docker daemon. */
export interface HostImage {
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
  const format = "{{.Os}}/{{.Architecture}} {{json .RootFS.Layers}}";
  try {
    const line = await docker(["image", "inspect", "--format", format, image], signal);
    const space = line.indexOf(" ");
    const layers = (JSON.parse(line.slice(space)) as string[] | null) ?? [];
    return { platform: line.slice(0, space), layers };
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

/** `docker.io/library/todo-backend:1` for `todo-backend:1`: the name that nodes keep it under. */
export function fullName(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]|^localhost$/.test(first) ? image : `docker.io/${image}`;
}

export function docker(args: string[], signal?: AbortSignal): Promise<string> {
  return run("docker", args, { timeout: QUICK, signal });
}
