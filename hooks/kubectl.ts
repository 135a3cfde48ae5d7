import { output } from "../tools/process";
import { ToolError } from "../tools/tool-error";

/** Seconds until a request is given up; the API server of a small cluster may be busy with the update itself. */
const REQUEST_SECONDS = 10;

/** kubectl on the stack's cluster and in its namespace, for what the engine's providers do not do. */
export class Kubectl {
  constructor(
    private readonly kubeContext: string,
    private readonly namespace: string,
  ) {}

  /** @throws ToolError in kubectl's own words */
  run(args: string[], input?: string): Promise<string> {
    const where = ["--context", this.kubeContext, "--namespace", this.namespace];
    return output("kubectl", [...where, `--request-timeout=${REQUEST_SECONDS}s`, ...args], {
      timeout: 3 * REQUEST_SECONDS * 1000,
      ...(input === undefined ? {} : { input }),
    });
  }

  /** The same, or undefined where the cluster refuses, has no such object, or does not answer. */
  async ask(args: string[]): Promise<string | undefined> {
    try {
      return (await this.run(args)).trim();
    } catch (error) {
      if (error instanceof ToolError) return undefined;
      throw error;
    }
  }
}
