import assert from "node:assert/strict";

import { replacePorts } from "../../../hooks/ports";
import { Tools } from "../fixtures/tools";

const service = (port: number) => ({ spec: { ports: [{ name: "http", port }] } });
const deployment = (containerPort: number) => ({
  spec: { template: { spec: { containers: [{ ports: [{ name: "http", containerPort }] }] } } },
});
const applied = { manager: "pulumi-kubernetes-1a2b", operation: "Apply" };
const created = { manager: "pulumi-kubernetes", operation: "Update" };
const controller = { manager: "kube-controller-manager", operation: "Update" };

describe("a changed port", () => {
  let tools: Tools;
  const owners = (...managedFields: object[]) => {
    tools.add("kubectl", {
      "*get*managed-fields*": `echo '${JSON.stringify({ metadata: { managedFields } })}'`,
      "*patch*": "true",
    });
  };
  const change = async (kind: "service" | "deployment", before: object, after: object) => {
    const hook = replacePorts("here", "todo-app", kind, "backend");
    await hook.callback({
      urn: "urn",
      id: "id",
      name: "backend",
      type: kind,
      oldInputs: before,
      newInputs: after,
      oldOutputs: { __fieldManager: applied.manager },
    });
    return tools.calls().filter((call) => call.includes("patch"));
  };
  beforeEach(() => {
    tools = new Tools({});
    owners(controller, created);
  });
  afterEach(() => {
    tools.dispose();
  });

  it("takes the old one's place, in objects that were never updated", async () => {
    for (const [kind, make] of [
      ["service", service] as const,
      ["deployment", deployment] as const,
    ]) {
      const [patch = ""] = (await change(kind, make(8000), make(8001))).slice(-1);
      assert.match(patch, new RegExp(`patch ${kind} backend --type=json`));
      assert.match(
        patch,
        /"\/metadata\/managedFields\/1\/manager","value":"pulumi-kubernetes-1a2b"/,
      );
      assert.match(patch, /"\/metadata\/managedFields\/1\/operation","value":"Apply"/);
    }
  });

  it("needs nothing once the object was updated", async () => {
    owners(applied, controller);
    assert.deepEqual(await change("service", service(8000), service(8001)), []);
  });

  it("is the only change for which the cluster is asked", async () => {
    await change("service", service(8000), service(8000));
    assert.deepEqual(tools.calls(), []);
  });

  it("leaves a refusal to the API server, which says it with the object", async () => {
    tools.add("kubectl", { "*": "echo 'Error from server (Forbidden)' >&2; exit 1" });
    await assert.doesNotReject(change("service", service(8000), service(8001)));
  });
});
