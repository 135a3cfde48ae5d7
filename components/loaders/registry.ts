import { hostImage } from "./host-image";
import type { Loader, LoadRequest, LoadResult } from "./loader";
import { run, ToolError } from "./tool";

const QUICK = 30_000;
const TRANSFER_MS = 30 * 60 * 1000;

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

  /** Digest of the manifest in the registry; undefined if the tag is not there. */
  async digest(signal?: AbortSignal): Promise<string | undefined> {
    const manifest = await this.manifest(signal);
    const entries = [manifest ?? []].flat();
    return entries[0]?.Descriptor?.digest;
  }

  async load(request: LoadRequest): Promise<Pick<LoadResult, "bytesSent" | "path" | "digest">> {
    await hostImage(request);
    const options = { timeout: TRANSFER_MS, signal: request.signal };
    const output = await run("docker", ["push", this.image], options);
    const [, digest, size] = /digest: (sha256:[0-9a-f]{64}) size: (\d+)/.exec(output) ?? [];
    request.log(`${this.image}: pushed${digest === undefined ? "" : `, ${digest}`}`);
    // `docker push` tells no more than the manifest's size; the layers' bytes are not to be had.
    return { bytesSent: Number(size ?? 0), path: "pushed", digest };
  }

  private registry(): string {
    return this.image.slice(0, this.image.indexOf("/"));
  }

  private async manifest(signal?: AbortSignal): Promise<Manifest | Manifest[] | undefined> {
    const inspect = async (insecure: string[]): Promise<Manifest | Manifest[] | undefined> => {
      const args = ["manifest", "inspect", "--verbose", ...insecure, this.image];
      try {
        return JSON.parse(await run("docker", args, { timeout: QUICK, signal })) as Manifest;
      } catch (error) {
        if (!(error instanceof ToolError)) throw error;
        if (/no such manifest|manifest unknown|not found: /i.test(error.output)) return undefined;
        // A registry without TLS that the daemon is allowed to use, most often one on this machine.
        const plain = /HTTP response to HTTPS client|connection refused/i.test(error.output);
        if (plain && insecure.length === 0) return inspect(["--insecure"]);
        throw error;
      }
    };
    return inspect([]);
  }
}

/** What `docker manifest inspect --verbose` prints, once for each platform. */
interface Manifest {
  Descriptor?: { digest?: string };
}
