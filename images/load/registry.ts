import { docker } from "../../tools/docker";
import { DaemonClient } from "../../tools/docker-api";
import { credentialsFor } from "../buildkit/credentials";
import { hostImage } from "./host-image";
import type { Loader, LoadRequest, LoadResult } from "./loader";
import { output } from "../../tools/process";

const TRANSFER_MS = 30 * 60 * 1000;
const QUICK = 20_000;

/**
 * To a registry that the nodes pull from. A content tag is pushed once and never again: what nodes
 * have already pulled under that name must stay what it was. Logs in the way `docker push` does, with
 * `docker login`'s credentials or a credential helper.
 */
export class RegistryLoader implements Loader {
  readonly name = "registry";

  constructor(private readonly image: string) {}

  async missing(signal?: AbortSignal): Promise<string[]> {
    return (await this.manifest(signal)) === undefined ? [this.registry()] : [];
  }

  async present(): Promise<Pick<LoadResult, "digest">> {
    const found = await this.manifest();
    // Of an index it lists the images, each with its own digest; what the tag stands for is the index.
    return withDigest(Array.isArray(found) ? await this.digestOfTag() : found?.Descriptor?.digest);
  }

  async load(request: LoadRequest): Promise<Pick<LoadResult, "bytesSent" | "path" | "digest">> {
    await hostImage(request);
    const options = { timeout: TRANSFER_MS, signal: request.signal };
    const printed = await output("docker", ["push", this.image], options);
    const [, digest, size] = /digest: (sha256:[0-9a-f]{64}) size: (\d+)/.exec(printed) ?? [];
    request.log(`${this.image}: pushed${digest === undefined ? "" : `, ${digest}`}`);
    // `docker push` tells no more than the manifest's size; the layers' bytes are not to be had.
    return { bytesSent: Number(size ?? 0), path: "pushed", ...withDigest(digest) };
  }

  /** As the daemon reads it, with the login that `docker push` uses; undefined where it cannot. */
  private async digestOfTag(): Promise<string | undefined> {
    const { username, secret } = await credentialsFor(this.registry());
    const login =
      username === "<token>" ? { identitytoken: secret } : { username, password: secret };
    const auth = Buffer.from(JSON.stringify(login)).toString("base64url");
    const daemon = new DaemonClient(AbortSignal.timeout(QUICK));
    try {
      const path = `/distribution/${encodeURI(this.image)}/json`;
      const { status, message } = await daemon.ask("GET", path, { "X-Registry-Auth": auth });
      return status === 200 ? (JSON.parse(message) as Manifest).Descriptor?.digest : undefined;
    } finally {
      daemon.close();
    }
  }

  private registry(): string {
    return this.image.slice(0, this.image.indexOf("/"));
  }

  private async manifest(signal?: AbortSignal): Promise<Manifest | Manifest[] | undefined> {
    const insecure = (await mayBeInsecure(this.registry(), signal)) ? ["--insecure"] : [];
    const args = ["manifest", "inspect", "--verbose", ...insecure, this.image];
    try {
      return JSON.parse(await docker(args, signal)) as Manifest | Manifest[];
    } catch (error) {
      // Some registries deny what does not exist yet (docker/cli takes only some answers for "unknown"): pushing decides.
      if (/no such manifest|manifest unknown|denied|unauthorized/i.test(String(error))) {
        return undefined;
      }
      throw error;
    }
  }
}

/**
 * Does Docker push to this registry without TLS? `docker manifest` does not ask the daemon: without
 * `--insecure` it calls every image of such a registry unknown.
 */
async function mayBeInsecure(registry: string, signal?: AbortSignal): Promise<boolean> {
  if (/^(localhost|127\.[\d.]+|\[::1\])(:\d+)?$/.test(registry)) return true;
  const answer = await docker(
    ["info", "--format", "{{json .RegistryConfig.IndexConfigs}}"],
    signal,
  );
  const known = JSON.parse(answer) as Record<string, { Secure?: boolean }> | null;
  return known?.[registry]?.Secure === false;
}

/** The state of a stack cannot hold an undefined value: the key is left out. */
function withDigest(digest: string | undefined): Pick<LoadResult, "digest"> {
  return digest === undefined ? {} : { digest };
}

/** What `docker manifest inspect --verbose` prints, once for each platform. */
interface Manifest {
  Descriptor?: { digest?: string };
}
