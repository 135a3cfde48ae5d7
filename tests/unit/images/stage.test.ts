import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { LARGE } from "../../../images/content";
import { listAll } from "../../../images/listing";
import { stage } from "../../../images/stage";
import { contentReference } from "../../../images/tag";
import { project, SOURCE, write } from "./project";

function filesIn(folder: string): string[] {
  return listAll(folder)
    .filter(({ kind }) => kind !== "folder")
    .map((found) => found.path)
    .sort();
}

function mode(file: string): string {
  return (fs.lstatSync(file).mode & 0o777).toString(8);
}

/** By what a large file's digest is remembered. */
function keyOf(file: string): string {
  const { dev, ino, size, mtimeNs } = fs.statSync(file, { bigint: true });
  return [dev, ino, size, mtimeNs].join(" ");
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

  it("keeps links as links, wherever they lead", () => {
    const root = project();
    const links = {
      "app.py": "main.py",
      through: "linked/er/data.json",
      linked: "deep",
      python: "/usr/bin/python3",
      nowhere: "gone.py",
      outside: "../../elsewhere/config.json",
    };
    for (const [name, target] of Object.entries(links)) {
      fs.symlinkSync(target, path.join(root, "backend", name));
    }
    const { context } = stage(SOURCE, root);
    for (const [name, target] of Object.entries(links)) {
      assert.equal(fs.readlinkSync(path.join(root, context, "backend", name)), target);
    }
  });

  it("is built by the provider itself while its links stay within", () => {
    const root = project();
    fs.symlinkSync("linked/er/data.json", path.join(root, "backend/through"));
    fs.symlinkSync("deep", path.join(root, "backend/linked"));
    fs.symlinkSync("../run.sh", path.join(root, "backend/deep/run.sh"));
    const { context, provider } = stage(SOURCE, root);
    assert.deepEqual([provider.context, provider.isHandOver], [context, false]);
    assert.equal(provider.args, SOURCE.buildArgs);
  });

  for (const [what, change] of Object.entries<(root: string) => void>({
    "a link that leads nowhere": (root) => {
      fs.symlinkSync("gone", path.join(root, "backend/link"));
    },
    "a link to a file of the machine": (root) => {
      fs.symlinkSync("/etc/hosts", path.join(root, "backend/link"));
    },
    "a link to what is left out": (root) => {
      fs.symlinkSync("../frontend/page.tsx", path.join(root, "backend/link"));
    },
    "links that lead to one another": (root) => {
      fs.symlinkSync("b", path.join(root, "backend/a"));
      fs.symlinkSync("a", path.join(root, "backend/b"));
    },
    "git's files": (root) => {
      write(root, "backend/.git/HEAD", "ref: refs/heads/main\n");
    },
    "an ignore file beside the Dockerfile that is content too": (root) => {
      fs.writeFileSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`), "frontend\n");
    },
  })) {
    it(`with ${what} is built before the provider, which takes the image over`, () => {
      const root = project();
      change(root);
      const { reference, context, provider } = stage(SOURCE, root);
      assert.notEqual(provider.context, context);
      assert.deepEqual(filesIn(path.join(root, provider.context)), ["Dockerfile"]);
      const text = fs.readFileSync(path.join(root, provider.dockerfile), "utf8");
      assert.equal(text, `FROM ${reference}\n`);
      assert.deepEqual([provider.isHandOver, provider.args], [true, {}]);
    });
  }

  it("with secrets is built before the provider, under the same name whatever they are", () => {
    const root = project();
    const { reference, provider } = stage({ ...SOURCE, secrets: ["npmrc"] }, root);
    assert.equal(reference, contentReference(SOURCE, root));
    assert.equal(provider.isHandOver, true);
  });

  it("has the context's ignore file as content, and one for the provider that leaves out nothing", () => {
    const root = project({ "app/Dockerfile": "FROM scratch\nCOPY . /\n", "app/a.py": "" });
    write(root, "app/.dockerignore", "*.log\n!**/keep.log\n");
    write(root, "app/logs/keep.log", "x");
    const source = { ...SOURCE, context: "app", dockerfile: "app/Dockerfile" };
    const staged = stage(source, root);
    assert.deepEqual(filesIn(path.join(root, staged.context)), [
      ".dockerignore",
      "Dockerfile",
      "Dockerfile.dockerignore",
      "a.py",
      "logs/keep.log",
    ]);
    assert.equal(staged.notSent, "Dockerfile.dockerignore");
    const ours = path.join(root, staged.context, "Dockerfile.dockerignore");
    assert.equal(fs.readFileSync(ours, "utf8"), "/Dockerfile.dockerignore\n");
    assert.equal(staged.provider.isHandOver, false);
  });

  it("has git's files as they are, and is good for as long as they say the same", () => {
    const root = project();
    write(root, "backend/.git/HEAD", "ref: refs/heads/main\n");
    write(root, "backend/.git/refs/heads/main", "1".repeat(40));
    write(root, "backend/.git/objects/aa/bb", "object");
    const first = stage(SOURCE, root);
    const folder = path.join(root, first.context);
    const made = fs.statSync(folder).ino;
    write(root, "backend/.git/index", "other");
    assert.equal(stage(SOURCE, root).context, first.context);
    assert.equal(fs.statSync(folder).ino, made);
    assert.equal(
      fs.readFileSync(path.join(folder, "backend/.git/objects/aa/bb"), "utf8"),
      "object",
    );
  });

  it("has empty folders too, which a step may copy, also where they came later", () => {
    const root = project();
    const before = stage(SOURCE, root);
    fs.mkdirSync(path.join(root, "backend/public/images"), { recursive: true });
    const { reference, context } = stage(SOURCE, root);
    assert.equal(reference, before.reference);
    assert.ok(fs.statSync(path.join(root, context, "backend/public/images")).isDirectory());
  });

  it("of a large file takes no second room, and its digest is read once", () => {
    const root = project();
    const model = path.join(root, "backend/model.bin");
    fs.writeFileSync(model, "", { mode: 0o644 });
    fs.truncateSync(model, 3 * 2 ** 30); // 3 GB that take no room on the disk
    fs.utimesSync(model, 1, 1);
    write(root, ".build/digests.json", JSON.stringify([[keyOf(model), "digest of old"]]));
    const { reference, context, provider } = stage(SOURCE, root);
    assert.equal(
      fs.statSync(path.join(root, context, "backend/model.bin")).ino,
      fs.statSync(model).ino,
    );
    assert.equal(provider.isHandOver, true);
    fs.utimesSync(model, 2, 2);
    fs.truncateSync(model, LARGE);
    assert.notEqual(contentReference(SOURCE, root), reference);
  });

  it("does not read what is left out, however large, or whatever it is", () => {
    const root = project();
    fs.appendFileSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`), "backend/models\n");
    write(root, "backend/models/model.bin", "");
    fs.truncateSync(path.join(root, "backend/models/model.bin"), 3 * 2 ** 30);
    fs.symlinkSync("/nowhere", path.join(root, "backend/models/link"));
    assert.equal(contentReference(SOURCE, root), contentReference(SOURCE, project()));
  });

  it("of a folder with a space in its name, and in the Dockerfile's", () => {
    const root = project({ "my app/Docker file": "FROM scratch\n", "my app/a b.py": "x" });
    const source = { ...SOURCE, context: "my app", dockerfile: "my app/Docker file" };
    const { context } = stage(source, root);
    assert.deepEqual(filesIn(path.join(root, context)), ["Docker file", "a b.py"]);
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
