import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Fault } from "../support/fault";

const run = promisify(execFile);

/** Every node of the cluster (a Minikube has one) goes down and comes up again, with all that runs on it. */
export const nodeRestart: Fault = {
  name: "the cluster's nodes restart",
  mayFail: 1,
  recoversWithin: 180,
  async happen({ sandbox: { nodes } }) {
    const startedAt = async (): Promise<string[]> => {
      const format = ["-f", "{{.State.StartedAt}}"];
      return (await run("docker", ["inspect", ...format, ...nodes])).stdout.trim().split("\n");
    };
    const before = await startedAt();
    await run("docker", ["restart", "--time", "20", ...nodes]);
    const after = await startedAt();
    assert.ok(after.every((time, n) => time !== before[n]));
    return `started at ${after.join(", ")}`;
  },
};
