import assert from "node:assert/strict";

import { inUsersForm } from "../../../tools/known-errors";
import { stackInArguments } from "../../../cli/commands/pulumi";
import { type Call, clusterList, FakeProject, type Finished } from "./support/project";

const minikube = { kind: "minikube", context: "todo-app", profile: "todo-app" };

function record(stack: string, more: object = {}): string {
  return JSON.stringify({
    ...{ stack, engine: "pulumi", deployed: true, facts: { "kubernetes:context": "todo-app" } },
    ...{ cluster: minikube, clusterUid: "uid-of-minikube" },
    ...more,
  });
}

function succeeded(result: Finished): Finished {
  assert.equal(result.code, 0, result.stdout + result.stderr);
  return result;
}

/** Calls that only look, or set up what is asked. */
function changing(calls: Call[]): Call[] {
  return calls.filter(({ args }) => /\b(up|destroy|apply|delete|patch|restart)\b/.test(args));
}

describe("two stacks in one folder", function () {
  this.timeout(120_000);
  let project: FakeProject;

  beforeEach(async () => {
    project = new FakeProject();
    project.allTools();
    const port = await project.site();
    const dev = project.read("Pulumi.dev.yaml").trimEnd();
    project.write("Pulumi.local.yaml", `${dev}\n  todo-app:nodePort: ${port}\n`);
    const staging = project.read("Pulumi.staging.yaml").trimEnd();
    project.write(
      "Pulumi.staging.yaml",
      `${staging}\n  todo-app:nodePort: ${port}\n  todo-app:publicUrl: http://127.0.0.1:${port}\n`,
    );
    project.tool("kubectl", [
      { to: "--context todo-app *get namespaces,nodes*", stdout: clusterList("uid-of-minikube") },
      { to: "--context staging *get namespaces,nodes*", stdout: clusterList("uid-of-staging") },
    ]);
  });

  afterEach(() => {
    project.remove();
  });

  it("stay apart: a start of staging changes nothing about local", async () => {
    project.write(".stack/stacks/local.json", record("local"));
    const before = [".stack/stacks/local.json", "Pulumi.local.yaml"].map((file) =>
      project.read(file),
    );

    const { stdout } = succeeded(await project.run(["start", "--stack", "staging"]));
    assert.doesNotMatch(stdout, /another cluster/);
    const ups = changing(project.calls("pulumi"));
    assert.equal(ups.length, 1);
    assert.match(ups[0]?.args ?? "", /^up .*--stack staging/);
    assert.doesNotMatch(ups[0]?.args ?? "", /--refresh/);
    assert.equal(ups[0]?.env["PULUMI_BACKEND_URL"], "");
    const after = [".stack/stacks/local.json", "Pulumi.local.yaml"].map((file) =>
      project.read(file),
    );
    assert.deepEqual(after, before);

    project.forgetCalls();
    succeeded(await project.run(["start"]));
    assert.match(project.read("Pulumi.local.yaml"), /kubernetes:context: todo-app/);
    const calls = project.calls();
    assert.deepEqual(
      calls.filter(({ args }) => args.includes("staging")),
      [],
    );
    const [up] = changing(project.calls("pulumi"));
    assert.match(up?.args ?? "", /^up .*--stack local/);
    assert.doesNotMatch(up?.args ?? "", /--refresh/);
    assert.match(up?.env["PULUMI_BACKEND_URL"] ?? "", /\.stack\/backend$/);
  });

  it("keep their engines: what local was deployed with says nothing about staging", async () => {
    project.write(".stack/stacks/local.json", record("local", { engine: "kubectl" }));
    succeeded(await project.run(["start", "--stack", "staging"]));
    assert.match(project.read(".stack/stacks/staging.json"), /"engine": "pulumi"/);
    const applied = project.calls("kubectl").filter(({ args }) => / apply /.test(args));
    assert.deepEqual(applied, []);
  });

  it("are removed one at a time, each from its own backend and cluster", async () => {
    const staging = {
      cluster: { kind: "context", context: "staging" },
      clusterUid: "uid-of-staging",
      facts: {},
    };
    project.write(".stack/stacks/local.json", record("local"));
    project.write(".stack/stacks/staging.json", record("staging", staging));

    succeeded(await project.run(["down", "--yes"]));
    assert.deepEqual(
      project.calls().filter(({ args }) => args.includes("staging")),
      [],
    );
    assert.match(project.read(".stack/stacks/staging.json"), /"deployed":true/);

    project.forgetCalls();
    succeeded(await project.run(["down", "--stack", "staging", "--yes"]));
    const [destroy] = changing(project.calls("pulumi"));
    assert.match(destroy?.args ?? "", /^destroy .*--stack staging/);
    assert.equal(destroy?.env["PULUMI_BACKEND_URL"], "");
    assert.deepEqual(
      project.calls("kubectl").filter(({ args }) => args.startsWith("--context todo-app")),
      [],
    );
  });

  it("are not removed where the context has come to mean another cluster, or the file another context", async () => {
    const cluster = { kind: "context", context: "staging" };
    project.write(
      ".stack/stacks/staging.json",
      record("staging", { cluster, clusterUid: "the-one-before" }),
    );
    const other = await project.run(["down", "--stack", "staging", "--yes"]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /leads to another cluster/);
    project.write(
      ".stack/stacks/staging.json",
      record("staging", { cluster: { kind: "context", context: "elsewhere" } }),
    );
    const moved = await project.run(["down", "--stack", "staging", "--yes"]);
    assert.equal(moved.code, 1);
    assert.match(moved.stderr, /names the cluster of context staging.*deployed to elsewhere/);
    assert.deepEqual(changing(project.calls()), []);
  });

  it("ask before a team's stack is made again in another cluster of the same context", async () => {
    const cluster = { kind: "context", context: "staging" };
    project.write(
      ".stack/stacks/staging.json",
      record("staging", { cluster, clusterUid: "the-one-before", facts: {} }),
    );
    const { code, stderr } = await project.run(["start", "--stack", "staging"]);
    assert.equal(code, 1);
    assert.match(stderr, /leads to another cluster.*\n.*no terminal/);
    assert.deepEqual(changing(project.calls()), []);
  });

  it("are not sent elsewhere by a flag that is for local alone", async () => {
    const { code, stderr } = await project.run([
      ...["start", "--stack", "staging", "--context", "todo-app"],
    ]);
    assert.equal(code, 2);
    assert.match(stderr, /--context is for the stack local/);
  });

  it("are not deployed without Pulumi unless that was said, where a team has them", async () => {
    project.tool("pulumi", [{ to: "version", stdout: "v3.1.0" }]);
    const { code, stderr } = await project.run(["start", "--stack", "staging"], {
      HTTPS_PROXY: "http://127.0.0.1:9",
      NODE_USE_ENV_PROXY: "1",
    });
    assert.equal(code, 1);
    assert.match(stderr, /Pulumi cannot be had/);
    assert.deepEqual(changing(project.calls()), []);
  });
});

describe("the record of a stack", function () {
  this.timeout(60_000);
  let project: FakeProject;

  beforeEach(() => {
    project = new FakeProject();
    project.allTools();
  });

  afterEach(() => {
    project.remove();
  });

  it("is taken over from the single one of earlier versions, by the stack that it names", async () => {
    const cluster = { kind: "context", context: "staging", kubeconfig: "/of/staging" };
    project.write(".stack/machine.json", record("staging", { cluster, facts: {} }));
    const { stdout } = succeeded(await project.run(["env", "--stack", "staging"]));
    assert.match(stdout, /^export KUBECONFIG=\/of\/staging$/m);
    assert.deepEqual(project.files(".stack/stacks"), ["staging.json"]);
    assert.deepEqual(project.files(".stack"), ["stacks", "stacks/staging.json"]);
    const { code, stderr } = await project.run(["status"]);
    assert.equal(code, 1);
    assert.match(stderr, /There is no stack in this folder yet/);
    assert.match(stderr, /npm run status -- --stack staging/);
  });

  it("that is not whole is said, not passed over", async () => {
    project.write(".stack/stacks/local.json", '{"stack": "lo');
    const { code, stderr } = await project.run(["down", "--yes"]);
    assert.equal(code, 1);
    assert.match(stderr, /\.stack\/stacks\/local\.json.*is not whole/);
    assert.doesNotMatch(stderr, /defect of the project/);
  });

  it("cannot lead out of its folder", async () => {
    const { code, stderr } = await project.run(["status", "--stack", "../../etc/passwd"]);
    assert.equal(code, 2);
    assert.match(stderr, /cannot be the name of a stack/);
  });
});

describe("what cannot be taken back", function () {
  this.timeout(60_000);
  let project: FakeProject;

  beforeEach(() => {
    project = new FakeProject();
    project.allTools();
    project.write(".stack/stacks/local.json", record("local"));
    project.write("Pulumi.local.yaml", project.read("Pulumi.dev.yaml"));
    project.write("some.dump", "PGDMP…");
  });

  afterEach(() => {
    project.remove();
  });

  for (const args of [["down"], ["down", "--cluster"], ["restore", "--file", "some.dump"]]) {
    it(`needs --yes where nobody can be asked: ${args.join(" ")}`, async () => {
      const { code, stderr } = await project.run(args);
      assert.equal(code, 1);
      assert.match(stderr, /no terminal to ask on, so nothing was changed/);
      assert.match(stderr, /--yes/);
      assert.deepEqual(changing(project.calls()), []);
    });
  }
});

describe("Pulumi through npm run pulumi", function () {
  this.timeout(60_000);

  it("finds the stack among its arguments", () => {
    assert.equal(stackInArguments(["up", "--stack", "prod"]), "prod");
    assert.equal(stackInArguments(["config", "set", "-s=acme/todo-app/prod", "a", "b"]), "prod");
    assert.equal(stackInArguments(["stack", "select", "prod"]), "prod");
    assert.equal(stackInArguments(["stack", "ls"]), undefined);
    assert.equal(stackInArguments(["config", "set", "--", "key", "--stack", "x"]), undefined);
    assert.equal(stackInArguments(["up"]), undefined);
  });

  it("leaves a hint that names its stack as it is", () => {
    const hint = "pulumi config set --stack qa --secret databaseUrl";
    assert.equal(inUsersForm(hint, false), hint);
    assert.equal(inUsersForm(`${hint}\npulumi up`, false), `${hint}\nnpm run pulumi -- up`);
  });

  it("uses the backend of the stack that is named, and the clone's own for local", async () => {
    const project = new FakeProject();
    try {
      project.allTools();
      project.write(".stack/stacks/local.json", record("local"));
      project.write("Pulumi.local.yaml", project.read("Pulumi.dev.yaml"));
      project.write(".stack/backend/.pulumi/stacks/todo-app/local.json", "{}");
      succeeded(await project.run(["pulumi", "config", "--stack", "prod"]));
      const [prod] = project.calls("pulumi").filter(({ args }) => args.startsWith("config"));
      assert.equal(prod?.args, "config --stack prod");
      assert.equal(prod.env["PULUMI_BACKEND_URL"], "");
      assert.equal(prod.env["PULUMI_CONFIG_PASSPHRASE_FILE"], "");
      assert.equal(prod.env["PULUMI_STACK"], "");

      project.forgetCalls();
      succeeded(await project.run(["pulumi", "preview"]));
      const [local] = project.calls("pulumi").filter(({ args }) => args.startsWith("preview"));
      assert.match(local?.env["PULUMI_BACKEND_URL"] ?? "", /\.stack\/backend$/);
      assert.match(local?.env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "", /\.stack\/passphrase$/);
      assert.equal(local?.env["PULUMI_STACK"], "local");
    } finally {
      project.remove();
    }
  });

  it("does not look for a team's stack in the clone's backend, though this shell means local", async () => {
    const project = new FakeProject();
    try {
      project.allTools();
      const own = {
        PULUMI_BACKEND_URL: `file://${project.path(".stack", "backend")}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: project.path(".stack", "passphrase"),
      };
      const { stdout } = succeeded(await project.run(["env", "--stack", "staging"], own));
      assert.match(stdout, /^unset PULUMI_BACKEND_URL$/m);
      assert.match(stdout, /^unset PULUMI_CONFIG_PASSPHRASE_FILE$/m);
      const cluster = { kind: "context", context: "staging" };
      project.write(
        ".stack/stacks/staging.json",
        record("staging", { cluster, backend: "s3://team" }),
      );
      const again = succeeded(await project.run(["env", "--stack", "staging"], own));
      assert.match(again.stdout, /^export PULUMI_BACKEND_URL=s3:\/\/team$/m);
    } finally {
      project.remove();
    }
  });
});
