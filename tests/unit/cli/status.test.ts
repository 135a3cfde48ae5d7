import assert from "node:assert/strict";
import * as path from "node:path";

import { type Answer, clusterList, FakeProject } from "./support/project";

const readyDeployment = {
  kind: "Deployment",
  metadata: { name: "frontend", creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { replicas: 1, template: { spec: { containers: [{ name: "f", image: "todo:1" }] } } },
  status: { replicas: 1, readyReplicas: 1, updatedReplicas: 1 },
};

const deployed: Answer = {
  to: "*get deployments,statefulsets*",
  stdout: JSON.stringify({ items: [readyDeployment] }),
};

/** kubectl for somebody who has rights in one namespace alone. */
const restricted: Answer[] = [
  {
    to: "*get namespaces,nodes*",
    stderr:
      'Error from server (Forbidden): nodes is forbidden: User "ann" cannot list resource "nodes" in API group "" at the cluster scope',
    code: 1,
  },
  { to: "*get namespace kube-system*", stderr: "Error from server (Forbidden): x", code: 1 },
  { to: "*version -o json*", stdout: '{"serverVersion":{"gitVersion":"v1.34.1"}}' },
];

describe("where a stack is reached", function () {
  this.timeout(60_000);
  let project: FakeProject;

  beforeEach(() => {
    project = new FakeProject();
    project.allTools();
  });

  afterEach(() => {
    project.remove();
  });

  function staging(...lines: string[]): void {
    const text = project.read("Pulumi.staging.yaml").replace(/^ {2}todo-app:ingress.*$/gm, "");
    const kept = text.replace(/^ {4}.*(\n|$)/gm, "").replace(/^ +pulumi:disable.*\n/m, "");
    const without = kept.replace(/^ {2}todo-app:frontendServiceType.*$/m, "");
    project.write(
      "Pulumi.staging.yaml",
      `${without.trimEnd()}\n${lines.map((line) => `  todo-app:${line}\n`).join("")}`,
    );
  }

  it("is its published address, in start and in status, not a node port", async () => {
    const port = await project.site();
    staging("frontendServiceType: ClusterIP", `publicUrl: http://127.0.0.1:${port}/tasks`);
    project.tool("kubectl", [deployed]);
    const start = await project.run(["start", "--stack", "staging"]);
    assert.equal(start.code, 0, start.stderr);
    assert.match(start.stdout, new RegExp(`Open +http://127.0.0.1:${port}/tasks`));
    const status = await project.run(["status", "--stack", "staging"]);
    assert.equal(status.code, 0, status.stdout + status.stderr);
    assert.match(status.stdout, new RegExp(`URL +http://127.0.0.1:${port}/tasks`));
  });

  it("is what its LoadBalancer has got, which may take a while", async () => {
    const port = await project.site(8600);
    staging("frontendServiceType: LoadBalancer", `frontendPort: ${port}`);
    const flag = path.join(project.folder, "asked-before");
    const ingress = JSON.stringify({
      status: { loadBalancer: { ingress: [{ ip: "127.0.0.1" }] } },
    });
    project.tool("kubectl", [
      deployed,
      {
        to: "*get service frontend*",
        run: `if [ -e ${flag} ]; then printf %s '${ingress}'; else printf '{"status":{"loadBalancer":{}}}'; touch ${flag}; fi`,
      },
    ]);
    const { code, stdout, stderr } = await project.run(["start", "--stack", "staging"]);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`Open +http://127.0.0.1:${port}`));
  });

  it("is a forwarded port where it is inside the cluster, with the port of the configuration", async () => {
    staging("frontendServiceType: ClusterIP", "frontendPort: 8081");
    project.tool("kubectl", [deployed]);
    const kubeconfig = project.path("my configs", "kube config");
    const env = { KUBECONFIG: kubeconfig };
    const { code, stdout, stderr } = await project.run(["start", "--stack", "staging"], env);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /within the cluster only/);
    assert.ok(
      stdout.includes(
        `KUBECONFIG='${kubeconfig}' kubectl --context staging --namespace todo-app port-forward service/frontend 3000:8081`,
      ),
      stdout,
    );
    const status = await project.run(["status", "--stack", "staging"], env);
    assert.equal(status.code, 0, status.stdout);
  });

  it("is said to be away when it is, and status says so with its exit code", async () => {
    staging("frontendServiceType: ClusterIP", "publicUrl: http://127.0.0.1:9");
    project.tool("kubectl", [deployed]);
    const { code, stdout } = await project.run(["status", "--stack", "staging"]);
    assert.equal(code, 1);
    assert.match(stdout, /http:\/\/127\.0\.0\.1:9 does not answer/);
  });

  it("is found with rights in one namespace alone, where images come from a registry", async () => {
    const port = await project.site();
    staging("frontendServiceType: ClusterIP", `publicUrl: http://127.0.0.1:${port}`);
    project.tool("kubectl", [deployed, ...restricted]);
    const start = await project.run(["start", "--stack", "staging"]);
    assert.equal(start.code, 0, start.stderr);
    assert.match(start.stdout, /Kubernetes v1\.34\.1/);
    const status = await project.run(["status", "--stack", "staging"]);
    assert.equal(status.code, 0, status.stdout + status.stderr);
  });

  it("is refused on a cluster that is too old for the pods, whatever the stack", async () => {
    const old = clusterList("uid").replace("v1.35.2", "v1.29.4");
    project.tool("kubectl", [{ to: "*get namespaces,nodes*", stdout: old }]);
    const { code, stderr } = await project.run(["start", "--stack", "staging"]);
    assert.equal(code, 1);
    assert.match(stderr, /Kubernetes v1\.29\.4; 1\.30 or newer is needed/);
    assert.deepEqual(
      project.calls("pulumi").filter(({ args }) => args.startsWith("up")),
      [],
    );
  });
});

describe("programs that npm start fetched", function () {
  this.timeout(60_000);
  let project: FakeProject;

  beforeEach(() => {
    project = new FakeProject();
    project.allTools();
    const cluster = { kind: "context", context: "here" };
    const record = { stack: "local", engine: "pulumi", deployed: true, facts: {}, cluster };
    project.write(".stack/stacks/local.json", JSON.stringify(record));
    const dev = project.read("Pulumi.dev.yaml").replace("context: todo-app", "context: here");
    project.write("Pulumi.local.yaml", dev);
    project.write(".stack/backend/.pulumi/stacks/todo-app/local.json", "{}");
  });

  afterEach(() => {
    project.remove();
  });

  it("are found by everything that runs here, and behind the user's own in the shell", async () => {
    project.tool("minikube", "absent");
    project.tool("minikube", [], project.path("cache", "todo-app", "bin"));
    const doctor = await project.run(["doctor"]);
    assert.match(doctor.stdout, /ok +Minikube +\S+\/cache\/todo-app\/bin\/minikube/);
    const { stdout } = await project.run(["env"]);
    assert.match(stdout, /^export PATH=.*"\$PATH":\S+\/cache\/todo-app\/bin$/m);
  });

  it("are preferred to a Pulumi that is too old, by every command alike", async () => {
    project.tool("pulumi", [{ to: "version", stdout: "v3.100.0" }]);
    const fetched = project.path("cache", "todo-app", "pulumi", "bin");
    project.tool("pulumi", [{ to: "preview*", stdout: "by the fetched one" }], fetched);
    const preview = await project.run(["pulumi", "preview"]);
    assert.match(preview.stdout, /by the fetched one/);
    const { stdout } = await project.run(["env"]);
    assert.match(stdout, new RegExp(`^export PATH=${fetched}:`, "m"));
    const doctor = await project.run(["doctor"]);
    assert.match(doctor.stdout, new RegExp(`ok +Pulumi +${fetched}/pulumi +3\\.259\\.0`));
  });

  it("are asked for where the only Pulumi is too old, and why", async () => {
    project.tool("pulumi", [{ to: "version", stdout: "v3.100.0" }]);
    const { code, stderr } = await project.run(["pulumi", "preview"]);
    assert.equal(code, 1);
    assert.match(stderr, /pulumi is 3\.100\.0; this project needs 3\.259\.0 or newer/);
  });
});
