import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

import { Cluster } from "../../live/support/cluster";
import { Project } from "../../live/support/project";
import { User } from "../../live/support/user";
import { type Sandbox, startSandbox } from "../../../dev/sandbox";

const run = promisify(execFile);

/** Of its own: nothing that these tests break is anybody else's. */
const namespace = "todo-faults";

let shared: Promise<Stack> | undefined;

/** The run's stack, deployed when it is first asked for. */
export function sharedStack(): Promise<Stack> {
  shared ??= Stack.deploy();
  return shared;
}

/** After the last suite. */
after(async function () {
  this.timeout(10 * 60_000);
  const stack = await shared?.catch(() => undefined);
  await stack?.remove();
});

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

  /**
   * The stack that all suites of a run break, one after the other. It is deployed for the run and removed after it, or, with
   * TODO_FAULTS_KEEP=FOLDER, deployed into that folder and left there for the next run.
   */
  static async deploy(): Promise<Stack> {
    const kept = process.env.TODO_FAULTS_KEEP;
    const nodes = Number(process.env.TODO_FAULTS_NODES ?? 0);
    const sandbox = await startSandbox({
      report: console.log,
      ...(nodes === 0 ? {} : { nodes }),
    });
    const project = Project.clone(kept);
    const nodePort = Number(process.env.TODO_FAULTS_NODE_PORT ?? 30301);
    if (!existsSync(project.path("Pulumi.local.yaml"))) {
      // Room for every pod of a rollout on two processors, with the default limits; ten of them would only take longer.
      project.configure({
        namespace,
        nodePort,
        maxReplicas: 4,
        backendCpuRequest: "50m",
        frontendCpuRequest: "50m",
      });
    }
    const { code, output } = await project.run("start", "--", "--cluster", "sandbox", "--yes");
    assert.equal(code, 0, `npm start failed:\n${output}`);
    return new Stack(
      project,
      new Cluster(sandbox.kubeconfig, sandbox.context, namespace),
      sandbox,
      `http://127.0.0.1:${nodePort}`,
      output.includes("engine: pulumi"),
    );
  }

  /** New people, signed in. One after the other: a back end hashes two passwords at a time. */
  async users(count: number): Promise<User[]> {
    const users = Array.from({ length: count }, () => new User(this.url));
    for (const user of users) await user.signUp();
    return users;
  }

  /** The node that a pod runs on, which is also its container's name. */
  async nodeOf(pod: string): Promise<string> {
    const node = await this.cluster.kubectl("get", "pod", pod, "-o", "jsonpath={.spec.nodeName}");
    assert.ok(node, `${pod} is on no node`);
    return node;
  }

  /** A command inside a node: the network, the disks and the processes below the pods. */
  async onNode(node: string, ...command: string[]): Promise<string> {
    const { stdout } = await run("docker", ["exec", node, ...command], { maxBuffer: 2 ** 24 });
    return stdout;
  }

  /** A command of a shell on this machine, in the project's folder. */
  async onHost(command: string): Promise<void> {
    await run("sh", ["-c", command], { cwd: this.project.folder });
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

  /** A value of one of the stack's Secrets, as its pods have it. */
  async secret(name: string, key: string): Promise<string> {
    const path = `jsonpath={.data.${key}}`;
    const encoded = await this.cluster.kubectl("get", "secret", name, "-o", path);
    return Buffer.from(encoded, "base64").toString("utf8");
  }

  async remove(): Promise<void> {
    if (process.env.TODO_FAULTS_KEEP !== undefined) return;
    if (await this.cluster.namespaceExists()) {
      const { code, output } = await this.project.run("down", "--", "--no-backup", "--yes");
      assert.equal(code, 0, output);
    }
    this.project.remove();
  }
}
