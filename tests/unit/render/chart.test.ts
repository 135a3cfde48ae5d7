import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

import { run } from "../../../tools/process";
import { chartValues } from "../../../render/chart/values";
import { chart, helmTemplate } from "./support/helm";
import { set } from "../../../render/chart/from-stack";
import { byIdentity, type Parsed } from "./support/objects";
import { buildTimeout, goProgram } from "./support/tools";

/** Keys and defaults of values.yaml that existing users have in their own files. */
const contractValues = {
  namespace: "todo-app",
  frontend: {
    replicaCount: 2,
    image: { repository: "todo-frontend", tag: "latest", pullPolicy: "IfNotPresent" },
    service: { type: "NodePort", port: 3000, nodePort: 30300 },
    resources: {
      requests: { memory: "256Mi", cpu: "100m" },
      limits: { memory: "512Mi", cpu: "500m" },
    },
    probes: {
      // Initial delays of 0 in place of 30 and 10: a startup probe covers the start.
      liveness: { path: "/", initialDelaySeconds: 0, periodSeconds: 10 },
      readiness: { path: "/", initialDelaySeconds: 0, periodSeconds: 5 },
    },
  },
  backend: {
    replicaCount: 3,
    image: { repository: "todo-backend", tag: "latest", pullPolicy: "IfNotPresent" },
    service: { type: "ClusterIP", port: 8000 },
    resources: {
      requests: { memory: "256Mi", cpu: "100m" },
      limits: { memory: "512Mi", cpu: "500m" },
    },
    probes: {
      // /livez and /readyz in place of /health: a lost database must not restart every pod.
      liveness: { path: "/livez", initialDelaySeconds: 0, periodSeconds: 10 },
      readiness: { path: "/readyz", initialDelaySeconds: 0, periodSeconds: 5 },
    },
    autoscaling: {
      enabled: true,
      minReplicas: 2,
      maxReplicas: 10,
      targetCPUUtilizationPercentage: 70,
    },
  },
  config: { backendUrl: "http://backend:8000", openaiModel: "gpt-4o" },
  secrets: { databaseUrl: "", jwtSecret: "", openaiApiKey: "" },
};

/** Keys that no configuration key means: a value that differs from the default, and the objects that it changes. */
const chartOnly: Record<string, { value: unknown; changes: RegExp; beside?: object }> = {
  "frontend.image.tag": { value: "v2", changes: /^Deployment\/frontend$/ },
  "frontend.image.pullPolicy": { value: "Always", changes: /^Deployment\/frontend$/ },
  "backend.image.tag": { value: "v2", changes: /^Deployment\/backend$/ },
  "backend.image.pullPolicy": { value: "Always", changes: /^Deployment\/backend$/ },
  "backend.service.type": {
    value: "NodePort",
    changes: /^(Service|Deployment|NetworkPolicy)\/backend$/,
  },
  "secrets.existingSecret": {
    value: "mine",
    changes:
      /^(Secret\/(todo-secrets|postgres)|\w+\/postgres|Deployment\/(backend|frontend)|NetworkPolicy\/(backend|mcp|database)|Deployment\/mcp)$/,
  },
  "secrets.existingSecretRevision": {
    value: "2",
    changes: /^Deployment\/(backend|mcp)$/,
    beside: { secrets: { existingSecret: "mine" } },
  },
  "secrets.databasePassword": {
    value: "another",
    changes: /^(Secret\/(todo-secrets|postgres)|StatefulSet\/postgres|Deployment\/(backend|mcp))$/,
  },
  "database.existingSecret": {
    value: "mine",
    changes:
      /^(Secret\/postgres|\w+\/postgres|NetworkPolicy\/(backend|database)|Deployment\/backend)$/,
    beside: { secrets: { existingSecret: "mine" } },
  },
  "database.whenDeleted": { value: "Retain", changes: /^StatefulSet\/postgres$/ },
  "resourceQuota.hard": {
    value: { pods: 40 },
    changes: /^(ResourceQuota\/todo-quota|LimitRange\/todo-limits)$/,
  },
  "mcp.image.tag": { value: "1", changes: /^Deployment\/mcp$/ },
  "mcp.image.pullPolicy": { value: "Always", changes: /^Deployment\/mcp$/ },
  "networkPolicies.kagentNamespace": { value: "kagent", changes: /^NetworkPolicy\/kagent$/ },
};

describe("the chart", function () {
  this.timeout(buildTimeout);
  let helm = "";

  before(async function () {
    const found = await goProgram("helm4");
    if (found === undefined) this.skip();
    helm = found;
  });

  // What only an installation generates.
  const given = {
    secrets: { jwtSecret: "j".repeat(40), databasePassword: "p".repeat(32) },
    frontend: { secretEnv: {} },
  };
  const render = async (values: object) => byIdentity(await helmTemplate(helm, values));
  const changed = (before: Record<string, Parsed>, after: Record<string, Parsed>) =>
    [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
      (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
    );

  it("has the keys and defaults that existing values files rely on", () => {
    const values = parse(readFileSync(path.join(chart, "values.yaml"), "utf8")) as object;
    assert.deepEqual(subset(values, contractValues), contractValues);
  });

  it("changes exactly the objects that a key without a configuration key is about", async () => {
    const own = chartValues.filter(({ config }) => config === undefined).map((value) => value.path);
    assert.deepEqual(Object.keys(chartOnly).sort(), own.sort());
    const whole = { ...given, mcp: { mode: "separate", image: { repository: "mcp" } } };
    for (const [key, { value, changes, beside }] of Object.entries(chartOnly)) {
      const base = beside ?? whole;
      const before = await render(base);
      const values = structuredClone(base);
      set(values, key, value);
      const names = changed(before, await render(values));
      assert.ok(names.length > 0, `${key} changes nothing`);
      assert.deepEqual(
        names.filter((name) => !changes.test(name)),
        [],
        key,
      );
    }
  });

  it("adds and removes whole objects with its toggles", async () => {
    const before = Object.keys(await render({}));
    const toggles: [object, string[], string[]][] = [
      [
        { backend: { autoscaling: { enabled: false } } },
        [],
        ["HorizontalPodAutoscaler/backend-hpa"],
      ],
      [
        { secrets: { databaseUrl: "postgresql://a:b@c/d" } },
        [],
        ["NetworkPolicy/database", "Secret/postgres", "Service/postgres", "StatefulSet/postgres"],
      ],
      [
        { networkPolicies: { enabled: false } },
        [],
        before.filter((name) => name.startsWith("NetworkPolicy/")),
      ],
      [{ ingress: { host: "todo.example.com" } }, ["Ingress/todo-app"], []],
      [
        { secrets: { existingSecret: "mine" }, database: { external: true } },
        [],
        [
          ...["NetworkPolicy/database", "Secret/postgres", "Service/postgres"],
          ...["StatefulSet/postgres", "Secret/todo-secrets"],
        ],
      ],
    ];
    for (const [values, added, removed] of toggles) {
      const after = Object.keys(await render(values));
      assert.deepEqual(after.filter((name) => !before.includes(name)).sort(), added.sort());
      assert.deepEqual(before.filter((name) => !after.includes(name)).sort(), removed.sort());
    }
  });

  it("makes the namespace only where it is not the release's own", async () => {
    const args = ["template", "todo-app", chart, "--namespace", "todo-app"];
    assert.doesNotMatch((await run(helm, args)).stdout, /^kind: Namespace$/m);
    assert.ok("Namespace/todo-app" in (await render({})));
  });

  it("leaves the number of pods to the autoscaler", async () => {
    const replicas = async (enabled: boolean) =>
      (await render({ backend: { autoscaling: { enabled } } }))["Deployment/backend"]?.spec?.[
        "replicas"
      ];
    assert.equal(await replicas(true), undefined);
    assert.equal(await replicas(false), 3);
  });

  it("is rendered to the same bytes each time, whatever generates its secrets", async () => {
    const text = async (...args: string[]) => {
      const all = ["template", "todo-app", chart, "--namespace", "todo-app", ...args];
      const { code, stdout, stderr } = await run(helm, all);
      assert.equal(code, 0, stderr);
      return stdout;
    };
    const existing = "secrets.existingSecret=mine";
    for (const args of [
      [],
      ["--set", existing],
      ["--set", `${existing},database.existingSecret=own`],
      ["--set", `secrets.jwtSecret=${"j".repeat(40)},secrets.databasePassword=p`],
    ]) {
      assert.equal(await text(...args), await text(...args), args.join(" "));
    }
  });

  it("has Secrets that Kubernetes refuses where only an installation could generate them", async () => {
    const without = Object.values(await render({})).filter(({ kind }) => kind === "Secret");
    const fields = without.map((object) => Object.keys(object).find((key) => /^SET-/.test(key)));
    assert.deepEqual(fields.sort(), [
      "SET-secrets.databasePassword",
      "SET-secrets.jwtSecret-OR-secrets.existingSecret",
    ]);
    assert.doesNotMatch(JSON.stringify(await render(given)), /SET-|ungenerated/);
  });

  it("leaves pods of another tool as they run, until the secrets that they read change", async () => {
    const digestOf = async (values: object) => {
      const { spec } = (await render(values))["Deployment/backend"] ?? {};
      const { template } = spec as { template: { metadata: { annotations: object } } };
      return (template.metadata.annotations as Record<string, string>)["checksum/secrets"];
    };
    const own = (await digestOf(given)) ?? "";
    const taken = (theirs: string, openaiApiKey = "") => ({
      ...given,
      secrets: { ...given.secrets, openaiApiKey, keptDigests: { [own]: theirs } },
    });
    assert.equal(await digestOf(taken("0123456789abcdef")), "0123456789abcdef");
    assert.equal(await digestOf(taken("")), undefined);
    assert.match((await digestOf(taken("", "sk-new"))) ?? "", /^[0-9a-f]{16}$/);
  });

  it("has one password in the Secret of PostgreSQL and in the back end's URL", async () => {
    const objects = await render({});
    const password = objects["Secret/postgres"]?.stringData?.["password"] ?? "";
    assert.equal(
      objects["Secret/todo-secrets"]?.stringData?.["database-url"],
      `postgresql://todo:${password}@postgres:5432/todo`,
    );
  });

  it("rolls the pods that read a secret when it changes, and no others", async () => {
    const before = await render(given);
    const after = await render({ secrets: { ...given.secrets, openaiApiKey: "sk-new" } });
    const digest = (objects: Record<string, Parsed>, name: string) =>
      JSON.stringify(
        (objects[name]?.spec as { template?: { metadata?: object } }).template?.metadata,
      );
    assert.notEqual(digest(after, "Deployment/backend"), digest(before, "Deployment/backend"));
    assert.equal(digest(after, "Deployment/frontend"), digest(before, "Deployment/frontend"));
  });

  it("refuses a misspelt key and a value that cannot be, and names it", async () => {
    for (const [values, words] of [
      [{ backend: { replicas: 3 } }, /replicas/],
      [{ frontend: { service: { nodePort: 80 } } }, /nodePort/],
      [{ database: { maxConnections: 30 } }, /database\.maxConnections must be at least/],
      [{ database: { external: true } }, /secrets\.databaseUrl/],
    ] as const) {
      await assert.rejects(helmTemplate(helm, values), words);
    }
  });
});

/** The keys of `wanted` as `found` has them. */
function subset(found: unknown, wanted: unknown): unknown {
  if (typeof wanted !== "object" || wanted === null) return found;
  return Object.fromEntries(
    Object.entries(wanted).map(([key, inner]) => [
      key,
      subset((found as Record<string, unknown> | undefined)?.[key], inner),
    ]),
  );
}
