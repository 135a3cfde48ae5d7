import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

import { deleteSandbox, type Sandbox, startSandbox, stopSandbox } from "../../dev/sandbox";
import { attacks } from "./security";
import { browserJourneys, hasBrowser } from "./support/browser";
import { Cluster } from "./support/cluster";
import { type Finished, Project } from "./support/project";
import { User } from "./support/user";

/** Apart from a stack that the developer may have running: another namespace, another port. */
const namespace = "todo-live";
const nodePort = 30301;
const url = `http://127.0.0.1:${nodePort}`;
const minutes = 60_000;

function succeeded(what: string, { code, output }: Finished): string {
  assert.equal(code, 0, `${what} failed:\n${output}`);
  return output;
}

/** The whole life of a stack on a real cluster, each step on what the one before it left. */
describe("the stack on a cluster", function () {
  this.timeout(15 * minutes);
  this.bail(true);

  let sandbox: Sandbox;
  let project: Project;
  let cluster: Cluster;
  let usesPulumi = false;
  const user = new User(url);

  before(async function () {
    this.timeout(30 * minutes);
    sandbox = await startSandbox({ report: console.log });
    cluster = new Cluster(sandbox.kubeconfig, sandbox.context, namespace);
    project = Project.clone();
    // Half the default CPU requests: two cores carry this stack beside another one.
    project.configure({
      namespace,
      nodePort,
      backendCpuRequest: "50m",
      frontendCpuRequest: "50m",
    });
  });

  after(async () => {
    if (await cluster.namespaceExists()) await project.run("down", "--", "--no-backup", "--yes");
    project.remove();
  });

  describe("at first", () => {
    it("comes up with npm start, which prints the URL", async () => {
      const output = succeeded("npm start", await project.run("start"));
      assert.match(output, new RegExp(url));
      usesPulumi = /engine: pulumi/.test(output);
      console.log(`      engine: ${usesPulumi ? "pulumi" : "kubectl (no Pulumi)"}`);
    });

    it("serves: sign up, sign in, add a task through the front end's NodePort", async () => {
      await user.signUp();
      await user.signIn();
      const task = await user.addTask("Buy milk");
      assert.deepEqual(
        (await user.tasks()).map(({ id, title }) => ({ id, title })),
        [{ id: task.id, title: "Buy milk" }],
      );
    });

    it("changes nothing when nothing has changed", async () => {
      const before = await Promise.all(
        ["backend", "frontend", "postgres"].map((app) => cluster.podIds(app)),
      );
      succeeded("npm start", await project.run("start"));
      const after = await Promise.all(
        ["backend", "frontend", "postgres"].map((app) => cluster.podIds(app)),
      );
      assert.deepEqual(after, before);
    });
  });

  attacks(() => ({ url, cluster, project }));

  describe("in a browser", () => {
    before(function () {
      if (!hasBrowser()) this.skip();
    });
    browserJourneys(url);
  });

  describe("as time goes on", () => {
    it("rolls out one changed line to every back-end pod, without a failed request", async () => {
      const frontends = await cluster.podIds("frontend");
      const before = await cluster.podIds("backend");
      const main = project.path("backend", "app", "main.py");
      appendFileSync(main, '\napp.version = "changed-by-the-live-test"\n');

      const answers: string[] = [];
      const stop = new AbortController();
      const asking = (async () => {
        while (!stop.signal.aborted) {
          answers.push(await user.probe());
          await pause(50);
        }
      })();
      const finished = await project.run("start");
      await pause(7000); // old pods serve until their preStop is over
      stop.abort();
      await asking;
      succeeded("npm start", finished);

      assert.deepEqual(
        answers.filter((answer) => answer !== "200"),
        [],
      );
      assert.ok(answers.length > 50, `only ${answers.length} requests were made`);
      const pods = await cluster.servingPods("backend");
      assert.ok(pods.length > 0);
      for (const { metadata } of pods) {
        assert.ok(!before.includes(metadata.uid), `${metadata.name} is an old pod`);
        const openapi = await cluster.ask(metadata.name, 8000, "/openapi.json");
        assert.match(openapi, /changed-by-the-live-test/, metadata.name);
      }
      assert.deepEqual(await cluster.podIds("frontend"), frontends, "the front end was rolled too");
    });

    it("rolls the pods that read a changed secret, and no others", async () => {
      const others = await Promise.all(["frontend", "postgres"].map((app) => cluster.podIds(app)));
      const before = await cluster.podIds("backend");
      const key = "sk-live-test-0123456789";
      if (usesPulumi) {
        succeeded(
          "config set",
          await project.run("pulumi", "--", "config", "set", "--secret", "openaiApiKey", key),
        );
        assert.doesNotMatch(
          readFileSync(project.path("Pulumi.local.yaml"), "utf8"),
          new RegExp(key),
        );
      } else {
        const file = project.path(".stack", "kubectl", "secrets.json");
        assert.equal(statSync(file).mode & 0o777, 0o600);
        const secrets = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
        writeFileSync(file, JSON.stringify({ ...secrets, openaiApiKey: key }));
      }
      const output = succeeded("npm start", await project.run("start"));
      assert.doesNotMatch(output, new RegExp(key));

      const pods = await cluster.servingPods("backend");
      assert.ok(pods.length > 0);
      assert.ok(pods.every(({ metadata }) => !before.includes(metadata.uid)));
      for (const { metadata } of pods) {
        const value = await cluster.kubectl(
          "exec",
          metadata.name,
          "--",
          "printenv",
          "OPENAI_API_KEY",
        );
        assert.equal(value.trim(), key);
      }
      assert.deepEqual(
        await Promise.all(["frontend", "postgres"].map((app) => cluster.podIds(app))),
        others,
      );
      assert.equal((await user.tasks()).length, 1);
    });

    it("is well again after the cluster was deleted and started anew", async () => {
      // Somebody's own stack is not ours to delete: then the cluster is only stopped and started.
      const disposable = !(await cluster.holdsOtherStacks());
      await (disposable ? deleteSandbox() : stopSandbox());
      sandbox = await startSandbox({ report: console.log });
      cluster = new Cluster(sandbox.kubeconfig, sandbox.context, namespace);
      succeeded("npm start", await project.run("start"));
      const again = new User(url); // in a new cluster, everybody is
      await again.signUp();
      await again.addTask("Buy bread");
      assert.equal((await again.tasks()).length, 1);
      if (!disposable) assert.equal((await user.tasks()).length, 1);
    });

    it("tears down with npm run down: a dump first, then nothing is left", async () => {
      const output = succeeded("npm run down", await project.run("down", "--", "--yes"));
      const backups = project.path(".stack", "backups");
      assert.ok(existsSync(backups), output);
      const [dump] = readdirSync(backups);
      assert.ok(dump !== undefined && statSync(`${backups}/${dump}`).size > 0, "the dump is empty");
      assert.match(output, new RegExp(dump));
      assert.equal(await cluster.namespaceExists(), false);
      if (usesPulumi) {
        const { output: stack } = await project.run("pulumi", "--", "stack", "export");
        const { deployment } = JSON.parse(stack) as { deployment: { resources?: unknown[] } };
        assert.equal(deployment.resources?.length ?? 0, 0);
      }
    });
  });
});
