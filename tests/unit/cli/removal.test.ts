import assert from "node:assert/strict";

import { hurryRemoval } from "../../../cli/removal";
import { Tools } from "../fixtures/tools";

const pod = (name: string, owner: string, deletionTimestamp?: string) => ({
  metadata: {
    name,
    uid: `uid of ${name}`,
    deletionTimestamp,
    ownerReferences: [{ kind: owner }],
  },
});
const going = "2026-11-25T12:00:00Z";

describe("the removal of a stack", () => {
  let tools: Tools;
  const cluster = (items: unknown[], namespaceIsGoing = false) => {
    tools = new Tools({
      kubectl: {
        "*get*pods*": `echo '${JSON.stringify({ items })}'`,
        "*get*namespace*": namespaceIsGoing ? `echo ${going}` : "true",
        "*delete*": "true",
      },
    });
  };
  afterEach(() => {
    tools.dispose();
  });
  const called = (word: string) => tools.calls().filter((call) => call.includes(word));

  async function looks(times: number): Promise<void> {
    const over = new AbortController();
    const hurry = hurryRemoval({ context: "here" }, "todo-app", over.signal);
    while (called("get pods").length < times) await new Promise((end) => setTimeout(end, 20));
    over.abort();
    await hurry;
  }

  it("shortens the end of pods that are going, and of no other", async () => {
    cluster([pod("postgres-0", "StatefulSet", going), pod("backend-1", "ReplicaSet")]);
    await looks(4);
    // Once: a second deletion would give it its time anew. A database ends by itself.
    assert.equal(called("delete").length, 1);
    assert.match(called("delete")[0] ?? "", /-n todo-app delete pod postgres-0 --grace-period=2 /);
  });

  it("does not wait for pods that any other could replace, once their node knows", async () => {
    cluster([pod("backend-1", "ReplicaSet", going)]);
    await looks(4);
    const [first, second, ...more] = called("delete");
    assert.match(first ?? "", /delete pod backend-1 --grace-period=2 /);
    assert.match(second ?? "", /delete pod backend-1 --grace-period=0 --force /);
    assert.deepEqual(more, []);
  });

  it("deletes the claims of a namespace that is going, once", async () => {
    cluster([], true);
    await looks(3);
    assert.deepEqual(called("delete").length, 1);
    assert.match(called("delete")[0] ?? "", /-n todo-app delete persistentvolumeclaims --all /);
  });

  it("leaves the claims of a namespace that stays: the data is in them", async () => {
    cluster([pod("postgres-0", "StatefulSet", going)]);
    await looks(3);
    assert.deepEqual(called("persistentvolumeclaims"), []);
  });

  it("takes its time where nobody may shorten it", async () => {
    tools = new Tools({
      kubectl: { "*": "echo 'Error from server (Forbidden)' >&2; exit 1" },
    });
    await assert.doesNotReject(looks(2));
  });
});
