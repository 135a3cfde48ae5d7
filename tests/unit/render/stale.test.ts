import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as path from "node:path";

import { renderedFiles, surplus } from "../../../render/tree";
import { root } from "../fixtures/stack";

const files = renderedFiles(root);

describe("the checked-in manifests and chart", () => {
  for (const [file, text] of files) {
    it(`${file} is what \`npm run render\` writes`, () => {
      const target = path.join(root, file);
      assert.equal(existsSync(target) ? readFileSync(target, "utf8") : undefined, text);
    });
  }

  it("hold no file that is rendered no more", () => {
    assert.deepEqual(surplus(root, files), []);
  });

  it("come out the same every time", () => {
    assert.deepEqual(renderedFiles(root), files);
  });
});
