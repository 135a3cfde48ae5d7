import assert from "node:assert/strict";
import { containerd, parseContent } from "../../../../images/load/containerd";
import { Tools } from "../../fixtures/tools";

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;
const LABEL = "containerd.io";

/** As `ctr content ls` prints it. */
const CONTENT = [
  "DIGEST\tSIZE\tAGE\t\tLABELS",
  `${digest("a")}\t83.32MB\t17 minutes\t${LABEL}/uncompressed=${digest("a")}`,
  `${digest("b")}\t1.536kB\t2 hours\t${LABEL}/uncompressed=${digest("c")}`,
  `${digest("d")}\t899B\t17 minutes\t${LABEL}/gc.ref.content.config=${digest("e")},` +
    `${LABEL}/gc.ref.content.l.0=${digest("a")},${LABEL}/gc.ref.content.l.1=${digest("b")}`,
  `${digest("e")}\t1.89kB\t17 minutes\t${LABEL}/gc.ref.snapshot.zfs=${digest("f")}`,
  `${digest("0")}\t1.89kB\t17 minutes\t${LABEL}/gc.ref.snapshot.zfs=${digest("f")}`,
  `${digest("1")}\t1.89kB\t17 minutes\t${LABEL}/gc.ref.snapshot.overlayfs=${digest("f")}`,
].join("\n");

const MANIFEST = JSON.stringify({
  layers: [
    {
      mediaType: "application/vnd.docker.image.rootfs.diff.tar",
      digest: digest("a"),
      size: 83_321_856,
    },
    { mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest: digest("b"), size: 1536 },
  ],
});

function row(status: string, unpacked: boolean): string {
  return `docker.io/library/todo-backend:1 application/vnd.oci.image.manifest.v1+json ${digest("d")} ${status} 2.0 MiB/2.0 MiB ${unpacked}`;
}

describe("containerd in a node", () => {
  let tools: Tools;
  const given = (docker: Record<string, string>): void => {
    tools.add("docker", docker);
  };
  const find = (): Promise<string | undefined> => containerd.find("node", "todo-backend:1");
  beforeEach(() => {
    tools = new Tools({});
  });
  afterEach(() => {
    tools.dispose();
  });

  it("has an image when all of it is there and unpacked", async () => {
    given({ "*images\\ check*": `echo '${row("complete (2/2)", true)}'` });
    assert.equal(await find(), digest("d"));
  });

  it("does not have an image whose content is half written, nor one that it does not know", async () => {
    given({ "*images\\ check*": `echo '${row("incomplete (1/2)", false)}'` });
    assert.equal(await find(), undefined);
    given({ "*images\\ check*": "echo 'REF TYPE DIGEST STATUS SIZE UNPACKED'" });
    assert.equal(await find(), undefined);
  });

  it("has an image that is unpacked by the snapshotter that its pods use, as on ZFS", async () => {
    given({
      [`*--snapshotter\\ zfs*`]: `echo '${row("complete (2/2)", true)}'`,
      "*images\\ check*": `echo '${row("complete (2/2)", false)}'`,
      "*content\\ ls*": `echo '${CONTENT}'`,
    });
    assert.equal(await find(), digest("d"));
  });

  it("does not have an image that was never unpacked", async () => {
    given({
      "*images\\ check*": `echo '${row("complete (2/2)", false)}'`,
      "*content\\ ls*": `echo '${CONTENT}'`,
    });
    assert.equal(await find(), undefined);
  });

  it("tells layers by what is uncompressed, with their exact sizes from a manifest", async () => {
    given({
      "*content\\ ls*": `echo '${CONTENT}'`,
      "*content\\ get*": `printf '%s\\0' '${MANIFEST}'`,
    });
    const content = await containerd.content("node");
    const held = content.held([digest("a"), digest("c"), digest("9")]);
    assert.deepEqual(Object.fromEntries(held), {
      [digest("a")]: { digest: digest("a"), size: 83_320_000 },
      [digest("c")]: { digest: digest("b"), size: 1536 },
    });
    const described = await content.describe([digest("a"), digest("b")]);
    assert.deepEqual(
      [...described.values()].map(({ size, mediaType }) => [size, mediaType]),
      [
        [83_321_856, "application/vnd.oci.image.layer.v1.tar"],
        [1536, "application/vnd.oci.image.layer.v1.tar+gzip"],
      ],
    );
    assert.equal(tools.calls().filter((call) => call.includes("content get")).length, 1);
  });

  it("unpacks what it takes in where its pods look for it", async () => {
    given({ "*content\\ ls*": `echo '${CONTENT}'` });
    const load = containerd.load(await containerd.content("node"), "todo-backend:1");
    assert.deepEqual(load.slice(-2), ["docker.io/library/todo-backend:1", "zfs"]);
  });

  it("is read without a snapshotter where nothing is unpacked yet", () => {
    assert.deepEqual(parseContent("DIGEST SIZE AGE LABELS\n").snapshotter, undefined);
  });
});
