import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { run } from "../../../tools/process";
import { installedPulumi } from "../../../tools/pulumi";
import { type Sandbox, startSandbox } from "../../../dev/sandbox";
import { readPorts } from "../../../dev/sandbox/settings";
import { goProgram } from "../../unit/render/support/tools";
import { Cluster } from "./cluster";
import { helmAndClusterTimeout } from "./helm";
import { Project } from "./project";
import { User } from "./user";

/** Who has deployed what runs. */
export type Owner = "pulumi" | "kubectl" | "helm3" | "helm4";

const namespace = "todo-take-over";
const apps = ["backend", "frontend", "postgres"];
const minutes = 60_000;

interface Row {
  from: Owner;
  to: Owner;
  seconds: number;
  sent: number;
  failed: number;
  pods: "same" | "others";
  /** What the new owner's next run changed. */
  changed: number;
}

/**
 * One application that changes its owner again and again, under load: the pods of the first deployment must be those of the
 * last.
 * @param owners in their order, each taking over from the one before it; the first and the last are Pulumi
 */
export function takeOvers(owners: readonly Owner[]): void {
  describe("a running application that another tool takes over", function () {
    this.timeout(10 * minutes);
    this.bail(true);

    let sandbox: Sandbox;
    let project: Project;
    let cluster: Cluster;
    let user: User;
    let pods: string[] = [];
    let passwords = "";
    const helms = new Map<Owner, string>();
    const rows: Row[] = [];

    before(async function () {
      this.timeout(helmAndClusterTimeout);
      if ((await installedPulumi()) === undefined) this.skip();
      for (const owner of ["helm3", "helm4"] as const) {
        const program = await goProgram(owner);
        if (program === undefined) this.skip();
        helms.set(owner, onPath(program));
      }
      sandbox = await startSandbox({ report: console.log });
      cluster = new Cluster(sandbox.kubeconfig, sandbox.context, namespace);
      const [, nodePort = 30301] = readPorts().nodePorts;
      user = new User(`http://127.0.0.1:${nodePort}`);
      project = Project.clone();
      project.configure({
        ...{ namespace, nodePort, maxReplicas: 3, databaseProtect: false },
        ...{ backendCpuRequest: "50m", frontendCpuRequest: "50m" },
        // Two variables whose order must not depend on the tool.
        backendEnv: { ZONE: "z", AREA: "a" },
      });
      await start();
      await user.signUp();
      await user.addTask("Outlive every tool");
      pods = await allPods();
      passwords = await secrets();
    });

    after(async () => {
      for (const folder of helms.values()) rmSync(folder, { recursive: true, force: true });
      if (rows.length > 0) console.table(rows);
      if (rows.length > 0 && (await cluster.namespaceExists())) {
        await cluster.kubectl("delete", "namespace", namespace, "--wait=false");
      }
      if (helms.size > 0) project.remove();
    });

    for (const [index, to] of owners.entries()) {
      const from = owners[index - 1];
      if (from === undefined) continue;
      it(`goes on as it is from ${from} to ${to}`, async () => {
        const load = new Load(user);
        const since = performance.now();
        await takenOverBy(to).finally(() => load.stop());
        const seconds = Math.round((performance.now() - since) / 100) / 10;
        const { sent, failures } = await load.stop();
        const changed = await changedBy(to);
        const now = await allPods();
        rows.push({
          ...{ from, to, seconds, sent, failed: failures.length, changed },
          pods: now.join() === pods.join() ? "same" : "others",
        });
        assert.deepEqual(now, pods);
        assert.deepEqual(failures, []);
        assert.equal(changed, 0, `the next run of ${to} changes something`);
        assert.equal(await secrets(), passwords);
        assert.deepEqual(
          (await user.tasks()).map(({ title }) => title),
          ["Outlive every tool"],
        );
        assert.deepEqual(await othersClaims(to), []);
      });
    }

    it("is changed and removed by the last one, as if it had never been another's", async () => {
      const variables = ["get", "deployment", "backend", "-o", "jsonpath={..env[*].name}"];
      assert.match(await cluster.kubectl(...variables), /\bAREA\b/);
      await succeeded("pulumi", "--", "config", "rm", "--path", "backendEnv.AREA");
      await start();
      assert.doesNotMatch(await cluster.kubectl(...variables), /\bAREA\b/);
      await succeeded("down", "--", "--no-backup", "--yes");
      assert.equal(await cluster.namespaceExists(), false);
    });

    const allPods = async (): Promise<string[]> =>
      (await Promise.all(apps.map((app) => cluster.podIds(app)))).flat().sort();

    const secrets = (): Promise<string> =>
      cluster.kubectl(
        ...["get", "secrets", "todo-secrets", "postgres", "-o", "jsonpath={.items[*].data}"],
      );

    /** Tools that still claim fields of some object, beside the one that owns them now. */
    const othersClaims = async (owner: Owner): Promise<string[]> => {
      const kinds = "deployments,statefulsets,services,configmaps,secrets,networkpolicies,hpa,pdb";
      const list = await cluster.kubectl(
        ...["get", kinds, "-l", "app.kubernetes.io/part-of=evolution-of-todo"],
        ...["-o", "json", "--show-managed-fields"],
      );
      const { items } = JSON.parse(list) as {
        items: { metadata: { name: string; managedFields?: { manager: string }[] } }[];
      };
      const own = {
        pulumi: /^pulumi-/,
        kubectl: /^kubectl-client-side-apply$/,
        helm3: /^helm$/,
        helm4: /^helm$/,
      };
      const tools = /^(kubectl|helm|pulumi)/;
      return items.flatMap(({ metadata }) =>
        (metadata.managedFields ?? [])
          .map(({ manager }) => manager)
          .filter((manager) => tools.test(manager) && !own[owner].test(manager))
          .map((manager) => `${metadata.name}: ${manager}`),
      );
    };

    async function succeeded(...args: string[]): Promise<string> {
      const { code, output } = await project.run(...args);
      assert.equal(code, 0, output);
      return output;
    }

    const start = (...flags: string[]): Promise<string> =>
      succeeded("start", "--", "--cluster", "sandbox", "--yes", ...flags);

    async function takenOverBy(owner: Owner): Promise<void> {
      if (owner === "pulumi") await start("--take-over");
      else {
        const out = project.path("out");
        rmSync(out, { recursive: true, force: true });
        const to = owner === "kubectl" ? "kubectl" : "helm";
        const args = ["take-over", "--", "--to", to, "--out", out, "--yes"];
        const { PATH } = process.env;
        const { code, output } = await project.runWith(
          to === "helm" ? { PATH: [helms.get(owner), PATH].join(path.delimiter) } : {},
          ...args,
        );
        assert.equal(code, 0, output);
      }
    }

    /** Runs the owner's own command once more. @returns how many objects another resource version shows as changed */
    async function changedBy(owner: Owner): Promise<number> {
      const before = await versions();
      await again(owner);
      const after = await versions();
      return [...after].filter(([name, version]) => before.get(name) !== version).length;
    }

    async function again(owner: Owner): Promise<void> {
      if (owner === "pulumi") await start();
      else if (owner === "kubectl")
        await cluster.kubectl("apply", "-k", project.path("out", "k8s"));
      else
        await helm(
          owner,
          "upgrade",
          "todo-app",
          project.path("helm", "todo-app"),
          "--values",
          project.path("out", "values.yaml"),
        );
    }

    /** By object: the version of what was asked for. Kubernetes counts it up for changes of the specification alone. */
    async function versions(): Promise<Map<string, string>> {
      const kinds = "deployments,statefulsets,services,configmaps,secrets,networkpolicies,pdb,hpa";
      const list = await cluster.kubectl(
        ...["get", kinds, "-l", "app.kubernetes.io/part-of=evolution-of-todo", "-o", "json"],
      );
      const { items } = JSON.parse(list) as { items: Versioned[] };
      return new Map(
        items.map(({ kind, metadata, spec, data }) => {
          const { labels, annotations = {} } = metadata;
          const { "kubectl.kubernetes.io/last-applied-configuration": _, ...notes } = annotations;
          return [`${kind}/${metadata.name}`, JSON.stringify({ labels, notes, spec, data })];
        }),
      );
    }

    async function helm(owner: Owner, ...args: string[]): Promise<void> {
      const file = path.join(helms.get(owner) ?? "", "helm");
      const { code, stderr } = await run(file, [...args, "--namespace", namespace], {
        env: { KUBECONFIG: sandbox.kubeconfig, HELM_KUBECONTEXT: sandbox.context },
      });
      assert.equal(code, 0, stderr);
    }
  });
}

interface Versioned {
  kind: string;
  metadata: {
    name: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: unknown;
  data?: unknown;
}

/** A folder that holds a program under the name by which people call it. */
function onPath(helm: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), "todo-helm-"));
  mkdirSync(folder, { recursive: true });
  symlinkSync(helm, path.join(folder, "helm"));
  return folder;
}

/** Two people who look at their tasks again and again, each once the last answer is there: a busy machine delays, it loses nothing. */
class Load {
  private sent = 0;
  private readonly failures: string[] = [];
  private stopped = false;
  private readonly people: Promise<unknown>;

  constructor(user: User) {
    this.people = Promise.all([this.look(user), this.look(user)]);
  }

  private async look(user: User): Promise<void> {
    while (!this.stopped) {
      this.sent += 1;
      const failure = await user.tryToList();
      if (failure !== undefined) this.failures.push(failure);
      await pause(50);
    }
  }

  async stop(): Promise<{ sent: number; failures: string[] }> {
    this.stopped = true;
    await this.people;
    return { sent: this.sent, failures: this.failures };
  }
}
