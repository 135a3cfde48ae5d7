import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { PushedImage } from "../../../../images/load/assemble";
import { Push } from "../../../../images/load/push";
import type { PushWish } from "../../../../images/load/wanted";
import {
  type Compression,
  type ImageInStore,
  imageOf,
  PushingDaemon,
  sha256,
} from "../../fixtures/pushing-daemon";
import { type Entries, unpack } from "../../fixtures/archive";
import { Tools } from "../../fixtures/tools";

const BASE = [Buffer.alloc(400_000, "base"), Buffer.alloc(900_000, "packages")];
const IMAGE = imageOf([...BASE, Buffer.from("one line")]);
const [FIRST, SECOND, LAST] = IMAGE.layers.map(sha256) as [string, string, string];

describe("an image that Docker pushes to the loader", () => {
  let tools: Tools;
  let daemon: PushingDaemon | undefined;
  const cache = fs.mkdtempSync(path.join(os.tmpdir(), "todo-cache-"));
  const before = process.env["XDG_CACHE_HOME"];

  const start = async (
    image: ImageInStore,
    ...store: Parameters<typeof PushingDaemon.start> extends [unknown, ...infer Rest] ? Rest : never
  ): Promise<PushingDaemon> => {
    daemon = await PushingDaemon.start(image, ...store);
    tools.add("docker", { "system\\ dial-stdio": daemon.dial });
    return daemon;
  };

  /** What nodes have, each under its own digest as after `docker save`, or under another. */
  const wish = (
    held: Record<string, string>,
    image = IMAGE,
    id = sha256(image.config),
  ): PushWish => ({
    host: { id, platform: "linux/amd64", size: 2_000_000, layers: image.layers.map(sha256) },
    held: new Map(Object.entries(held).map(([layer, digest]) => [layer, { digest }])),
    describe: () =>
      Promise.resolve(
        new Map(
          Object.values(held).map((digest) => [digest, { digest, size: 7, mediaType: "held" }]),
        ),
      ),
    platform: "linux/amd64",
  });
  const plainly = (...layers: string[]): Record<string, string> =>
    Object.fromEntries(layers.map((layer) => [layer, layer]));

  const receive = async (
    wanted: PushWish,
    use: (pushed: PushedImage, entries: Entries) => void = () => undefined,
  ): Promise<void> => {
    const push = await Push.open("todo-backend:1", "here", AbortSignal.timeout(10_000));
    try {
      const pushed = await push.take(wanted);
      use(pushed, await unpack(pushed.archive));
    } finally {
      await push.close();
    }
  };

  beforeEach(() => {
    tools = new Tools({});
    process.env["XDG_CACHE_HOME"] = cache;
  });
  afterEach(() => {
    daemon?.stop();
    daemon = undefined;
    tools.dispose();
    if (before === undefined) delete process.env["XDG_CACHE_HOME"];
    else process.env["XDG_CACHE_HOME"] = before;
    assert.deepEqual(fs.readdirSync(path.join(cache, "todo-app", "received")), []);
  });
  after(() => {
    fs.rmSync(cache, { recursive: true });
  });

  describe("from Docker's own store", () => {
    it("comes without the layers that the nodes have, which Docker is told about before it compresses them", async () => {
      const docker = await start(IMAGE, "classic");
      await receive(wish(plainly(FIRST, SECOND)), ({ described }, entries) => {
        const manifest = json(entries, described.manifest) as Manifest;
        assert.deepEqual(
          manifest.layers.slice(0, 2).map(({ digest, size }) => [digest, size]),
          [
            [FIRST, 7],
            [SECOND, 7],
          ],
        );
        assert.match(manifest.layers[2]?.mediaType ?? "", /\+gzip$/);
        assert.deepEqual(entries.get(blob(sha256(IMAGE.config))), IMAGE.config);
        const blobs = [...entries.keys()].filter((name) => name.startsWith("blobs/"));
        assert.equal(blobs.length, 3); // the layer, the config and the manifest
      });
      assert.equal(docker.sent.at(-1), LAST);
      assert.equal(docker.known.get(SECOND), SECOND);
    });

    it("comes with one push, and nothing but the new layer, from then on", async () => {
      const docker = await start(IMAGE, "classic");
      docker.known.set(FIRST, sha256("compressed, in an earlier push")).set(SECOND, SECOND);
      await receive(wish(plainly(FIRST, SECOND)));
      assert.deepEqual([docker.pushes, docker.sent], [1, [LAST]]);
    });

    it("brings a layer that it pushed once and that the nodes lack now", async () => {
      const docker = await start(IMAGE, "classic");
      for (const layer of [FIRST, SECOND, LAST])
        docker.known.set(layer, sha256(`gzip of ${layer}`));
      await receive(wish(plainly(FIRST)), ({ described }, entries) => {
        const { layers } = json(entries, described.manifest) as Manifest;
        assert.ok(layers.slice(1).every(({ digest }) => entries.has(blob(digest))));
      });
      assert.deepEqual([docker.pushes, docker.sent.sort()], [2, [SECOND, LAST].sort()]);
    });

    it("is not waited for where Docker cannot be told about the layers", async () => {
      const docker = await start(IMAGE, "classic");
      docker.builds = false;
      await assert.rejects(
        receive(wish(plainly(FIRST, SECOND))),
        /would have to compress.*no BuildKit/,
      );
    });

    it("holds a layer twice where the image does", async () => {
      const image = imageOf([...BASE, ...BASE.slice(0, 1), Buffer.from("top")]);
      const docker = await start(image, "classic");
      docker.known.set(FIRST, FIRST).set(SECOND, SECOND);
      await receive(wish(plainly(FIRST, SECOND), image), ({ described }, entries) => {
        const { layers } = json(entries, described.manifest) as Manifest;
        assert.deepEqual(layers.map(({ digest }) => digest).slice(0, 3), [FIRST, SECOND, FIRST]);
      });
    });
  });

  describe("from Docker's containerd store", () => {
    for (const compression of ["plain", "gzip", "zstd"] as Compression[]) {
      it(`comes without the layers that the nodes have, and is kept as it is: ${compression}`, async () => {
        const docker = await start(IMAGE, { compression });
        const held = { [FIRST]: FIRST, [SECOND]: sha256("the same, compressed by somebody else") };
        await receive(wish(held, IMAGE, sha256("manifest")), ({ described }, entries) => {
          const { layers } = json(entries, described.manifest) as Manifest;
          assert.deepEqual(
            layers.slice(0, 2).map(({ digest }) => digest),
            Object.values(held),
          );
          const suffix = compression === "plain" ? ".tar" : `.tar+${compression}`;
          assert.ok(layers[2]?.mediaType.endsWith(suffix), layers[2]?.mediaType);
          assert.ok(entries.has(blob(layers[2]?.digest ?? "")));
        });
        assert.deepEqual(docker.sent.sort(), ["config", LAST]);
      });
    }

    it("is the one of the wished platform, of an index with an attestation", async () => {
      await start(IMAGE, { compression: "gzip", withIndex: true });
      await receive(wish(plainly(FIRST, SECOND), IMAGE, sha256("index")), ({ described }) => {
        assert.equal(described.config, sha256(IMAGE.config));
      });
    });

    it("comes whole where the nodes have nothing", async () => {
      const docker = await start(IMAGE, { compression: "gzip" });
      await receive(wish({}, IMAGE, sha256("manifest")));
      assert.deepEqual(docker.sent.sort(), ["config", FIRST, SECOND, LAST].sort());
    });
  });

  it("is refused when what came for a layer is not that layer, though its digest is right", async () => {
    const docker = await start(IMAGE, "classic");
    docker.known.set(FIRST, FIRST).set(SECOND, SECOND);
    docker.falsify = () => Buffer.from("another line");
    await assert.rejects(receive(wish(plainly(FIRST, SECOND))), /which is not in it/);
  });

  it("is refused when Docker has another image under the name by now", async () => {
    const docker = await start(imageOf([...BASE, Buffer.from("a newer line")]), "classic");
    docker.known.set(FIRST, FIRST).set(SECOND, SECOND);
    await assert.rejects(receive(wish(plainly(FIRST, SECOND))), /another image/);
  });

  it("is not pushed at all by a daemon with a loopback of its own", async () => {
    const docker = await start(IMAGE, "classic");
    docker.reaches = false;
    await assert.rejects(receive(wish({})), /daemon does not reach this machine's loopback/);
    assert.equal(docker.pushes, 0);
  });

  it("loses the name that it got for the push, whatever happens", async () => {
    const docker = await start(IMAGE, "classic");
    await receive(wish(plainly(FIRST, SECOND)));
    docker.falsify = () => Buffer.from("another line");
    await assert.rejects(receive(wish({})));
    assert.deepEqual([...docker.tags], []);
  });

  it("goes under a name that is kept from others and stays the same", async () => {
    await start(IMAGE, "classic");
    const file = path.join(cache, "todo-app", "receiver-name");
    await receive(wish(plainly(FIRST, SECOND)));
    const name = fs.readFileSync(file, "utf8");
    await receive(wish(plainly(FIRST, SECOND)));
    assert.equal(fs.readFileSync(file, "utf8"), name);
    assert.match(name, /^todo-[0-9a-f]{32}\n$/);
    assert.equal(fs.statSync(file).mode & 0o077, 0);
  });
});

interface Manifest {
  layers: { digest: string; size: number; mediaType: string }[];
}

function blob(digest: string): string {
  return `blobs/sha256/${digest.slice("sha256:".length)}`;
}

function json(entries: Entries, digest: string): unknown {
  return JSON.parse(entries.get(blob(digest))?.toString() ?? "null");
}
