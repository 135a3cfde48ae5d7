import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { stage } from "../../../images/stage";
import { contentReference } from "../../../images/tag";
import { project, SOURCE, write } from "./project";

function filesIn(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => !item.isDirectory())
    .map((item) => path.relative(folder, path.join(item.parentPath, item.name)))
    .sort();
}

function mode(file: string): string {
  return (fs.lstatSync(file).mode & 0o777).toString(8);
}

describe("a staged context", () => {
  it("holds the hashed files and the Dockerfile, and nothing else", () => {
    const root = project();
    const staged = stage(SOURCE, root);
    assert.equal(staged.reference, contentReference(SOURCE, root));
    assert.equal(staged.context, `.build/${staged.reference.replace(":", "/")}`);
    assert.equal(staged.dockerfile, `${staged.context}/docker/backend.Dockerfile`);
    assert.deepEqual(filesIn(path.join(root, staged.context)), [
      "backend/deep/er/data.json",
      "backend/main.py",
      "backend/run.sh",
      "docker/backend.Dockerfile",
    ]);
  });

  it("has modes 644 and 755, whatever the sources and the umask are", () => {
    const root = project();
    fs.chmodSync(path.join(root, "backend/main.py"), 0o666);
    fs.chmodSync(path.join(root, "backend/run.sh"), 0o775);
    const before = process.umask(0o077);
    const { context } = stage(SOURCE, root);
    process.umask(before);
    assert.equal(mode(path.join(root, context, "backend/main.py")), "644");
    assert.equal(mode(path.join(root, context, "backend/run.sh")), "755");
  });

  it("is repaired when somebody changed it", () => {
    const root = project();
    const { context } = stage(SOURCE, root);
    const folder = path.join(root, context);
    fs.chmodSync(path.join(folder, "backend/run.sh"), 0o664);
    fs.writeFileSync(path.join(folder, "backend/main.py"), "print('hellO')\n");
    write(folder, "stray.txt", "x");
    stage(SOURCE, root);
    assert.equal(mode(path.join(folder, "backend/run.sh")), "644");
    assert.equal(fs.readFileSync(path.join(folder, "backend/main.py"), "utf8"), "print('hello')\n");
    assert.ok(!fs.existsSync(path.join(folder, "stray.txt")));
  });

  it("keeps links within the context as links", () => {
    const root = project();
    fs.symlinkSync("main.py", path.join(root, "backend/app.py"));
    const { context } = stage(SOURCE, root);
    assert.equal(fs.readlinkSync(path.join(root, context, "backend/app.py")), "main.py");
  });

  it("takes in a Dockerfile from outside the context", () => {
    const root = project();
    fs.rmSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`));
    const staged = stage({ ...SOURCE, context: "backend" }, root);
    assert.equal(staged.dockerfile, `${staged.context}/.staged.Dockerfile`);
    assert.ok(filesIn(path.join(root, staged.context)).includes("main.py"));
  });

  it("of long ago is removed, the last three and those in use by others are not", () => {
    const root = project();
    const staged = ["1", "2", "3", "4", "5"].map((content, age) => {
      write(root, "backend/main.py", content);
      const { context } = stage(SOURCE, root);
      const hours = (6 - age) * 3600;
      const then = Date.now() / 1000 - hours;
      fs.utimesSync(path.join(root, context), then, then);
      return context;
    });
    write(root, "backend/main.py", "6");
    staged.push(stage(SOURCE, root).context);
    const left = staged.filter((context) => fs.existsSync(path.join(root, context)));
    assert.deepEqual(left, staged.slice(-3));
  });

  it("made twice at once comes out whole", async () => {
    const root = project();
    const worker = `
      require("./program/typescript.cjs");
      const { stage } = require("./images/stage");
      stage(${JSON.stringify(SOURCE)}, ${JSON.stringify(root)});
    `;
    const { Worker } = await import("node:worker_threads");
    const exits = [1, 2, 3].map(
      () =>
        new Promise<number>((resolve, reject) => {
          new Worker(worker, { eval: true }).on("exit", resolve).on("error", reject);
        }),
    );
    assert.deepEqual(await Promise.all(exits), [0, 0, 0]);
    const folder = path.dirname(path.join(root, stage(SOURCE, root).context));
    assert.deepEqual(
      fs.readdirSync(folder).filter((name) => name.endsWith(".part")),
      [],
    );
  });
});
