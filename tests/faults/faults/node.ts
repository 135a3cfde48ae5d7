import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Fault } from "../support/fault";

const run = promisify(execFile);

/** The only node of the cluster goes down and comes up again, with everything on it. */
export const nodeRestart: Fault = {
  name: "the node restarts",
  mayFail: 1,
  recoversWithin: 180,
  async happen(stack) {
    const [node] = stack.sandbox.nodes;
    assert.ok(node);
    const startedAt = async (): Promise<string> =>
      (await run("docker", ["inspect", "-f", "{{.State.StartedAt}}", node])).stdout.trim();
    const before = await startedAt();
    await run("docker", ["restart", "--time", "20", node]);
    const after = await startedAt();
    assert.notEqual(after, before);
    return `started at ${after}`;
  },
};
