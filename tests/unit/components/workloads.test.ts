import assert from "node:assert/strict";

import { componentObjects } from "../../../render/component-objects";
import { manifestArgs } from "../../../stack/args";
import { references, stackConfig } from "../fixtures/stack";

const objects = (changes: Record<string, unknown> = {}) =>
  componentObjects(manifestArgs(stackConfig(changes), references));

/** The environment of a pod: plain values, and where the others come from. */
function environment(changes: Record<string, unknown>, name: "frontend" | "backend" | "mcp") {
  const [container] = objects(changes)[name]?.deployment.spec?.template.spec?.containers ?? [];
  return Object.fromEntries((container?.env ?? []).map(({ name, ...value }) => [name, value]));
}

describe("a drain of a node", () => {
  const all = objects({ mcpMode: "separate" });

  for (const name of ["frontend", "backend", "mcp"] as const) {
    it(`takes one pod of the ${name} at a time, and never waits for one that is broken`, () => {
      const spec = all[name]?.disruptionBudget.spec;
      assert.equal(spec?.maxUnavailable, 1);
      assert.equal(spec.unhealthyPodEvictionPolicy, "AlwaysAllow");
      assert.deepEqual(
        spec.selector?.matchLabels,
        all[name]?.deployment.spec?.selector.matchLabels,
      );
    });

    it(`leaves pods of the ${name} elsewhere, but one node can hold them all`, () => {
      const [spread] = all[name]?.deployment.spec?.template.spec?.topologySpreadConstraints ?? [];
      assert.equal(spread?.topologyKey, "kubernetes.io/hostname");
      assert.equal(spread.whenUnsatisfiable, "ScheduleAnyway");
    });
  }

  it("is not held up by the database, of which there is one", () => {
    assert.deepEqual(Object.keys(all.database ?? {}), ["statefulSet", "service"]);
  });
});

describe("the quota", () => {
  it("is twice what the stack uses at its largest, while it rolls: ten back ends, two front ends, one database", () => {
    const { limits } = objects({ resourceQuota: true, rolloutSurge: 1 });
    // 2 × (11 + 3 + 1) pods of 100m/256Mi, at most 500m/512Mi.
    assert.deepEqual(limits?.quota.spec?.hard, {
      "requests.cpu": "3",
      "requests.memory": "7680Mi",
      "limits.cpu": "15",
      "limits.memory": "15Gi",
      pods: "30",
    });
    assert.equal(limits.limitRange.spec?.limits[0]?.default?.["memory"], "512Mi");
  });

  it("counts the MCP server, and no database that is elsewhere", () => {
    const pods = (changes: Record<string, unknown>) =>
      objects({ resourceQuota: true, rolloutSurge: 1, ...changes }).limits?.quota.spec?.hard?.[
        "pods"
      ];
    assert.equal(pods({ mcpMode: "separate" }), "36");
    assert.equal(pods({ databaseUrl: { secure: "encrypted" } }), "28");
    assert.equal(pods({ autoscaling: false, backendReplicas: 1 }), "12");
    // 2 × (20 + 4 + 1): all at once is twice as many, however large the number.
    for (const rolloutSurge of [10, 100]) assert.equal(pods({ rolloutSurge }), "50");
  });

  it("is off unless asked for", () => {
    assert.equal(objects().limits, undefined);
  });
});

describe("the MCP server", () => {
  it("is part of the back end unless asked for", () => {
    assert.equal(objects().mcp, undefined);
    assert.equal(environment({}, "backend")["MCP_URL"], undefined);
    assert.equal(environment({}, "frontend")["MCP_URL"], undefined);
  });

  it("has two pods of the back end's image on port 8001, with probes and a Service", () => {
    const { mcp, backend } = objects({ mcpMode: "separate" });
    const [container] = mcp?.deployment.spec?.template.spec?.containers ?? [];
    const [server] = backend.deployment.spec?.template.spec?.containers ?? [];
    assert.equal(mcp?.deployment.spec?.replicas, 2);
    assert.equal(container?.image, server?.image);
    assert.deepEqual(container?.command, ["python", "-m", "app.serve", "mcp"]);
    assert.deepEqual(container.ports, [{ name: "http", containerPort: 8001 }]);
    assert.deepEqual(container.livenessProbe?.httpGet, { path: "/livez", port: 8001 });
    assert.deepEqual(container.readinessProbe?.httpGet, { path: "/readyz", port: 8001 });
    assert.deepEqual(mcp.service.spec?.ports, [{ name: "http", port: 8001, targetPort: 8001 }]);
  });

  it("is what the assistant and the front end call then", () => {
    const changes = { mcpMode: "separate" };
    const reference = { configMapKeyRef: { name: "todo-config", key: "MCP_URL" } };
    assert.deepEqual(environment(changes, "backend")["MCP_URL"], { valueFrom: reference });
    assert.deepEqual(environment(changes, "frontend")["MCP_URL"], { valueFrom: reference });
    assert.equal(objects(changes).settings.configMap.data?.["MCP_URL"], "http://mcp:8001/mcp");
  });

  it("knows no key of a model", () => {
    assert.equal(environment({ mcpMode: "separate" }, "mcp")["OPENAI_API_KEY"], undefined);
  });

  it("answers under its Service's names, within and outside of the namespace", () => {
    const hosts = (changes: Record<string, unknown>) =>
      JSON.parse(
        objects({ namespace: "todo", ...changes }).settings.configMap.data?.["MCP_ALLOWED_HOSTS"] ??
          "[]",
      ) as string[];
    assert.ok(hosts({}).includes("backend.todo.svc:8000"));
    assert.ok(hosts({}).includes("backend"));
    assert.ok(hosts({ mcpMode: "separate" }).includes("mcp.todo.svc.cluster.local:8001"));
    assert.ok(hosts({ mcpAllowedHosts: ["todo.example.com"] }).includes("todo.example.com"));
    assert.ok(!hosts({}).includes("evil.example.com"));
  });
});

describe("the front end's Service", () => {
  it("is a NodePort, and inside the cluster or at a cloud's address where asked for", () => {
    const spec = (changes: Record<string, unknown>) => objects(changes).frontend.service.spec;
    assert.equal(spec({})?.ports?.[0]?.nodePort, 30300);
    for (const type of ["ClusterIP", "LoadBalancer"]) {
      const service = spec({ frontendServiceType: type });
      assert.equal(service?.type, type);
      assert.equal(service.ports?.[0]?.nodePort, undefined);
    }
  });
});
