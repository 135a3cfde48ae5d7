import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { contextFilter, readContext } from "../../../images/context";
import { ignoreRules, type Scope } from "../../../images/ignore/rules";
import { project, SOURCE, write } from "./project";
import { ignoreFile, TREE } from "./support/generated";
import { ignoredTree } from "./support/ignored-tree";

/** Which of the paths an ignore file leaves out. */
function leftOut(text: string, paths: string[]): string[] {
  return paths.filter((file) => {
    const parts = file.split("/");
    let scope: Scope = ignoreRules(text).top;
    for (const depth of parts.keys()) {
      const verdict = scope.look(parts.slice(0, depth + 1).join("/"));
      if (depth === parts.length - 1) return verdict.leftOut;
      if (verdict.closed) return true;
      scope = verdict.inside;
    }
    return false;
  });
}

/** Whether a folder is not even read. */
function isClosed(text: string, folder: string): boolean {
  const parts = folder.split("/");
  let scope: Scope = ignoreRules(text).top;
  for (const depth of parts.keys()) {
    const verdict = scope.look(parts.slice(0, depth + 1).join("/"));
    if (verdict.closed) return true;
    scope = verdict.inside;
  }
  return false;
}

describe("the ignore file", () => {
  it("follows Docker: the last pattern that matches decides", () => {
    const text = "*\n!backend\nbackend/*.md\n!backend/README.md\n**/__pycache__\n";
    const paths = {
      "frontend/page.tsx": true,
      "backend/main.py": false,
      "backend/NOTES.md": true,
      "backend/README.md": false,
      "backend/deep/NOTES.md": false,
      "backend/deep/__pycache__/main.pyc": true,
    };
    for (const [file, ignored] of Object.entries(paths)) {
      assert.deepEqual(leftOut(text, [file]), ignored ? [file] : [], file);
    }
  });

  it("takes brackets, plus and spaces in names for what they are", () => {
    const text = "app/(auth)\na+b.txt\na b.txt\n";
    const paths = ["app/(auth)/page.tsx", "a+b.txt", "aab.txt", "a b.txt", "app/auth/page.tsx"];
    assert.deepEqual(leftOut(text, paths), ["app/(auth)/page.tsx", "a+b.txt", "a b.txt"]);
  });

  it("reads a file from Windows, with a byte order mark, and with blanks at its lines' ends", () => {
    assert.deepEqual(leftOut("\uFEFFa.py\r\nb.py \t\r\n", ["a.py", "b.py", "c.py"]), [
      "a.py",
      "b.py",
    ]);
    assert.deepEqual(leftOut("# a.py\n #b.py\n", ["a.py", "#b.py"]), ["#b.py"]);
  });

  it("does not let a part of a folder in again that was left out before the folder was let in", () => {
    // As Docker has it: where `!a` could change nothing for the folder, it changes nothing beneath it.
    assert.deepEqual(leftOut("a/foo\n!a\n", ["a/foo", "a/bar"]), ["a/foo"]);
  });

  it("distinguishes capitals, as Docker does", () => {
    assert.deepEqual(leftOut("readme.md", ["README.md"]), []);
  });

  it("lets a folder be skipped only when nothing in it can be let in again", () => {
    const skipped = {
      "*\n!backend\n**/node_modules": ["frontend", "backend/node_modules"],
      "*\n!frontend/public/logo.svg": ["backend", "frontend/src"],
      "!backend\nbackend": ["backend/src"],
    };
    const walked = {
      "*\n!backend\n**/node_modules": ["backend", "backend/src"],
      "node_modules\n!**/keep.txt": ["node_modules"],
      "*\n!frontend/public/logo.svg": ["frontend", "frontend/public"],
      "backend\n!backend/src": ["backend"],
    };
    for (const [text, folders] of Object.entries(skipped)) {
      for (const folder of folders) assert.equal(isClosed(text, folder), true, folder);
    }
    for (const [text, folders] of Object.entries(walked)) {
      for (const folder of folders) assert.equal(isClosed(text, folder), false, folder);
    }
  });

  it("that Docker refuses is refused in words that name the line", () => {
    for (const [text, said] of Object.entries({
      "a\n!\n": /"!" lets nothing in/,
      "[a\n": /"\[a" has a \[ that begins no list/,
      "a\\\n": /"a\\" ends in a backslash/,
      "[z-a]\n": /"\[z-a\]" has a \[ whose range ends before it begins/,
    })) {
      assert.throws(() => leftOut(text, ["a"]), said);
    }
  });

  it("beside the Dockerfile is preferred to the one in the context", () => {
    const root = project();
    write(root, ".dockerignore", "backend\n");
    const names = (): string[] => readContext(SOURCE, root).entries.map((entry) => entry.path);
    assert.deepEqual(names(), ["backend/deep/er/data.json", "backend/main.py", "backend/run.sh"]);
    fs.rmSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`));
    assert.deepEqual(names(), [".dockerignore", "docker/backend.Dockerfile", "frontend/page.tsx"]);
  });

  describe("of 200 generated ones", () => {
    // Each line: an ignore file, and what of the tree `docker build` (buildx 0.23, fsutil of June 2025) did not send with it; null
    // where it refused. tests/live/ignore-files.test.ts asks Docker again, with others.
    const recorded = fs
      .readFileSync(path.join(__dirname, "support/docker-sent.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as [string, string[] | null]);
    it("takes the files that Docker sends", () => {
      assert.equal(recorded.length, 200);
      const all = [".dockerignore", ...TREE].sort();
      const { root, source } = ignoredTree("");
      for (const [text, absent] of recorded) {
        write(root, "context/.dockerignore", text);
        const taken = (): string[] =>
          readContext(source, root).entries.map(({ path: name }) => name);
        if (absent === null) assert.throws(taken, /stops a build/, JSON.stringify(text));
        else {
          const expected = all.filter((name) => !absent.includes(name));
          assert.deepEqual(taken().sort(), expected, JSON.stringify(text));
        }
      }
    });
  });

  it("says of each path by itself what a walk finds", () => {
    const root = project({ Dockerfile: "FROM scratch\n" });
    for (const name of TREE) write(root, name, name);
    const source = { ...SOURCE, dockerfile: "Dockerfile" };
    fc.assert(
      fc.property(ignoreFile, (text) => {
        write(root, "Dockerfile.dockerignore", text);
        let taken: string[];
        try {
          taken = readContext(source, root).entries.map((entry) => entry.path);
        } catch {
          return; // Docker refuses it
        }
        const isLeftOut = contextFilter(source, root);
        const watched = TREE.filter((name) => !isLeftOut(name, false));
        assert.deepEqual(watched.sort(), taken.filter((name) => TREE.includes(name)).sort());
      }),
      { numRuns: 50, seed: 1 },
    );
  });
});
