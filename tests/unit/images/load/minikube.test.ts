import assert from "node:assert/strict";
import { MinikubeLoader } from "../../../../images/load/minikube";
import { Tools } from "../../fixtures/tools";

describe("an image in a Minikube", () => {
  let tools: Tools;
  const has = (...names: string[]): string =>
    `echo '${JSON.stringify({ images: [{ id: "sha256:1", repoTags: names }] })}'`;
  const missing = (...nodes: string[]): Promise<string[]> =>
    new MinikubeLoader("todo-backend:1", "many", nodes).missing();
  afterEach(() => {
    tools.dispose();
  });

  it("is asked for at each node: one that joined later lacks what the others have", async () => {
    tools = new Tools({
      minikube: {
        "*many\\ --node\\ many\\ --*": has("docker.io/library/todo-backend:1"),
        "*many\\ --node\\ many-m02\\ --*": has("docker.io/library/todo-backend:0"),
        "*many\\ --node\\ many-m03\\ --*": has("todo-backend:1"),
      },
    });
    assert.deepEqual(await missing("many", "many-m02", "many-m03"), ["many-m02"]);
  });

  it("is asked for with one question where there is one node, also while it is stopped", async () => {
    const list = "image\\ ls*--profile\\ many";
    tools = new Tools({
      minikube: { [list]: `echo '[{"repoTags":["docker.io/library/todo-backend:1"]}]'` },
    });
    assert.deepEqual(await missing("many"), []);
    tools.add("minikube", { [list]: "true" });
    assert.deepEqual(await missing("many"), ["many"]);
  });
});
