import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { Cluster } from "../../live/support/cluster";
import { type Finished, Project } from "../../live/support/project";
import { User } from "../../live/support/user";
import { type Sandbox, startSandbox } from "../../sandbox";

const run = promisify(execFile);

/** Of its own: nothing that these tests break is anybody else's. */
const namespace = "todo-faults";

/** A stack that may be broken: deployed from a copy of the project by `npm start`. */
export class Stack {
  private constructor(
    readonly project: Project,
    readonly cluster: Cluster,
    readonly sandbox: Sandbox,
    readonly url: string,
    /** Whether it was deployed by the engine, and not by kubectl. */
    readonly pulumi: boolean,
  ) {}

  /** @param values configuration beside the defaults */
  static async deploy(values: Record<string, string | number | boolean> = {}): Promise<Stack> {
    const sandbox = await startSandbox({ report: console.log });
    const project = Project.clone();
    const nodePort = Number(process.env.TODO_FAULTS_NODE_PORT ?? 30301);
    project.configure({ namespace, nodePort, ...values });
    const { code, output } = await project.run("start");
    assert.equal(code, 0, `npm start failed:\n${output}`);
    return new Stack(
      project,
      new Cluster(sandbox.kubeconfig, sandbox.context, namespace),
      sandbox,
      `http://127.0.0.1:${nodePort}`,
      /engine: pulumi/.test(output),
    );
  }

  /** New people, signed in. One after the other: a back end hashes two passwords at a time. */
  async users(count: number): Promise<User[]> {
    const users = Array.from({ length: count }, () => new User(this.url));
    for (const user of users) await user.signUp();
    return users;
  }

  /** A command inside the node: the network and the disks below the pods. */
  async onNode(...command: string[]): Promise<string> {
    const node = this.sandbox.nodes[0];
    assert.ok(node, "the cluster has no node");
    const { stdout } = await run("docker", ["exec", node, ...command], { maxBuffer: 2 ** 24 });
    return stdout;
  }

  /** A statement in the embedded database; what it prints, without decoration. */
  async sql(statement: string): Promise<string> {
    const psql = `psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -Atqc "${statement}"`;
    return (await this.cluster.kubectl("exec", "postgres-0", "--", "sh", "-c", psql)).trim();
  }

  /** Waits until every pod that is wanted is ready. */
  async settled(seconds = 180): Promise<void> {
    for (const workload of ["statefulset/postgres", "deployment/backend", "deployment/frontend"]) {
      await this.cluster.kubectl("rollout", "status", workload, `--timeout=${seconds}s`);
    }
  }

  async remove(): Promise<Finished | undefined> {
    const finished = (await this.cluster.namespaceExists())
      ? await this.project.run("down", "--", "--no-backup", "--yes")
      : undefined;
    this.project.remove();
    return finished;
  }
}
