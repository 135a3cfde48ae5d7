import { execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Pod {
  metadata: {
    name: string;
    uid: string;
    deletionTimestamp?: string;
    labels: Record<string, string | undefined>;
  };
  spec: { containers: { image: string }[] };
  status: { phase: string; containerStatuses?: { restartCount: number; ready: boolean }[] };
}

/** A namespace of the cluster under test, looked at from outside the program. */
export class Cluster {
  constructor(
    private readonly kubeconfig: string,
    private readonly context: string,
    readonly namespace: string,
  ) {}

  async kubectl(...args: string[]): Promise<string> {
    const { stdout } = await run(
      "kubectl",
      ["--kubeconfig", this.kubeconfig, "--context", this.context, "-n", this.namespace, ...args],
      { maxBuffer: 64 * 2 ** 20 },
    );
    return stdout;
  }

  /** Pods of an application that are not on their way out. */
  async pods(app: string): Promise<Pod[]> {
    const list = await this.kubectl("get", "pods", "-l", `app=${app}`, "-o", "json");
    const { items } = JSON.parse(list) as { items: Pod[] };
    return items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  }

  /**
   * Those of them that serve: the autoscaler may have just asked for another, which has no node or no process to look
   * into yet.
   */
  async servingPods(app: string): Promise<Pod[]> {
    return (await this.pods(app)).filter(({ status }) =>
      status.containerStatuses?.every(({ ready }) => ready),
    );
  }

  async podIds(app: string): Promise<string[]> {
    return (await this.pods(app)).map(({ metadata }) => metadata.uid).sort();
  }

  /** How often an application's containers were started again, all its pods together. */
  async restarts(app: string): Promise<number> {
    const pods = await this.pods(app);
    return pods
      .flatMap(({ status }) => status.containerStatuses ?? [])
      .reduce((sum, { restartCount }) => sum + restartCount, 0);
  }

  /** What one pod answers, past the Service. */
  async ask(pod: string, port: number, path: string): Promise<string> {
    return this.kubectl(
      "get",
      "--raw",
      `/api/v1/namespaces/${this.namespace}/pods/${pod}:${port}/proxy${path}`,
    );
  }

  /** Posts an object to an address of the API that kubectl has no word for. */
  async create(path: string, object: unknown): Promise<void> {
    const args = ["--kubeconfig", this.kubeconfig, "--context", this.context];
    const child = spawn("kubectl", [...args, "create", "--raw", path, "-f", "-"], {
      stdio: ["pipe", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
    child.stdin.end(JSON.stringify(object));
    const code = await new Promise((resolve) => child.on("close", resolve));
    if (code !== 0) throw new Error(`${path}: ${said}`);
  }

  async namespaceExists(): Promise<boolean> {
    const found = await this.kubectl(
      "get",
      "namespace",
      this.namespace,
      "--ignore-not-found",
      "-o",
      "name",
    );
    return found.trim() !== "";
  }

  /** Whether there are namespaces beside this one and Kubernetes's own. */
  async holdsOtherStacks(): Promise<boolean> {
    const names = await this.kubectl(
      "get",
      "namespaces",
      "-o",
      "jsonpath={.items[*].metadata.name}",
    );
    return names
      .split(" ")
      .some((name) => name !== "default" && name !== this.namespace && !name.startsWith("kube-"));
  }
}
