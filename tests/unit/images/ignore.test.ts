import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readContext } from "../../../images/context";
import { ignoreRules } from "../../../images/ignore";
import { project, SOURCE, write } from "./project";

describe("the ignore file", () => {
  it("follows Docker: the last pattern that matches decides", () => {
    const rules = ignoreRules("*\n!backend\nbackend/*.md\n!backend/README.md\n**/__pycache__\n");
    const paths = {
      "frontend/page.tsx": true,
      "backend/main.py": false,
      "backend/NOTES.md": true,
      "backend/README.md": false,
      "backend/deep/NOTES.md": false,
      "backend/deep/__pycache__/main.pyc": true,
    };
    for (const [file, ignored] of Object.entries(paths)) {
      assert.equal(rules.ignores(file), ignored, file);
    }
  });

  it("distinguishes capitals, as Docker does", () => {
    assert.equal(ignoreRules("readme.md").ignores("README.md"), false);
  });

  it("lets a folder be skipped only when nothing in it can be let in again", () => {
    const skipped = {
      "*\n!backend\n**/node_modules": ["frontend", "backend/node_modules"],
      "node_modules\n!**/keep.txt": [],
      "*\n!frontend/public/logo.svg": ["backend", "frontend/src"],
      "!backend\nbackend": ["backend"],
    };
    const walked = {
      "*\n!backend\n**/node_modules": ["backend", "backend/src"],
      "node_modules\n!**/keep.txt": ["node_modules"],
      "*\n!frontend/public/logo.svg": ["frontend", "frontend/public"],
      "backend\n!backend/src": ["backend"],
    };
    for (const [text, folders] of Object.entries(skipped)) {
      for (const folder of folders) assert.equal(ignoreRules(text).prunes(folder), true, folder);
    }
    for (const [text, folders] of Object.entries(walked)) {
      for (const folder of folders) assert.equal(ignoreRules(text).prunes(folder), false, folder);
    }
  });

  it("beside the Dockerfile is preferred to the one in the context", () => {
    const root = project();
    write(root, ".dockerignore", "backend\n");
    const names = (): string[] => readContext(SOURCE, root).entries.map((entry) => entry.path);
    assert.deepEqual(names(), ["backend/deep/er/data.json", "backend/main.py", "backend/run.sh"]);
    fs.rmSync(path.join(root, `${SOURCE.dockerfile}.dockerignore`));
    assert.deepEqual(names(), ["docker/backend.Dockerfile", "frontend/page.tsx"]);
  });
});
