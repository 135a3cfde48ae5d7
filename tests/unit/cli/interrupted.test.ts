import assert from "node:assert/strict";

import { pendingCreates, settled } from "../../../automation/interrupted";

/** A stack's state as the file backend keeps it, with the operations that an update left open. */
function stateWith(operations: unknown[]): string {
  return JSON.stringify({
    version: 3,
    checkpoint: { stack: "local", latest: { resources: [], pending_operations: operations } },
  });
}

describe("an update that was killed", () => {
  it("leaves nothing to settle in the usual case", () => {
    assert.deepEqual(pendingCreates(stateWith([])), []);
    assert.deepEqual(pendingCreates(JSON.stringify({ version: 3, checkpoint: {} })), []);
  });

  it("leaves creations open, of which Kubernetes objects can be looked for", () => {
    const service = {
      urn: "urn:pulumi:local::todo-app::kubernetes:core/v1:Service::frontend",
      type: "kubernetes:core/v1:Service",
      inputs: { metadata: { name: "frontend", namespace: "todo-app" } },
    };
    const password = {
      urn: "urn:pulumi:local::todo-app::random:index/randomPassword:RandomPassword::jwt-secret",
      type: "random:index/randomPassword:RandomPassword",
      inputs: { length: 64 },
    };
    const open = [
      { resource: service, type: "creating" },
      { resource: password, type: "creating" },
      { resource: { ...service, urn: "other" }, type: "updating" },
    ];
    assert.deepEqual(pendingCreates(stateWith(open)), [
      { urn: service.urn, object: { kind: "Service", name: "frontend", namespace: "todo-app" } },
      { urn: password.urn },
    ]);
  });

  it("is settled: what exists is in the state, what does not is forgotten", () => {
    const made = {
      urn: "a::Service::made",
      type: "kubernetes:core/v1:Service",
      inputs: { spec: 1 },
    };
    const lost = { urn: "a::Service::lost", type: "kubernetes:core/v1:Service" };
    const before = { urn: "a::Namespace::n", type: "kubernetes:core/v1:Namespace", id: "n" };
    const deployment = {
      manifest: { version: "v3" },
      resources: [before],
      pending_operations: [
        { resource: made, type: "creating" },
        { resource: lost, type: "creating" },
      ],
    };
    assert.deepEqual(settled(deployment, new Map([[made.urn, "todo-app/made"]])), {
      manifest: { version: "v3" },
      resources: [before, { ...made, id: "todo-app/made", outputs: { spec: 1 } }],
      pending_operations: [],
    });
  });
});
