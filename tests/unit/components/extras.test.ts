import assert from "node:assert/strict";

import { outputs } from "../../../stack/outputs";
import { componentObjects } from "../../../render/component-objects";
import { manifestArgs } from "../../../stack/args";
import { references, stackConfig } from "../fixtures/stack";

const objects = (changes: Record<string, unknown> = {}) =>
  componentObjects(manifestArgs(stackConfig(changes), references));

describe("kubectl-ai", () => {
  const rules = (changes: Record<string, unknown>) =>
    objects({ kubectlAi: true, ...changes }).kubectlAi?.role.rules ?? [];

  it("is off unless asked for", () => {
    assert.equal(objects().kubectlAi, undefined);
    assert.deepEqual(outputs(stackConfig()).kubectlAi, []);
  });

  it("may look around its namespace, change nothing, and read no Secret", () => {
    for (const { verbs, resources } of rules({})) {
      assert.deepEqual(verbs, ["get", "list", "watch"]);
      assert.ok(!resources?.includes("secrets") && !resources?.includes("*"));
    }
  });

  it("may scale deployments where that is asked for, and nothing else", () => {
    const more = rules({ kubectlAiScale: true }).filter(({ verbs }) => verbs.includes("patch"));
    assert.deepEqual(
      more.map(({ resources }) => resources),
      [["deployments/scale"]],
    );
  });

  it("gets commands that leave it its own token and no other rights", () => {
    const [view, forget, own] = outputs(stackConfig({ kubectlAi: true })).kubectlAi;
    assert.match(view ?? "", /^\(umask 077; kubectl --context todo-app config view --minify/);
    assert.match(forget ?? "", /delete-user/);
    assert.match(own ?? "", /-n todo-app create token kubectl-ai --duration=8h/);
  });
});

describe("kagent", () => {
  const changes = {
    kagent: true,
    openaiApiKey: { secure: "encrypted" },
    kagentMcpToken: { secure: "encrypted" },
  };

  it("is off unless asked for", () => {
    assert.equal(objects().kagent, undefined);
  });

  it("calls the tools of the application with the user's token, by the Service's full name", () => {
    const spec = (more: Record<string, unknown> = {}) =>
      objects({ ...changes, ...more }).kagent?.mcpServer.spec;
    assert.equal(spec()?.["url"], "http://backend.todo-app.svc:8000/mcp");
    assert.equal(spec({ mcpMode: "separate" })?.["url"], "http://mcp.todo-app.svc:8001/mcp");
    assert.deepEqual(spec()?.["headersFrom"], [
      {
        name: "Authorization",
        valueFrom: { type: "Secret", name: "kagent-openai", key: "MCP_AUTHORIZATION" },
      },
    ]);
  });

  it("lives in a namespace of its own, and holds no secret in clear", () => {
    const { kagent } = objects(changes);
    assert.equal(kagent?.agent.metadata.namespace, "kagent");
    assert.deepEqual(Object.keys(kagent.secret).sort(), ["apiVersion", "kind", "metadata", "type"]);
  });

  it("deletes a task only after a person has agreed", () => {
    assert.match(
      JSON.stringify(objects(changes).kagent?.agent),
      /"requireApproval":\["delete_task"\]/,
    );
  });
});
