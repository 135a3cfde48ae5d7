import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

import { installedPulumi } from "../../tools/pulumi";
import { type Sandbox, startSandbox } from "../../dev/sandbox";
import { Cluster } from "./support/cluster";
import { type Finished, Project } from "./support/project";
import { login, Registry } from "./support/registry";

const namespace = "todo-registry";
const minutes = 60_000;

function succeeded({ code, output }: Finished): string {
  assert.equal(code, 0, output);
  return output;
}

/** An application that answers everything with its line; small, so that the test is about the images' way. */
function writeApplication(folder: string, baseImage: string): void {
  fs.mkdirSync(folder);
  fs.writeFileSync(
    path.join(folder, "Dockerfile"),
    `FROM ${baseImage}\nCOPY server.js /\nCMD ["node", "/server.js"]\n`,
  );
  // No other run's content: the kubelet remembers which login content was pulled with.
  fs.writeFileSync(
    path.join(folder, "server.js"),
    `require("http").createServer((_, r) => r.end("${randomUUID()}")).listen(process.env.PORT || 3000);\n` +
      'process.on("SIGTERM", () => process.exit());\n',
  );
}

/** A stack that runs from the nodes' own images moves to a registry that wants a login, and is updated from there. */
describe("a stack whose images come from a registry with a login", function () {
  this.timeout(10 * minutes);
  this.bail(true);

  let sandbox: Sandbox;
  let registry: Registry;
  let started: Registry | undefined;
  let project: Project;
  let cluster: Cluster;
  let isDeployed = false;
  const dockerConfig = fs.mkdtempSync(path.join(os.tmpdir(), "todo-docker-config-"));
  const dockerConfigBefore = process.env.DOCKER_CONFIG;
  const pulumi = async (...args: string[]): Promise<string> =>
    succeeded(await project.run("pulumi", "--", ...args));

  before(async function () {
    this.timeout(30 * minutes);
    if ((await installedPulumi()) === undefined) this.skip();
    sandbox = await startSandbox({ report: console.log });
    started = await Registry.start("login");
    if (started === undefined) this.skip();
    registry = started;
    for (const node of sandbox.nodes) await registry.serveTo(node);
    // What `docker login` leaves.
    const auth = Buffer.from(`${login.username}:${login.password}`).toString("base64");
    const auths = { [registry.host]: { auth } };
    fs.writeFileSync(path.join(dockerConfig, "config.json"), JSON.stringify({ auths }));
    process.env.DOCKER_CONFIG = dockerConfig;

    cluster = new Cluster(sandbox.kubeconfig, sandbox.context, namespace);
    project = Project.clone();
    writeApplication(project.path("tiny-frontend"), sandbox.images.nodeImage);
    writeApplication(project.path("tiny-backend"), sandbox.images.nodeImage);
    project.configure({
      namespace,
      nodePort: 30301,
      backendPort: 3000,
      backendReplicas: 2,
      backendMigrateCommand: [],
      backendCpuRequest: "50m",
      frontendCpuRequest: "50m",
      frontendContext: "tiny-frontend",
      frontendDockerfile: "tiny-frontend/Dockerfile",
      backendContext: "tiny-backend",
      backendDockerfile: "tiny-backend/Dockerfile",
    });
    isDeployed = true;
    succeeded(await project.run("start"));
  });

  after(async () => {
    if (dockerConfigBefore === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = dockerConfigBefore;
    fs.rmSync(dockerConfig, { recursive: true, force: true });
    if (isDeployed) await project.run("down", "--", "--no-backup", "--yes");
    if (isDeployed) project.remove();
    if (started !== undefined) removeImages();
    started?.stop();
  });

  it("moves there by config alone: pods pull with the secret, the output names what was pushed", async () => {
    await pulumi("config", "set", "imageLoader", "registry");
    await pulumi("config", "set", "registry", `${registry.host}/team`);
    await pulumi("config", "set", "registryUsername", login.username);
    await pulumi("config", "set", "--secret", "registryPassword", login.password);
    await pulumi("up", "--yes", "--skip-preview", "--non-interactive");
    for (const app of ["backend", "frontend"] as const) await runsWhatWasPushed(app);
  });

  it("previews an edit as one image, one load and one Deployment, and rolls it out from there", async () => {
    const pushed = await output("frontend");
    fs.appendFileSync(project.path("tiny-backend", "server.js"), "// another line\n");
    const preview = await pulumi("preview", "--non-interactive");
    assert.match(preview, /~ 3 to update\n/);
    assert.doesNotMatch(preview, /to (create|delete|replace)/);
    await pulumi("up", "--yes", "--skip-preview", "--non-interactive");
    await runsWhatWasPushed("backend");
    assert.equal(await output("frontend"), pushed);
  });

  it("goes back to the nodes' own images: the same sources, pulled with no login", async () => {
    await pulumi("config", "set", "imageLoader", "auto");
    await pulumi("up", "--yes", "--skip-preview", "--non-interactive");
    for (const app of ["backend", "frontend"] as const) {
      assert.match(await output(app), new RegExp(`^todo-${app}:[0-9a-f]{12}$`));
      await runs(app, await output(app));
    }
    await pulumi("config", "set", "imageLoader", "registry");
    await pulumi("up", "--yes", "--skip-preview", "--non-interactive");
    for (const app of ["backend", "frontend"] as const) await runsWhatWasPushed(app);
  });

  it("has nothing to do when nothing has changed", async () => {
    const preview = await pulumi("preview", "--non-interactive");
    assert.doesNotMatch(preview, /to (update|create|delete|replace)/);
  });

  async function output(app: "backend" | "frontend"): Promise<string> {
    const image = JSON.parse(await pulumi("stack", "output", "image", "--json")) as object;
    return String((image as Record<string, unknown>)[app]);
  }

  async function runsWhatWasPushed(app: "backend" | "frontend"): Promise<void> {
    const [reference = "", digest] = (await output(app)).split("@");
    assert.ok(reference.startsWith(`${registry.host}/team/todo-${app}:`), reference);
    const tag = reference.slice(reference.lastIndexOf(":") + 1);
    assert.equal(digest, await registry.digest(`team/todo-${app}`, tag));
    assert.ok(digest);
    // Under this name it is on a node only if the kubelet has pulled it, with the secret.
    for (const node of sandbox.nodes) {
      const ls = [
        "exec",
        node,
        "ctr",
        "--namespace",
        "k8s.io",
        "images",
        "ls",
        `name==${reference}`,
      ];
      assert.ok(execFileSync("docker", ls, { encoding: "utf8" }).includes(digest));
    }
    await runs(app, reference);
  }

  async function runs(app: "backend" | "frontend", reference: string): Promise<void> {
    const pods = await cluster.servingPods(app);
    assert.ok(pods.length > 0);
    for (const { spec } of pods) assert.equal(spec.containers[0]?.image, reference);
  }

  /** What only this test's registry could bring back. */
  function removeImages(): void {
    const tolerant = (...args: string[]): string => {
      try {
        return execFileSync("docker", args, { encoding: "utf8", stdio: "pipe" });
      } catch {
        return ""; // gone already
      }
    };
    const local = tolerant("image", "ls", "--format", "{{.Repository}}:{{.Tag}}").split("\n");
    const ours = local.filter((name) => name.startsWith(registry.host));
    if (ours.length > 0) tolerant("image", "rm", ...ours);
    for (const node of sandbox.nodes) {
      const ctr = ["exec", node, "ctr", "--namespace", "k8s.io", "images"];
      const there = tolerant(...ctr, "ls", "--quiet").split("\n");
      const pulled = there.filter((name) => name.startsWith(registry.host));
      if (pulled.length > 0) tolerant(...ctr, "rm", ...pulled);
    }
  }
});
