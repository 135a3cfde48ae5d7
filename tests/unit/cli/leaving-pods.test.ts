import assert from "node:assert/strict";

import { endPods, hurryLeavingPods } from "../../../cli/leaving-pods";
import { Tools } from "../fixtures/tools";

const pod = (name: string, deletionTimestamp?: string) => ({
  metadata: { name, uid: `uid of ${name}`, deletionTimestamp },
});

describe("the pods of a stack that is taken down", () => {
  let tools: Tools;
  beforeEach(() => {
    const items = [pod("backend-1", "2026-11-25T12:00:00Z"), pod("postgres-0")];
    tools = new Tools({
      kubectl: { "*get*pods*": `echo '${JSON.stringify({ items })}'`, "*delete*": "true" },
    });
  });
  afterEach(() => {
    tools.dispose();
  });
  const called = (word: string) => tools.calls().filter((call) => call.includes(word));

  it("end at once where they are going, and only there", async () => {
    const over = new AbortController();
    const hurry = hurryLeavingPods({ context: "here" }, "todo-app", over.signal);
    while (called("get").length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    over.abort();
    await hurry;
    // Once: a second deletion would give it its time anew.
    assert.equal(called("delete").length, 1);
    assert.match(called("delete")[0] ?? "", /-n todo-app delete pod backend-1 --grace-period=2 /);
  });

  it("keep their time where nobody may shorten it", async () => {
    tools.add("kubectl", { "*": "echo 'Error from server (Forbidden)' >&2; exit 1" });
    const over = new AbortController();
    const hurry = hurryLeavingPods({ context: "here" }, "todo-app", over.signal);
    while (called("get").length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    over.abort();
    await assert.doesNotReject(hurry);
  });

  it("are gone before the namespace, without whatever makes them anew", async () => {
    await endPods({ context: "here" }, "todo-app", AbortSignal.timeout(10_000));
    const [workloads, pods] = called("delete");
    assert.match(workloads ?? "", /delete deployments,statefulsets --all/);
    assert.match(pods ?? "", /delete pods --all --grace-period=2 --wait /);
  });
});
