import assert from "node:assert/strict";
import * as util from "node:util";

import { showWhyPodsFail } from "../../../hooks/failed-rollout";
import { Tools } from "../fixtures/tools";

const urn = "urn:pulumi:local::todo-app::kubernetes:apps/v1:Deployment::backend";

/** What the hook says of a failed operation, without an engine that takes it. */
async function said(errors: string[]): Promise<string> {
  const write = console.error;
  let text = "";
  console.error = (...words: unknown[]) => {
    text += util.format(...words);
  };
  try {
    const args = { urn, id: "id", name: "backend", type: "kubernetes:apps/v1:Deployment" };
    const hook = showWhyPodsFail("here", "todo-app", "backend");
    assert.equal(await hook.callback({ ...args, failedOperation: "update", errors }), false);
  } finally {
    console.error = write;
  }
  return text;
}

describe("a failed operation of a workload", () => {
  let tools: Tools;
  beforeEach(() => {
    const waiting = { reason: "CrashLoopBackOff" };
    const container = { name: "backend", ready: false, restartCount: 0, state: { waiting } };
    const pod = { metadata: { name: "backend-1" }, status: { containerStatuses: [container] } };
    tools = new Tools({
      kubectl: {
        "*get*pods*": `echo '${JSON.stringify({ items: [pod] })}'`,
        "*get*events*": `echo '{"items":[]}'`,
      },
    });
  });
  afterEach(() => {
    tools.dispose();
  });

  it("that is a rollout has its pods' reason, once however often it is tried", async () => {
    const timeout = "resource todo-app/backend: timed out waiting to be Ready";
    assert.match(await said([timeout]), /Pod backend-1:\n.*CrashLoopBackOff/);
    assert.equal(await said([timeout, timeout]), "");
  });

  it("that is none says nothing of pods", async () => {
    assert.equal(await said(["Deployment is invalid: spec.replicas: must be positive"]), "");
    assert.deepEqual(tools.calls(), []);
  });
});
