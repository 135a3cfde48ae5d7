import assert from "node:assert/strict";

import { type Sandbox, startSandbox } from "../../../dev/sandbox";
import { Cluster } from "./cluster";
import { Project } from "./project";

/** A stack of other people's applications, deployed from a copy of the project by `npm start`. */
export class Applications {
  private constructor(
    private readonly project: Project,
    readonly cluster: Cluster,
    readonly url: string,
  ) {}

  /**
   * @param values the stack's configuration
   * @param engine what applies the objects; by default what this machine has
   */
  static async deploy(
    values: Record<string, unknown> & { namespace: string; nodePort: number },
    engine?: "pulumi" | "kubectl",
  ): Promise<Applications> {
    const sandbox: Sandbox = await startSandbox({ report: console.log });
    const project = Project.clone();
    project.configure(values);
    const chosen = engine === undefined ? [] : ["--engine", engine];
    const { code, output } = await project.run(
      ...["start", "--", "--cluster", "sandbox", "--yes", ...chosen],
    );
    assert.equal(code, 0, `npm start failed:\n${output}`);
    const cluster = new Cluster(sandbox.kubeconfig, sandbox.context, values.namespace);
    return new Applications(project, cluster, `http://127.0.0.1:${values.nodePort}`);
  }

  /** Sets keys as a person does, and deploys again. */
  async change(values: Record<string, string>): Promise<void> {
    const commands = Object.entries(values).map(([key, value]) => [
      ...["pulumi", "--", "config", "set", "--path", key, value],
    ]);
    for (const command of [...commands, ["start", "--", "--cluster", "sandbox", "--yes"]]) {
      const { code, output } = await this.project.run(...command);
      assert.equal(code, 0, output);
    }
  }

  /** What a front end with a form shows after somebody has entered a name there. */
  async enter(name: string): Promise<string> {
    const entered = await fetch(this.url, { method: "POST", body: new URLSearchParams({ name }) });
    assert.equal(entered.status, 200, await entered.text());
    return this.page();
  }

  async page(path = "/"): Promise<string> {
    return (await fetch(new URL(path, this.url))).text();
  }

  /** What a program prints that runs in a pod of an application. */
  async inside(app: string, ...command: string[]): Promise<string> {
    return this.cluster.kubectl("exec", `deployment/${app}`, "-c", app, "--", ...command);
  }

  /** Waits until its node ports are free. */
  async gone(): Promise<void> {
    const namespace = `namespace/${this.cluster.namespace}`;
    await this.cluster.kubectl("wait", "--for=delete", namespace, "--timeout=180s");
  }

  async remove(): Promise<void> {
    await this.cluster.kubectl("delete", "namespace", this.cluster.namespace, "--wait=false");
    this.project.remove();
  }
}

/** A script for Node.js in a pod: what an address answers to a body. */
export function post(url: string, body: string): string {
  const options = JSON.stringify({ method: "POST", body });
  return `fetch(${JSON.stringify(url)}, ${options}).then((r) => r.text()).then(console.log)`;
}
