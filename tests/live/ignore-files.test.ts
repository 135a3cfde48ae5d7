import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";

import { listAll } from "../../images/listing";
import { run } from "../../tools/process";
import { ignoreFile } from "../unit/images/support/generated";
import { ignoredTree, stagedFiles } from "../unit/images/support/ignored-tree";

/** How many are compared: each costs a build of a second. TODO_IGNORE_FILES asks for more, TODO_IGNORE_SEED for others. */
const COUNT = Number(process.env["TODO_IGNORE_FILES"] ?? 8);
const SEED = Number(process.env["TODO_IGNORE_SEED"] ?? 1);

/** What a build's `COPY . /` had, by the Docker of this machine; undefined where it refused the ignore file. */
async function sentByDocker(text: string): Promise<string[] | undefined> {
  const { root } = ignoredTree(text);
  try {
    const image = path.join(root, "image");
    const args = ["buildx", "build", "--quiet", "--file", path.join(root, "Dockerfile")];
    const build = [...args, "--output", `type=local,dest=${image}`, path.join(root, "context")];
    const { code, stderr } = await run("docker", build, { timeout: 60_000 });
    if (code !== 0) {
      assert.match(stderr, /syntax error in pattern|illegal exclusion|excludepatterns/, stderr);
      return undefined;
    }
    return listAll(image)
      .filter(({ kind }) => kind !== "folder")
      .map((found) => found.path)
      .sort();
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}

describe("generated ignore files", function () {
  this.timeout(60_000 + COUNT * 10_000);

  before(async function () {
    if ((await run("docker", ["buildx", "version"], { timeout: 20_000 })).code !== 0) this.skip();
  });

  it(`leave the files in the stage that docker build sends (${COUNT} of them)`, async () => {
    for (const text of fc.sample(ignoreFile, { numRuns: COUNT, seed: SEED })) {
      const staged = stagedFiles(text);
      const sent = await sentByDocker(text);
      if (sent === undefined) assert.ok(staged instanceof Error, JSON.stringify(text));
      else assert.deepEqual(staged, sent, JSON.stringify(text));
    }
  });
});
