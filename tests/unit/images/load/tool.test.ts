import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { commandWords } from "../../../../images/load/command";
import { fullName } from "../../../../tools/docker";
import { sharedPrefix } from "../../../../images/load/docker-in-node";
import { feed } from "../../../../tools/feed";
import { output, start } from "../../../../tools/process";

const options = { timeout: 10_000 };

describe("a tool that fails", () => {
  it("is quoted, with its own last words", async () => {
    await assert.rejects(
      output("sh", ["-c", "echo nonsense; echo 'it broke' >&2; exit 3"], options),
      /`sh -c .*` failed with exit code 3:\n {2}it broke/s,
    );
  });
  it("is named when it is not installed, with the remedy", async () => {
    const path = process.env.PATH;
    process.env.PATH = "/nonexistent";
    try {
      await assert.rejects(
        output("docker", ["ps"], options),
        /`docker ps` was not found\nDocker is not[\s\S]*Install Docker/,
      );
      await assert.rejects(
        start("kubectl", [], options).done,
        /was not found[\s\S]*Install kubectl/,
      );
    } finally {
      process.env.PATH = path;
    }
  });
  it("is ended when it takes too long", async () => {
    await assert.rejects(
      output("sleep", ["20"], { timeout: 50 }),
      /`sleep 20` took longer than 0.05 s/,
    );
  });
  it("is ended when the user cancels", async () => {
    const signal = AbortSignal.timeout(50);
    await assert.rejects(output("sleep", ["20"], { ...options, signal }), /cancelled/);
    await assert.rejects(start("sleep", ["20"], { ...options, signal }).done, /cancelled/);
  });
  for (const [words, remedy] of Object.entries({
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock": /Start Docker/,
    "write /var/lib/x: no space left on device": /A disk is full/,
    "toomanyrequests: You have reached your pull rate limit": /docker login/,
    "permission denied while trying to connect to docker.sock": /usermod -aG docker/,
  })) {
    it(`says what to do about: ${words}`, async () => {
      await assert.rejects(output("sh", ["-c", `echo '${words}' >&2; exit 1`], options), remedy);
    });
  }
});

describe("feeding programs", () => {
  it("gives each the whole stream and counts its bytes", async () => {
    const sinks = [1, 2].map(() => start("sha256sum", [], options));
    const chunks = Array.from({ length: 100 }, () => Buffer.alloc(50_000, 7));
    const outputs = sinks.map(({ stdout }) => stdout.setEncoding("utf8").toArray());
    const bytes = await feed(
      Readable.from(chunks),
      sinks.map(({ stdin }) => stdin),
    );
    assert.equal(bytes, 5_000_000);
    const [one, two] = await Promise.all(outputs);
    assert.deepEqual(one, two);
  });
  it("stops when one of them ends early, and that one says why", async () => {
    const failing = start("sh", ["-c", "head -c 10 >/dev/null; echo full >&2; exit 1"], options);
    const chunks = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(65_536);
      })(),
    );
    await assert.rejects(feed(chunks, [failing.stdin]));
    await assert.rejects(failing.done, /full/);
  });
});

describe("a load command", () => {
  it("is split into words without a shell, the image within one word", () => {
    assert.deepEqual(commandWords("kind load docker-image {image} --name 'a b'", "x:1; rm -rf /"), [
      "kind",
      "load",
      "docker-image",
      "x:1; rm -rf /",
      "--name",
      "a b",
    ]);
    assert.deepEqual(commandWords(`sh -c "docker save {image} | ssh n import"`, "x:1"), [
      "sh",
      "-c",
      "docker save x:1 | ssh n import",
    ]);
  });
});

describe("a load command that can be read in two ways", () => {
  for (const template of [
    "load --name it's {image}",
    'sh -c "echo \\"hi\\" {image}"',
    "load \\{image}",
  ]) {
    it(`is refused: ${template}`, () => {
      assert.throws(
        () => commandWords(template, "x:1"),
        /imageLoadCommand cannot be split into words/,
      );
    });
  }
});

describe("names and layers", () => {
  it("get the registry that nodes know them by", () => {
    assert.equal(fullName("todo-backend:1"), "docker.io/library/todo-backend:1");
    assert.equal(fullName("team/todo-backend:1"), "docker.io/team/todo-backend:1");
    assert.equal(fullName("localhost:5000/todo-backend:1"), "localhost:5000/todo-backend:1");
    assert.equal(fullName("localhost/todo-backend:1"), "localhost/todo-backend:1");
  });
  it("are present for Docker only on top of the same layers", () => {
    assert.deepEqual(
      [...sharedPrefix(["a", "b", "c"], [["a", "x"], ["a", "b", "y"], []])],
      ["a", "b"],
    );
    assert.deepEqual([...sharedPrefix(["a", "b"], [["b", "a"]])], []);
    assert.deepEqual([...sharedPrefix(["a", "b"], [])], []);
  });
});
