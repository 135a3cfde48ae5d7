import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { feed } from "../../tools/feed";
import { start, type ToolOptions } from "../../tools/process";
import type { NodeContent, NodeRuntime } from "./node-runtime";

/** A transfer of gigabytes to a slow disk; what takes longer hangs. */
const TRANSFER_MS = 10 * 60 * 1000;

/** A node of the cluster that is a container in the user's Docker. */
export interface ContainerNode {
  name: string;
  runtime: NodeRuntime;
}

/** A node that an image is sent to, and what it has of it. */
export interface Target extends ContainerNode {
  content: NodeContent;
}

/** One transfer: the programs at its ends have a time limit and end together. */
export class Transfer {
  private readonly stopping = new AbortController();
  private readonly options: ToolOptions;

  constructor(
    private readonly image: string,
    signal?: AbortSignal,
  ) {
    const signals = [this.stopping.signal, ...(signal ? [signal] : [])];
    this.options = { timeout: TRANSFER_MS, signal: AbortSignal.any(signals) };
  }

  /** The image as `docker save` exports it: all of it, whatever is needed. */
  save(): { output: Readable; done: Promise<unknown> } {
    const { stdout, done } = start("docker", ["save", this.image], this.options);
    return { output: stdout, done };
  }

  /**
   * Writes an archive into all nodes at once. Where it fails, the nodes are left without the image's name.
   * @param done settles when the program that writes the archive has ended
   * @returns the bytes written, all nodes together, and what each node knows the image as now
   */
  async send(
    archive: Readable,
    targets: Target[],
    done: Promise<unknown> = Promise.resolve(),
  ): Promise<{ bytes: number; found: (string | undefined)[] }> {
    const loads = targets.map(({ name, runtime, content }) => {
      const command = runtime.load(content, this.image);
      return start("docker", ["exec", "--interactive", name, ...command], this.options);
    });
    const printed = Promise.all(loads.map(({ stdout }) => text(stdout)));
    printed.catch(() => undefined); // awaited when all has ended well
    const ends = [done, ...loads.map((load) => load.done)];
    const all = Promise.all(ends);
    all.catch(() => undefined); // awaited below, maybe only after the stream has failed
    try {
      const sinks = loads.map(({ stdin }) => stdin);
      const bytes = await feed(archive, sinks).catch(async (error: unknown) => {
        // A program that ended says why better than the stream that it broke.
        await Promise.race([all, delay(1000)]);
        throw error;
      });
      await all;
      const answers = await printed;
      const found = targets.map(({ runtime }, index) => runtime.found(answers[index] ?? ""));
      return { bytes: bytes * targets.length, found };
    } catch (error) {
      this.stop();
      await Promise.allSettled(ends);
      await Promise.allSettled(
        targets.map(({ name, runtime }) => runtime.remove(name, [this.image])),
      );
      throw error;
    }
  }

  stop(): void {
    this.stopping.abort();
  }
}
