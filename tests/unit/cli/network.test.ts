import assert from "node:assert/strict";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";

import { imageUnreachable } from "../../../tools/docker";
import { Tools } from "../fixtures/tools";
import { FakeProject, type Answer } from "./support/project";

describe("on a company's network", function () {
  this.timeout(60_000);
  let project: FakeProject;
  let proxy: http.Server;
  const asked: string[] = [];

  beforeEach(async () => {
    project = new FakeProject();
    project.allTools();
    asked.length = 0;
    proxy = http.createServer((_request, response) => response.writeHead(502).end());
    proxy.on("connect", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  });

  afterEach(() => {
    proxy.close();
    project.remove();
  });

  const url = (): string => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

  it("downloads and probes go through the proxy of the environment", async () => {
    project.tool("pulumi", "absent");
    const env = { https_proxy: url(), http_proxy: url() };
    const { stderr } = await project.run(["start", "--engine", "pulumi"], env);
    assert.match(stderr, /Pulumi cannot be had: get\.pulumi\.com cannot be reached/);
    assert.deepEqual(asked, ["get.pulumi.com:443"]);
  });

  it("the application's own address is looked at directly, though the proxy refuses", async () => {
    const port = await project.site();
    const dev = project.read("Pulumi.dev.yaml").trimEnd();
    project.write("Pulumi.local.yaml", `${dev}\n  todo-app:nodePort: ${port}\n`);
    const env = { HTTP_PROXY: url(), HTTPS_PROXY: url() };
    const { code, stdout, stderr } = await project.run(["start"], env);
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`Open +http://127.0.0.1:${port}`));
    const [up] = project.calls("pulumi").filter(({ args }) => args.startsWith("up"));
    assert.match(up?.env["NO_PROXY"] ?? "", /127\.0\.0\.1/);
  });
});

describe("whether images can be pulled", function () {
  this.timeout(60_000);
  let project: FakeProject;

  beforeEach(() => {
    project = new FakeProject();
    project.allTools();
    project.tool("minikube", [{ to: "status *", stdout: "" }]);
  });

  afterEach(() => {
    project.remove();
  });

  const daemonAnswers = (status: string, body = "{}"): Answer => ({
    to: "system dial-stdio",
    run: `head -n 1 >> "${project.path("asked.log")}"; printf 'HTTP/1.1 ${status}\\r\\nContent-Length: ${body.length}\\r\\nConnection: close\\r\\n\\r\\n%s' '${body}'`,
  });
  const hubIsAway: Answer = { to: "manifest inspect *", stderr: "no such host", code: 1 };
  const absent: Answer = { to: "image inspect *", stderr: "No such image", code: 1 };

  it("is asked of the daemon, which may have a mirror that alone reaches the outside", async () => {
    project.tool("docker", [absent, hubIsAway, daemonAnswers("200 OK")]);
    const { stdout } = await project.run(["start"]);
    assert.match(project.read("asked.log"), /^GET \/distribution\/node:20-alpine\/json HTTP/);
    assert.match(stdout, /Minikube: making the profile todo-app/);
    assert.doesNotMatch(stdout, /sandbox/);
  });

  it("is asked about the image that the stack builds on", async () => {
    const dev = project.read("Pulumi.dev.yaml").trimEnd();
    project.write("Pulumi.local.yaml", `${dev}\n  todo-app:nodeImage: mirror.test/node:20\n`);
    project.tool("docker", [absent, daemonAnswers("200 OK")]);
    await project.run(["start"]);
    assert.match(project.read("asked.log"), /^GET \/distribution\/mirror\.test\/node:20\/json /);
  });

  it("is no, in words, when the daemon cannot; a registry that wants a login is there", async () => {
    const say = (status: string, body: string): Record<string, string> => ({
      "image*": "exit 1",
      "system\\ dial-stdio": `head -n 1 > /dev/null; printf 'HTTP/1.1 ${status}\\r\\nContent-Length: ${body.length}\\r\\n\\r\\n%s' '${body}'`,
    });
    const limit = '{"message":"toomanyrequests: You have reached your pull rate limit"}';
    const tools = new Tools({ docker: say("500 Internal Server Error", "{}") });
    try {
      assert.match((await imageUnreachable("node:20")) ?? "", /daemon cannot pull images/);
      tools.add("docker", say("500 Internal Server Error", limit));
      assert.match((await imageUnreachable("node:20")) ?? "", /pull limit is reached/);
      tools.add("docker", say("403 Forbidden", "{}"));
      assert.equal(await imageUnreachable("registry.test/node:20"), undefined);
      tools.add("docker", { "image*": "exit 1", "*": "echo 'no daemon' >&2; exit 1" });
      assert.match((await imageUnreachable("node:20")) ?? "", /daemon cannot pull images/);
    } finally {
      tools.dispose();
    }
  });
});

describe("a machine that cannot run this", function () {
  this.timeout(60_000);

  it("with Windows is told about WSL 2 in the first line", async () => {
    const project = new FakeProject();
    try {
      const windows =
        "data:text/javascript,Object.defineProperty(process,'platform',{value:'win32'})";
      const bootstrap = path.join("cli", "bootstrap.mjs");
      const args = ["--import", windows, bootstrap, "start"];
      const { code, stderr } = await project.spawn(process.execPath, args);
      assert.equal(code, 1);
      assert.match(stderr, /^Use WSL 2/);
    } finally {
      project.remove();
    }
  });

  it("with podman under Docker's name is told so", async () => {
    const project = new FakeProject();
    try {
      project.allTools();
      const info = { host: { buildahVersion: "1.38.0" }, version: { Version: "5.3.1" } };
      project.tool("docker", [{ to: "info *", stdout: JSON.stringify(info) }]);
      const { code, stdout } = await project.run(["doctor"]);
      assert.equal(code, 1);
      assert.match(stdout, /!! +Docker +podman, under the name of docker +5\.3\.1/);
    } finally {
      project.remove();
    }
  });
});
