import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { contentReference } from "../../../images/tag";
import { FILES, project, SOURCE, write } from "./project";

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
    for (const target of ["../../outside", "/etc/hosts"]) {
      it(`when a link leaves the context: ${target}`, () => {
        assert.throws(
          () =>
            after((root) => {
              fs.symlinkSync(target, path.join(root, "backend/link"));
            }),
          new RegExp(`backend/link is a link to ${target}, which lies outside the build context`),
        );
      });
    }
    it("when a link leads to an ignored file", () => {
      assert.throws(
        () =>
          after((root) => {
            fs.symlinkSync("../frontend/page.tsx", path.join(root, "backend/link"));
          }),
        /backend\/link is a link to \.\.\/frontend\/page\.tsx, which is not part of the build/,
      );
    });
  });
});
