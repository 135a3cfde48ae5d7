import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tar from "tar-stream";

import { archive } from "../../../../cli/hot/archive";
import {
  changedFiles,
  readContent,
  type Content,
  type HotFolder,
} from "../../../../cli/hot/content";
import { contentReference } from "../../../../images/tag";
import { project, SOURCE, write } from "../../images/project";

const hot: HotFolder = { folder: "backend", needsBuild: (file) => file === "requirements.txt" };

async function packed(before: Content | undefined, after: Content): Promise<Map<string, string>> {
  const bytes = await archive({
    ...{ before, after },
    supervisor: Buffer.from("program"),
    settings: { command: ["run"] },
  });
  const found = new Map<string, string>();
  const extract = tar.extract();
  extract.end(bytes);
  for await (const entry of extract) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    found.set(entry.header.name, Buffer.concat(chunks).toString());
  }
  return found;
}

describe("what pods are sent of an application", () => {
  let root: string;
  const read = (): Content => readContent(SOURCE, hot, root);

  beforeEach(() => {
    root = project();
    write(root, "backend/requirements.txt", "fastapi\n");
  });

  it("is named as the image that would be built of it", () => {
    const { tag } = read();
    assert.equal(`todo-backend:${tag}`, contentReference(SOURCE, root));
    write(root, "backend/main.py", "print('edited')\n");
    assert.notEqual(read().tag, tag);
    assert.equal(`todo-backend:${read().tag}`, contentReference(SOURCE, root));
  });

  it("are the files that the ignore file lets in, of the application's folder", () => {
    write(root, "backend/debug.log", "x");
    write(root, "backend/node_modules/a.js", "x");
    fs.symlinkSync("main.py", path.join(root, "backend/link.py"));
    fs.symlinkSync("/etc/hostname", path.join(root, "backend/elsewhere"));
    assert.deepEqual([...read().files.keys()].sort(), [
      "deep/er/data.json",
      "link.py",
      "main.py",
      "run.sh",
    ]);
  });

  it("is not enough where something else of the build changes", () => {
    const { rest } = read();
    write(root, "backend/main.py", "print('edited')\n");
    assert.equal(read().rest, rest);
    for (const file of ["backend/requirements.txt", "docker/backend.Dockerfile"]) {
      const before = read().rest;
      write(root, file, "FROM other\n");
      assert.notEqual(read().rest, before, file);
    }
  });

  it("is all of it for a new pod, and what has changed for one that has the last files", async () => {
    const before = read();
    const first = await packed(undefined, before);
    assert.equal(first.get("files/main.py"), "print('hello')\n");
    assert.ok(!first.has("gone"), "a new pod has nothing that is to go");
    write(root, "backend/main.py", "print('edited')\n");
    fs.rmSync(path.join(root, "backend/run.sh"));
    fs.rmSync(path.join(root, "backend/deep"), { recursive: true });
    write(root, "backend/deep", "a file now");
    const after = read();
    assert.deepEqual(changedFiles(before, after), [
      "deep",
      "deep/er/data.json",
      "main.py",
      "run.sh",
    ]);
    const second = await packed(before, after);
    assert.deepEqual([...second.keys()].filter((name) => name.startsWith("files/")).sort(), [
      "files/",
      "files/deep",
      "files/main.py",
    ]);
    assert.deepEqual(second.get("gone")?.split("\n"), ["deep", "deep/er/data.json", "run.sh", ""]);
    assert.equal(second.get("wanted"), after.tag);
    assert.deepEqual(JSON.parse(second.get("settings.json") ?? ""), { command: ["run"] });
  });
});
