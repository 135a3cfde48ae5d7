import assert from "node:assert/strict";

import { NamespaceKubectl } from "../../../tools/kubectl";
import { podReport } from "../../../tools/pod-report";
import { Tools } from "../fixtures/tools";

/** `kubectl` where the application has these pods. */
function withPods(pods: object[], more: Record<string, string> = {}): Tools {
  return new Tools({
    kubectl: {
      "*get*pods*": `echo '${JSON.stringify({ items: pods })}'`,
      "*get*events*": `echo '{"items":[]}'`,
      ...more,
    },
  });
}

const runs = { running: { startedAt: "2026-01-01T00:00:00Z" } };

describe("the reason of a failed rollout", () => {
  let tools: Tools | undefined;
  afterEach(() => tools?.dispose());
  const report = () => podReport(new NamespaceKubectl({ context: "here" }, "todo-app"), "backend");

  it("is what a worker said that died under a living parent: the container runs, its probe fails", async () => {
    const events = {
      items: [
        {
          message: "Startup probe failed: connection refused",
          count: 57,
          involvedObject: { fieldPath: "spec.containers{backend}" },
        },
      ],
    };
    tools = withPods(
      [
        {
          metadata: { name: "backend-1" },
          status: {
            containerStatuses: [{ name: "backend", ready: false, restartCount: 0, state: runs }],
          },
        },
      ],
      {
        "*get*events*": `echo '${JSON.stringify(events)}'`,
        "*logs*backend-1*": "echo ModuleNotFoundError: No module named psycopg2",
      },
    );
    const text = await report();
    assert.match(text, /Pod backend-1:/);
    assert.match(text, /container backend: runs, but is not ready/);
    assert.match(text, /Startup probe failed: connection refused \(57 times\)/);
    assert.match(text, /current log of backend:\n\s+ModuleNotFoundError: No module named psycopg2/);
  });

  it("names restarts, the last end, and the log of the container before", async () => {
    tools = withPods(
      [
        {
          metadata: { name: "backend-1" },
          status: {
            containerStatuses: [
              {
                name: "backend",
                ready: false,
                restartCount: 4,
                state: { waiting: { reason: "CrashLoopBackOff" } },
                lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
              },
            ],
          },
        },
      ],
      { "*--previous*": "echo out of memory soon" },
    );
    const text = await report();
    assert.match(
      text,
      /CrashLoopBackOff; 4 restarts; before that ended with exit code 137 \(OOMKilled\)/,
    );
    assert.match(text, /previous log of backend:\n\s+out of memory soon/);
  });

  it("tells of an init container that failed, and says once what is true of several pods", async () => {
    const status = {
      initContainerStatuses: [
        {
          name: "backend-migrate",
          ready: false,
          restartCount: 0,
          state: { terminated: { exitCode: 1, reason: "Error" } },
        },
      ],
      containerStatuses: [],
    };
    tools = withPods(
      [
        { metadata: { name: "backend-1" }, status },
        { metadata: { name: "backend-2" }, status },
      ],
      { "*logs*": "echo Migrating to 0003 failed" },
    );
    const text = await report();
    assert.match(text, /Pod backend-1, backend-2:/);
    assert.equal(text.split("Migrating to 0003 failed").length, 2);
  });

  it("is the scheduler's where no node has room, and nothing where all is well", async () => {
    const conditions = [
      {
        type: "PodScheduled",
        status: "False",
        message: "0/1 nodes are available: Insufficient cpu",
      },
    ];
    tools = withPods([{ metadata: { name: "backend-1" }, status: { conditions } }]);
    assert.match(await report(), /not scheduled: 0\/1 nodes are available: Insufficient cpu/);
    tools.dispose();
    tools = withPods([
      {
        metadata: { name: "backend-1" },
        status: {
          containerStatuses: [{ name: "backend", ready: true, restartCount: 0, state: runs }],
        },
      },
    ]);
    assert.equal(await report(), "");
  });
});
