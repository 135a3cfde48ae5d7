import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import fc from "fast-check";
import { contentReference } from "../../../images/tag";
import { FILES, project, SOURCE, write } from "./project";

const COMMIT = "1".repeat(40);
const TAGGED = "2".repeat(40);

/** The project with a repository of git's in its context: what git itself would have written of two commits and a tag. */
function gitProject(): string {
  const root = project();
  write(root, "backend/.git/HEAD", "ref: refs/heads/main\n");
  write(root, "backend/.git/index", "stamps");
  write(root, "backend/.git/refs/heads/main", `${COMMIT}\n`);
  write(root, "backend/.git/refs/tags/v1", `${TAGGED}\n`);
  return root;
}

/** The tag of the unchanged project, after `change` was applied to a fresh copy of it. */
function after(change: (root: string) => void): string {
  const root = project();
  change(root);
  return contentReference(SOURCE, root);
}

describe("an image's tag", () => {
  const unchanged = contentReference(SOURCE, project());

  it("is the repository and 12 hex digits", () => {
    assert.match(unchanged, /^todo-backend:[0-9a-f]{12}$/);
  });

  it("is this very one: another value means that every image is built again", () => {
    assert.equal(unchanged, "todo-backend:87745c9f0027");
  });

  describe("stays the same", () => {
    it("in another folder", () => {
      assert.equal(contentReference(SOURCE, project()), unchanged);
    });
    it("whatever order the files were written in", () => {
      const names = Object.keys(FILES);
      fc.assert(
        fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (order) => {
          assert.equal(contentReference(SOURCE, project(FILES, order)), unchanged);
        }),
        { numRuns: 10 },
      );
    });
    it("after touch", () => {
      assert.equal(
        after((root) => {
          fs.utimesSync(path.join(root, "backend/main.py"), 1, 1);
        }),
        unchanged,
      );
    });
    it("under another umask", () => {
      const before = process.umask(0o077);
      try {
        assert.equal(contentReference(SOURCE, project()), unchanged);
      } finally {
        process.umask(before);
      }
    });
    it("after chmod g+w", () => {
      assert.equal(
        after((root) => {
          fs.chmodSync(path.join(root, "backend/main.py"), 0o664);
        }),
        unchanged,
      );
    });
    it("when an editor or a desktop leaves something beside a file", () => {
      for (const file of [
        ".DS_Store",
        "main.py~",
        ".main.py.swp",
        "._main.py",
        "4913",
        ".goutputstream-7Q1ZC3",
        "#main.py#",
      ]) {
        assert.equal(
          after((root) => {
            write(root, `backend/${file}`, "x");
          }),
          unchanged,
          file,
        );
      }
      const lock = (root: string) => {
        fs.symlinkSync("me@laptop.1:2", path.join(root, "backend", ".#main.py"));
      };
      assert.equal(after(lock), unchanged);
    });
    it("when an ignored file appears", () => {
      assert.equal(
        after((root) => {
          write(root, "backend/debug.log", "x");
          write(root, "backend/node_modules/left-pad/index.js", "x");
          write(root, "frontend/other.tsx", "x");
        }),
        unchanged,
      );
    });
    it("when only the wording of the ignore file changes", () => {
      assert.equal(
        after((root) => {
          fs.appendFileSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`), "# nothing\n");
        }),
        unchanged,
      );
    });
    it("with the build arguments in another order", () => {
      const buildArgs = Object.fromEntries(Object.entries(SOURCE.buildArgs).reverse());
      assert.equal(contentReference({ ...SOURCE, buildArgs }, project()), unchanged);
    });
    it("with an empty folder more, which git would not keep", () => {
      assert.equal(
        after((root) => {
          fs.mkdirSync(path.join(root, "backend/empty"));
        }),
        unchanged,
      );
    });
    it("after git looked, fetched or packed, with its folder in the context", () => {
      const root = gitProject();
      const before = contentReference(SOURCE, root);
      write(root, "backend/.git/index", "other stamps");
      write(root, "backend/.git/FETCH_HEAD", "x");
      write(root, "backend/.git/refs/remotes/origin/main", "0".repeat(40));
      fs.rmSync(path.join(root, "backend/.git/refs/tags/v1"));
      fs.rmSync(path.join(root, "backend/.git/refs/heads/main"));
      const packed = `# pack-refs\n${COMMIT} refs/heads/main\n${TAGGED} refs/tags/v1\n`;
      write(root, "backend/.git/packed-refs", packed);
      assert.equal(contentReference(SOURCE, root), before);
      write(root, "backend/.git/HEAD", COMMIT); // as an automatic checkout has it
      assert.equal(contentReference(SOURCE, root), before);
    });
    it("while an editor saves", async () => {
      const root = project();
      const editor = new Worker(
        `const fs = require("node:fs");
         const file = ${JSON.stringify(path.join(root, "backend/main.py"))};
         require("node:worker_threads").parentPort.postMessage("ready");
         for (let turn = 0; ; turn++) {
           fs.writeFileSync(file + ".new", "print('hello')\\n");
           fs.renameSync(file + ".new", file + ".tmp" + turn % 3);
           fs.renameSync(file + ".tmp" + turn % 3, file);
           fs.writeFileSync(file + "~", "x");
           fs.unlinkSync(file + "~");
         }`,
        { eval: true },
      );
      await once(editor, "message");
      fs.appendFileSync(
        path.join(root, `${SOURCE.dockerfile}.dockerignore`),
        "**/*.new\n**/*.tmp?\n",
      );
      for (let turn = 0; turn < 50; turn++) {
        // Between two renames the file is not there: that is another content, and no error.
        assert.match(contentReference(SOURCE, root), /^todo-backend:/);
      }
      await editor.terminate();
    });
    it("with the whole project as context, whatever git and this program keep in it", () => {
      const root = project();
      fs.rmSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`));
      const before = contentReference(SOURCE, root);
      for (const name of [".git/index", ".build/todo-backend/0/main.py", ".stack/passphrase"]) {
        write(root, name, "x");
      }
      assert.equal(contentReference(SOURCE, root), before);
    });
    it("in another registry", () => {
      const elsewhere = { ...SOURCE, repository: "localhost:5000/todo-backend" };
      assert.equal(contentReference(elsewhere, project()), `localhost:5000/${unchanged}`);
    });
  });

  describe("is another", () => {
    const changes: Record<string, (root: string) => void> = {
      "with a repository of git's in the context, which a step can ask for its version": (root) => {
        fs.cpSync(path.join(gitProject(), "backend/.git"), path.join(root, "backend/.git"), {
          recursive: true,
        });
      },
      "after one byte": (root) => {
        write(root, "backend/main.py", "print('hellO')\n");
      },
      "when a file becomes executable": (root) => {
        fs.chmodSync(path.join(root, "backend/run.sh"), 0o755);
      },
      "when a file is renamed": (root) => {
        fs.renameSync(path.join(root, "backend/main.py"), path.join(root, "backend/app.py"));
      },
      "when a file moves its end into the next one": (root) => {
        write(root, "backend/deep/er/data.json", "{}");
        write(root, "backend/main.py", "\nprint('hello')\n");
      },
      "when a file is added": (root) => {
        write(root, "backend/new.py", "");
      },
      "when the Dockerfile changes": (root) => {
        write(root, SOURCE.dockerfile, "FROM scratch\nCOPY backend /srv\n");
      },
      "when a file is no longer ignored": (root) => {
        write(root, "backend/debug.log", "x");
        fs.appendFileSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`), "!backend/*.log\n");
      },
      "when a link leads elsewhere, though nothing is there": (root) => {
        fs.symlinkSync("/opt/venv/bin/python", path.join(root, "backend/python"));
      },
      "when a file becomes a link to its like": (root) => {
        fs.rmSync(path.join(root, "backend/run.sh"));
        fs.symlinkSync("main.py", path.join(root, "backend/run.sh"));
      },
    };
    for (const [what, change] of Object.entries(changes)) {
      it(what, () => {
        assert.notEqual(after(change), unchanged);
      });
    }
    it("after a commit or a tag, where git's folder is in the context", () => {
      const root = gitProject();
      const tags = [contentReference(SOURCE, root)];
      write(root, "backend/.git/refs/heads/main", TAGGED);
      tags.push(contentReference(SOURCE, root));
      write(root, "backend/.git/refs/tags/v2", TAGGED);
      tags.push(contentReference(SOURCE, root));
      assert.equal(new Set(tags).size, 3);
    });
    it("with another build argument", () => {
      const buildArgs = { ...SOURCE.buildArgs, PYTHON_IMAGE: "python:3.14-slim" };
      assert.notEqual(contentReference({ ...SOURCE, buildArgs }, project()), unchanged);
    });
    it("for another target", () => {
      assert.notEqual(contentReference({ ...SOURCE, target: "test" }, project()), unchanged);
    });
    it("for another platform", () => {
      const platform = "linux/arm64";
      assert.notEqual(contentReference({ ...SOURCE, platform }, project()), unchanged);
    });
  });

  describe("cannot be had, and the message says why", () => {
    it("without the Dockerfile", () => {
      assert.throws(
        () => contentReference({ ...SOURCE, dockerfile: "docker/none" }, project()),
        /backendDockerfile is "docker\/none", but there is no such file/,
      );
    });
    it("without the context", () => {
      assert.throws(
        () => contentReference({ ...SOURCE, context: "nowhere" }, project()),
        /backendContext is "nowhere", but there is no such folder/,
      );
    });
  });
});
