import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { buildImage } from "../../images/build";
import { loadImage } from "../../images/load";
import type { ImageSource } from "../../images/source";
import type { Sandbox } from "../sandbox";
import { output } from "../../tools/process";
import { pipe } from "../sandbox/process";
import { timed } from "./measure";

const repository = "todo-bench-load";

/**
 * An image of a given size, of which one line of the last layer changes each time: what its way into the cluster's nodes
 * costs, apart from its build.
 */
export class LoadBench {
  private readonly folder = mkdtempSync(path.join(tmpdir(), "todo-bench-load-"));
  private readonly built: string[] = [];
  private readonly source: ImageSource;
  private lines = 0;

  /** @param gigabytes of one layer that nothing can compress, below the line that changes */
  constructor(
    private readonly sandbox: Sandbox,
    readonly gigabytes: number,
  ) {
    const { nodeImage } = sandbox.images;
    const bytes = Math.round(gigabytes * 1e9);
    writeFileSync(
      path.join(this.folder, "Dockerfile"),
      `ARG NODE_IMAGE\nFROM \${NODE_IMAGE}\nRUN head -c ${bytes} /dev/urandom > /large\nCOPY line.txt /line.txt\n`,
    );
    this.source = {
      repository,
      context: ".",
      dockerfile: "Dockerfile",
      buildArgs: { NODE_IMAGE: nodeImage },
      platform: `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`,
    };
  }

  /** Builds the image with another line. @returns seconds that its load took, as an update does it */
  async asAnUpdateDoes(): Promise<number> {
    const image = await this.edit();
    return timed(() =>
      loadImage({
        image,
        platform: this.source.platform,
        kubeContext: this.sandbox.context,
        loader: { kind: "auto" },
        log: () => undefined,
      }),
    );
  }

  /** The same by hand: the whole image, exported into each node. */
  async byHand(): Promise<number> {
    const image = await this.edit();
    const into = ["ctr", "-n", "k8s.io", "images", "import", "-"];
    return timed(async () => {
      for (const node of this.sandbox.nodes) {
        await pipe(["docker", "save", image], ["docker", "exec", "-i", node, ...into]);
      }
    });
  }

  /** Removes the images from this machine and the nodes. */
  async remove(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
    const docker = (...args: string[]): Promise<unknown> =>
      output("docker", args, { timeout: undefined }).catch(() => undefined); // some are in one place only
    for (const node of this.sandbox.nodes) {
      const names = this.built.map((image) => `docker.io/library/${image}`);
      await docker("exec", node, "ctr", "-n", "k8s.io", "images", "rm", "--sync", ...names);
    }
    for (const image of this.built) await docker("image", "rm", "--force", image);
  }

  private async edit(): Promise<string> {
    writeFileSync(path.join(this.folder, "line.txt"), `${(this.lines += 1)}\n`);
    const { reference } = await buildImage(this.source, {
      root: this.folder,
      log: () => undefined,
    });
    this.built.push(reference);
    return reference;
  }
}
