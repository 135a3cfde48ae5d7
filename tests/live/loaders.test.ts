import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildImage } from "../../images/build";
import type { ImageSource } from "../../images/source";
import { findImage, loadImage, type LoadRequest, type LoadResult } from "../../images/load";
import { plainLayer } from "../../images/load/layout";
import { NodeLoader } from "../../images/load/node";
import { removeImages } from "../../images/load/remove";
import type { NodeRuntime } from "../../images/load/node-runtime";
import { loadProvider } from "../../images/load/provider";
import { runtimeNamed } from "../../images/load/runtimes";
import { startSandbox, type Sandbox } from "../../dev/sandbox";
import { which } from "../../tools/process";
import { Registry } from "./support/registry";

/** Not what anybody's stack uses. */
const repository = "todo-loader-test";
const minutes = 60_000;
/** Of a layer that nothing else has: what a full load must send, and a small one must not. */
const LARGE = 64 * 1024 * 1024;
const MIB = 1024 * 1024;

describe("getting images into a cluster", function () {
  this.timeout(5 * minutes);
  let sandbox: Sandbox;
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "todo-loader-test-"));
  const images: string[] = [];

  before(async function () {
    this.timeout(30 * minutes);
    sandbox = await startSandbox({ report: console.log });
    process.env.KUBECONFIG = sandbox.kubeconfig;
    fs.writeFileSync(path.join(root, "line.txt"), "first\n");
    fs.writeFileSync(
      path.join(root, "Dockerfile"),
      [
        "ARG NODE_IMAGE",
        "FROM ${NODE_IMAGE}",
        "ARG RUN_OF_TEST", // no earlier run's layer is in the build cache or on the node
        `RUN head -c ${LARGE} /dev/urandom > /large`,
        "COPY line.txt /line.txt",
        "",
      ].join("\n"),
    );
  });

  after(() => {
    fs.rmSync(root, { recursive: true, force: true });
    const local = images.filter((image) => !image.includes("/"));
    for (const image of images) tolerant(() => docker("image", "rm", "--force", image));
    for (const node of sandbox.nodes) {
      const names = local.map((image) => `docker.io/library/${image}`);
      tolerant(() => docker("exec", node, "ctr", "-n", "k8s.io", "images", "rm", ...names));
    }
  });

  function docker(...args: string[]): string {
    return execFileSync("docker", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  }

  function tolerant(action: () => unknown): void {
    try {
      action();
    } catch {
      // removed by a test already
    }
  }

  function source(): ImageSource {
    return {
      repository,
      context: ".",
      dockerfile: "Dockerfile",
      buildArgs: { NODE_IMAGE: sandbox.images.nodeImage, RUN_OF_TEST: root },
      platform: `linux/${process.arch === "arm64" ? "arm64" : "amd64"}`,
    };
  }

  async function build(line: string): Promise<string> {
    fs.writeFileSync(path.join(root, "line.txt"), `${line}\n`);
    const { reference } = await buildImage(source(), { root, log: () => undefined });
    if (!images.includes(reference)) images.push(reference);
    return reference;
  }

  function request(image: string, more: Partial<LoadRequest> = {}): LoadRequest {
    const { platform } = source();
    const { context: kubeContext } = sandbox;
    const loader = { kind: "auto" } as const;
    return { image, platform, kubeContext, loader, log: () => undefined, ...more };
  }

  /** Runs something with another program in the place of `docker`. */
  async function withDocker<Result>(script: string, run: () => Promise<Result>): Promise<Result> {
    const folder = fs.mkdtempSync(path.join(root, "bin-"));
    fs.writeFileSync(path.join(folder, "docker"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const before = process.env.PATH;
    process.env.PATH = `${folder}:${before}`;
    try {
      return await run();
    } finally {
      process.env.PATH = before;
      fs.rmSync(folder, { recursive: true });
    }
  }

  async function isMissing(image: string): Promise<boolean> {
    const { missing } = await findImage(request(image));
    return (missing?.length ?? 0) > 0;
  }

  function nodes(runtime: Partial<NodeRuntime> = {}): { name: string; runtime: NodeRuntime }[] {
    const real = runtimeNamed("containerd");
    assert.ok(real);
    return sandbox.nodes.map((name) => ({ name, runtime: { ...real, ...runtime } }));
  }

  describe("that are built without Pulumi", () => {
    it("gives the step and its last lines when one fails", async () => {
      const failing = path.join(root, "Failing.Dockerfile");
      fs.writeFileSync(
        failing,
        `ARG NODE_IMAGE\nFROM \${NODE_IMAGE}\nRUN { seq 100; echo 'this is why'; } >&2; exit 3\n`,
      );
      const lines: string[] = [];
      const options = { root, log: (line: string) => lines.push(line) };
      await assert.rejects(
        buildImage({ ...source(), dockerfile: "Failing.Dockerfile" }, options),
        (error: Error) => {
          assert.match(error.message, /step ".*RUN \{ seq 100.*" failed: .*exit code: 3/);
          assert.match(error.message, /\n {2}this is why$/);
          assert.equal(error.message.split("\n").length, 41); // the first line and the last 40
          return true;
        },
      );
      assert.ok(lines.some((line) => /^#\d+ 1$/.test(line)));
      fs.rmSync(failing);
    });

    it("names a base image that cannot be had, and the remedy", async () => {
      const buildArgs = { NODE_IMAGE: "127.0.0.1:9/no-such-image:1" };
      await assert.rejects(
        buildImage({ ...source(), buildArgs }, { root, log: () => undefined }),
        /no-such-image:1[\s\S]*The base image .* cannot be had[\s\S]*config set nodeImage/,
      );
    });

    it("says that there is no daemon", async () => {
      const before = process.env.DOCKER_HOST;
      process.env.DOCKER_HOST = "unix:///nonexistent/docker.sock";
      try {
        await assert.rejects(build("never"), /Start Docker/);
      } finally {
        if (before === undefined) delete process.env.DOCKER_HOST;
        else process.env.DOCKER_HOST = before;
      }
    });

    it("stops when cancelled, and builds afterwards", async () => {
      const slow = `ARG NODE_IMAGE\nFROM \${NODE_IMAGE}\nRUN sleep 30\n`;
      fs.writeFileSync(path.join(root, "Slow.Dockerfile"), slow);
      const signal = AbortSignal.timeout(3000);
      const options = { root, log: () => undefined, signal };
      await assert.rejects(
        buildImage({ ...source(), dockerfile: "Slow.Dockerfile" }, options),
        /cancelled/,
      );
      fs.rmSync(path.join(root, "Slow.Dockerfile"));
      await build("first");
    });
  });

  describe("through the nodes' containers", () => {
    it("sends the whole of what is new, and then finds it on every node", async () => {
      const image = await build("first");
      assert.equal(await isMissing(image), true);
      const result = await loadImage(request(image));
      assert.equal(result.loader, "node");
      assert.ok(result.bytesSent > LARGE);
      assert.equal(await isMissing(image), false);
    });

    it("sends less than 1 MB after a change of one line", async () => {
      const image = await build("second");
      const result = await loadImage(request(image));
      assert.deepEqual([result.path, result.export], ["missing-layers", "docker push"]);
      assert.ok(result.bytesSent < MIB, `${result.bytesSent} bytes`);
      assert.equal(await isMissing(image), false);
      const names = docker("image", "inspect", "--format", "{{json .RepoTags}}", image);
      assert.deepEqual(JSON.parse(names), [image]);
    });

    it("says why it exports the image where Docker cannot push to it", async () => {
      const image = await build("before the daemon had another loopback");
      const lines: string[] = [];
      // A daemon that has its own loopback answers so, whatever listens here.
      const result = await withDocker(
        `case "$*" in "system dial-stdio") exit 1 ;; *) exec ${which("docker")} "$@" ;; esac`,
        () => loadImage(request(image, { log: (line) => lines.push(line) })),
      );
      assert.deepEqual([result.path, result.export], ["missing-layers", "docker save"]);
      assert.match(lines.join("\n"), /docker save is used instead of docker push: Docker's daemon/);
      assert.equal(await isMissing(image), false);
    });

    it("brings back what one node alone has lost, layers included", async () => {
      const image = await build("on every node but one");
      await loadImage(request(image));
      const [lost = ""] = sandbox.nodes;
      const name = `docker.io/library/${image}`;
      docker("exec", lost, "ctr", "-n", "k8s.io", "images", "rm", "--sync", name);
      const { missing } = await findImage(request(image));
      assert.deepEqual(missing, [lost]);
      const result = await loadImage(request(image));
      assert.deepEqual([result.path, result.export], ["missing-layers", "docker push"]);
      assert.equal(await isMissing(image), false);
    });

    it("sends all nodes the layers that one of them lacks", async () => {
      const image = await build("after a node was made anew");
      const [anew = ""] = sandbox.nodes.slice(-1);
      const list = docker("exec", anew, "ctr", "-n", "k8s.io", "images", "ls");
      const rows = list.split("\n").map((line) => line.split(/\s+/));
      const ours = rows.filter(([name = ""]) => name.includes(`/${repository}:`));
      const digests = new Set(ours.map(([, , digest]) => digest));
      // The kubelet's own names of the same images hold their content too.
      const names = rows.flatMap(([name = "", , digest]) => (digests.has(digest) ? [name] : []));
      docker("exec", anew, "ctr", "-n", "k8s.io", "images", "rm", "--sync", ...names);
      const result = await loadImage(request(image));
      assert.ok(result.bytesSent > LARGE * sandbox.nodes.length);
      assert.equal(await isMissing(image), false);
    });

    it("brings back content that a node has lost under an image that it still names", async () => {
      const image = await build("before its content was lost");
      await loadImage(request(image));
      const [node = ""] = sandbox.nodes;
      const layers = docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image);
      const content = await runtimeNamed("containerd")?.content(node);
      const [top] = [...(content?.held(JSON.parse(layers) as string[]) ?? [])].slice(-1);
      docker("exec", node, "ctr", "-n", "k8s.io", "content", "rm", top?.[1].digest ?? "");
      assert.equal(await isMissing(image), true);
      await loadImage(request(image));
      assert.equal(await isMissing(image), false);
    });

    it("is built again by the same update when it is gone from host and nodes", async () => {
      const image = await build("gone");
      const before = process.cwd();
      process.chdir(root); // where the stack's provider runs
      try {
        const inputs = {
          image,
          platform: source().platform,
          kubeContext: sandbox.context,
          settings: { kind: "auto" } as const,
          source: source(),
        };
        docker("image", "rm", image);
        const { outs } = await loadProvider().create(inputs);
        assert.equal(outs?.loader, "node");
        assert.equal(await isMissing(image), false);
        assert.notEqual(docker("image", "ls", "--quiet", image), "");

        const another = { ...inputs, image: `${repository}:0123456789ab` };
        await assert.rejects(
          loadProvider().create(another),
          /files of todo-loader-test have changed while .*:0123456789ab was being deployed/,
        );
      } finally {
        process.chdir(before);
      }
    });

    it("sends nothing when the image is there", async () => {
      const image = await build("second");
      await loadImage(request(image));
      const result = await loadImage(request(image));
      assert.deepEqual([result.path, result.bytesSent], ["present", 0]);
    });

    it("runs what was sent", async () => {
      const image = await build("second");
      const pod = JSON.stringify({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: repository, namespace: "default" },
        spec: {
          restartPolicy: "Never",
          containers: [
            {
              name: "shown",
              image,
              imagePullPolicy: "Never",
              command: ["sh", "-c", `cat /line.txt; stat -c %s /large`],
            },
          ],
        },
      });
      const kubectl = (...args: string[]): string =>
        execFileSync("kubectl", ["--context", sandbox.context, "-n", "default", ...args], {
          encoding: "utf8",
          input: pod,
        });
      kubectl("apply", "-f", "-");
      try {
        const phase = "jsonpath={.status.phase}";
        for (let tries = 0; tries < 240; tries++) {
          if (kubectl("get", "pod", repository, "-o", phase) === "Succeeded") break;
          await pause(250);
        }
        assert.equal(kubectl("logs", repository), `second\n${LARGE}\n`);
      } finally {
        kubectl("delete", "pod", repository, "--wait=false");
      }
    });

    it("sends everything when a node refuses the missing layers alone, and says so", async () => {
      const image = await build("third");
      // What a node answers that has let go of the blobs of layers which it unpacked.
      const claims = nodes({
        content: () =>
          Promise.resolve({
            held: (layers) => new Map(layers.map((digest) => [digest, { digest, size: 1e9 }])),
            describe: (layers) =>
              Promise.resolve(new Map(layers.map((layer) => [layer, plainLayer(layer, 1024)]))),
          }),
      });
      // The layers are really on the node, so it would accept: forget them first.
      await removeImages(
        request(image),
        images.filter((other) => other !== image),
      );
      await pause(1000);
      await build("second"); // off the host too
      const lines: string[] = [];
      const loader = new NodeLoader(image, claims);
      const result = await loader.load(request(image, { log: (line) => lines.push(line) }));
      assert.equal(result.path, "full");
      assert.ok(result.bytesSent > LARGE);
      assert.match(lines.join("\n"), /the missing layers alone were refused, sending all of it/);
      assert.deepEqual(await loader.missing(), []);
    });

    it("is found where a node unpacks its images by another snapshotter", async () => {
      fs.writeFileSync(path.join(root, "Small.Dockerfile"), "FROM scratch\nCOPY line.txt /\n");
      fs.writeFileSync(path.join(root, "line.txt"), `${root}\n`); // no earlier run has unpacked it
      const small = { ...source(), dockerfile: "Small.Dockerfile", buildArgs: {} };
      const { reference: image } = await buildImage(small, { root, log: () => undefined });
      images.push(image);
      const real = runtimeNamed("containerd");
      const [node = ""] = sandbox.nodes;
      assert.ok(real);
      // The one that every machine has; it copies, so the image is small.
      const content = await real.content(node);
      const command = real.load({ ...content, snapshotter: "native" }, image);
      const importer = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
      const load = `docker save ${image} | docker exec -i ${node} ${importer}`;
      const printed = execFileSync("sh", ["-c", load], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      });
      assert.match(real.found(printed) ?? "", /^sha256:/);
      // This node's pods have no use for it: most of its images are unpacked by overlayfs.
      assert.equal(await isMissing(image), true);
      await loadImage(request(image));
      assert.equal(await isMissing(image), false);
    });

    it("does not try again on a full disk, and leaves nothing behind", async () => {
      const image = await build("fourth");
      const full = nodes({ load: () => ["sh", "-c", "cat > /dev/full"] });
      await assert.rejects(
        new NodeLoader(image, full).load(request(image)),
        /No space left on device[\s\S]*A disk is full/,
      );
      assert.equal(await isMissing(image), true);
    });

    it("stops when cancelled, leaves nothing behind, and loads afterwards", async () => {
      const image = await build("fifth");
      const slow = nodes({ load: () => ["sleep", "60"] });
      const signal = AbortSignal.timeout(2000);
      await assert.rejects(
        new NodeLoader(image, slow).load(request(image, { signal })),
        /Loading .* was cancelled/,
      );
      assert.equal(await isMissing(image), true);
      assert.doesNotMatch(
        execFileSync("ps", ["-ef"], { encoding: "utf8" }),
        /docker save todo-load/,
      );
      const result = await loadImage(request(image));
      assert.equal(result.path, "missing-layers");
    });

    it("says that the host no longer has the image", async () => {
      await assert.rejects(
        loadImage(request(`${repository}:none`)),
        /todo-loader-test:none is not in this machine's Docker/,
      );
    });

    it("removes old images that no pod uses from host and nodes", async () => {
      const [old, current] = [await build("sixth"), await build("seventh")];
      await loadImage(request(old));
      await loadImage(request(current));
      await removeImages(request(current), [old]);
      assert.equal(await isMissing(old), true);
      assert.equal(docker("image", "ls", "--quiet", old), "");
      assert.equal(await isMissing(current), false);
    });
  });

  describe("by a command of the user's", () => {
    it("is verified on the nodes", async () => {
      const image = await build("eighth");
      const command = (inner: string): LoadResult | Promise<LoadResult> =>
        loadImage(request(image, { loader: { kind: "command", command: `sh -c '${inner}'` } }));
      await assert.rejects(Promise.resolve(command("true {image}")), /was loaded .* but is not in/);
      const pipes = sandbox.nodes.map(
        (node) => `docker save {image} | docker exec -i ${node} ctr -n k8s.io images import -`,
      );
      assert.equal((await command(pipes.join(" && "))).path, "command");
      assert.equal(await isMissing(image), false);
    });
  });

  describe("through a registry", () => {
    let registry: Registry | undefined;
    before(async function () {
      registry = await Registry.start();
      if (!registry) this.skip();
    });
    after(() => registry?.stop());

    it("pushes a content tag once, and gives its digest", async () => {
      assert.ok(registry);
      fs.writeFileSync(path.join(root, "Small.Dockerfile"), "FROM scratch\nCOPY line.txt /\n");
      const { reference } = await buildImage(
        {
          ...source(),
          repository: `${registry.host}/${repository}`,
          dockerfile: "Small.Dockerfile",
          buildArgs: {},
        },
        { root, log: () => undefined },
      );
      images.push(reference);
      const tag = reference.slice(reference.lastIndexOf(":") + 1);
      const target = request(reference, { loader: { kind: "registry", registry: registry.host } });
      const pushed = await loadImage({ ...target, kubeContext: "no such cluster" });
      assert.deepEqual([pushed.loader, pushed.path], ["registry", "pushed"]);
      const answer = await fetch(`http://${registry.host}/v2/${repository}/manifests/${tag}`, {
        headers: { Accept: "application/vnd.docker.distribution.manifest.v2+json" },
      });
      assert.equal(pushed.digest, answer.headers.get("docker-content-digest"));

      const written = registry.written(repository, tag);
      const again = await loadImage(target);
      assert.deepEqual([again.path, again.digest], ["present", pushed.digest]);
      assert.equal(registry.written(repository, tag), written);
    });

    it("gives the digest of the index where a tag stands for one, as a push from containerd's store does", async () => {
      assert.ok(registry);
      const type = "application/vnd.docker.distribution.manifest.list.v2+json";
      const manifestType = "application/vnd.docker.distribution.manifest.v2+json";
      const [pushed = ""] = images.filter((image) => image.includes("/"));
      const tag = pushed.slice(pushed.lastIndexOf(":") + 1);
      const url = `http://${registry.host}/v2/${repository}/manifests`;
      const single = await fetch(`${url}/${tag}`, { headers: { Accept: manifestType } });
      const manifest = {
        mediaType: manifestType,
        digest: single.headers.get("docker-content-digest"),
        size: (await single.text()).length,
        platform: { os: "linux", architecture: "amd64" },
      };
      const index = { schemaVersion: 2, mediaType: type, manifests: [manifest] };
      const put = await fetch(`${url}/indexed`, {
        method: "PUT",
        headers: { "Content-Type": type },
        body: JSON.stringify(index),
      });
      const loader = { kind: "registry", registry: registry.host } as const;
      const image = `${registry.host}/${repository}:indexed`;
      const found = await loadImage({ ...request(image, { loader }), kubeContext: "none such" });
      assert.deepEqual(
        [found.path, found.digest],
        ["present", put.headers.get("docker-content-digest")],
      );
    });

    it("says what the registry said when it cannot be reached", async () => {
      const image = `127.0.0.1:9/${repository}:1`;
      await assert.rejects(
        loadImage(request(image, { loader: { kind: "registry" } })),
        /docker manifest inspect.*connection refused/s,
      );
    });
  });
});
