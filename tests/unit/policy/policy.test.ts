import assert from "node:assert/strict";
import { readdirSync } from "node:fs";

import { allObjects } from "../../../render/component-objects";
import { manifestArgs } from "../../../stack/args";
import { type Resource, rules } from "../../../policy/rules";
import { parseStackFile, readStackFile } from "../../../config/stack-file";
import { root, stackConfig } from "../fixtures/stack";
import type { StackConfig } from "../../../config/stack";

const references = {
  frontend: "todo-frontend:0123456789ab",
  backend: "todo-backend:0123456789ab",
};

/** The stack's objects as the engine would show them to the policies. */
function resources(config: StackConfig): Resource[] {
  const parts = manifestArgs(config, references);
  return allObjects(parts).map((object) => ({
    type: `kubernetes:${object.apiVersion}:${object.kind}`,
    name: object.metadata?.name ?? "",
    props: structuredClone(object) as unknown as Record<string, unknown>,
    protect: object.kind === "Namespace" && parts.namespace.protect === true,
  }));
}

/** Every violation as "rule: message". */
function violations(all: Resource[]): string[] {
  return rules.flatMap(({ name, check }) =>
    all.flatMap((resource) => check(resource, all).map((message) => `${name}: ${message}`)),
  );
}

/** The dev stack with its database protected, so that it breaks no rule by itself. */
const clean = { databaseProtect: true };

const stacks = readdirSync(root)
  .flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.slice(1) ?? [])
  .filter((stack) => stack !== "local");

describe("the policies", () => {
  for (const stack of stacks) {
    it(`are kept by the stack ${stack}`, () => {
      const found = violations(resources(parseStackFile(readStackFile(stack, root))));
      const wanted =
        stack === "dev" ? [/^data-protected: Namespace todo-app holds a database/] : [];
      assert.equal(found.length, wanted.length, found.join("\n"));
      for (const [index, pattern] of wanted.entries()) assert.match(found[index] ?? "", pattern);
    });
  }

  it("are kept with every optional part", () => {
    const everything = {
      ...clean,
      mcpMode: "separate",
      kubectlAi: true,
      kubectlAiScale: true,
      kagent: true,
      ingressHost: "todo.example.com",
      ingressTlsSecret: "todo-tls",
      resourceQuota: true,
      databaseClients: true,
    };
    assert.deepEqual(violations(resources(stackConfig(everything))), []);
  });

  const byConfiguration: [string, Record<string, unknown>, RegExp][] = [
    [
      "restricted-pods",
      { podSecurity: "baseline", backendRunAsUser: 0 },
      /Deployment backend may run as root.*backendRunAsUser/,
    ],
    [
      "restricted-pods",
      { frontendReadOnlyRoot: false },
      /Deployment frontend, container frontend, may write to its root.*frontendReadOnlyRoot/,
    ],
    ["pod-security-enforced", { podSecurity: "baseline" }, /config set podSecurity restricted/],
    ["network-default-deny", { networkPolicies: false }, /config set networkPolicies true/],
    ["data-protected", { databaseProtect: false }, /config set databaseProtect true/],
    ["no-latest-tag", { postgresImage: "postgres" }, /runs postgres, .* Name a version/],
    ["no-latest-tag", { postgresImage: "registry:5000/postgres:latest" }, /postgres:latest/],
    [
      "no-secret-in-clear",
      { backendEnv: { STRIPE_API_KEY: "rk_live_1" } },
      /Deployment backend holds STRIPE_API_KEY in clear.*config set --secret --path 'backendSecretEnv.STRIPE_API_KEY'/,
    ],
    [
      "no-secret-in-clear",
      { frontendEnv: { CACHE: "redis://me:hunter2@cache:6379" } },
      /Deployment frontend holds CACHE in clear/,
    ],
  ];
  for (const [rule, changes, message] of byConfiguration) {
    it(`refuse ${JSON.stringify(changes)} (${rule})`, () => {
      const found = violations(resources(stackConfig({ ...clean, ...changes })));
      const own = found.filter((line) => line.startsWith(`${rule}: `));
      assert.ok(
        own.some((line) => message.test(line)),
        found.join("\n"),
      );
      assert.doesNotMatch(found.join("\n"), /hunter2|rk_live/);
    });
  }

  /** What no configuration can cause, but an edit of the program can. */
  const byEdit: [string, (all: Resource[]) => Resource[] | undefined, RegExp][] = [
    [
      "no-service-account-token",
      edit("Deployment", "backend", "spec.template.spec.automountServiceAccountToken", true),
      /automountServiceAccountToken: false/,
    ],
    [
      "restricted-pods",
      edit("StatefulSet", "postgres", "spec.template.spec.volumes", [
        { name: "host", hostPath: { path: "/" } },
      ]),
      /mounts the node's folder host/,
    ],
    [
      "restricted-pods",
      edit("Deployment", "frontend", "spec.template.spec.hostNetwork", true),
      /shares the node's network/,
    ],
    [
      "resources-set",
      edit("Deployment", "backend", "spec.template.spec.containers.0.resources.limits", {}),
      /container backend, has no limit of cpu, no limit of memory.*MemoryLimit/,
    ],
    [
      "probes",
      edit("Deployment", "frontend", "spec.template.spec.containers.0.readinessProbe", undefined),
      /container frontend, has no readinessProbe/,
    ],
    [
      "disruption-budget",
      without("PodDisruptionBudget", "backend"),
      /Deployment backend has no PodDisruptionBudget/,
    ],
    [
      "disruption-budget",
      edit("PodDisruptionBudget", "frontend", "spec.unhealthyPodEvictionPolicy", "IfHealthyBudget"),
      /Deployment frontend has no/,
    ],
    [
      "rolls-without-a-gap",
      edit("Deployment", "backend", "spec.strategy.rollingUpdate.maxUnavailable", 1),
      /Set maxUnavailable to 0/,
    ],
    [
      "network-default-deny",
      edit("NetworkPolicy", "default-deny", "spec.policyTypes", ["Ingress"]),
      /refuses by default/,
    ],
    [
      "node-port-range",
      edit("Service", "frontend", "spec.ports.0.nodePort", 80),
      /NodePort 80, outside 30000-32767/,
    ],
    [
      "node-port-range",
      edit("Service", "postgres", "spec.ports.0.nodePort", 30900),
      /Service postgres is open on every node/,
    ],
    [
      "images-by-content",
      (all) => [
        ...all,
        {
          type: "docker:index/image:Image",
          name: "backend-image",
          props: { imageName: "todo-backend:latest" },
        },
      ],
      /a changed image rolls no pod/,
    ],
    [
      "named-cluster",
      (all) => [
        ...all,
        {
          type: "pulumi:providers:kubernetes",
          name: "default",
          props: { kubeconfig: "/home/me/.kube/config" },
        },
      ],
      /whatever cluster is current/,
    ],
    [
      "least-privilege",
      (all) => [
        ...all,
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
          name: "x",
          props: { kind: "ClusterRole" },
        },
      ],
      /over the whole cluster/,
    ],
    [
      "least-privilege",
      (all) => [
        ...all,
        {
          type: "kubernetes:rbac.authorization.k8s.io/v1:Role",
          name: "x",
          props: {
            kind: "Role",
            rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get"] }],
          },
        },
      ],
      /rights over Secrets/,
    ],
  ];
  for (const [rule, change, message] of byEdit) {
    it(`refuse an edited program (${rule}: ${message.source})`, () => {
      const all = resources(stackConfig(clean));
      const found = violations(change(all) ?? all);
      assert.ok(
        found.some((line) => line.startsWith(`${rule}: `) && message.test(line)),
        found.join("\n"),
      );
    });
  }

  it("are each broken by one of these", () => {
    const broken = new Set([...byConfiguration, ...byEdit].map(([rule]) => rule));
    assert.deepEqual(
      rules.map(({ name }) => name).filter((name) => !broken.has(name)),
      [],
    );
  });
});

/** Sets one field of one object. */
function edit(kind: string, name: string, field: string, value: unknown) {
  return (all: Resource[]): undefined => {
    const keys = field.split(".");
    const last = keys.pop() ?? "";
    const holder = keys.reduce<Record<string, unknown>>(
      (object, key) => object[key] as Record<string, unknown>,
      find(all, kind, name).props,
    );
    holder[last] = value;
  };
}

function without(kind: string, name: string) {
  return (all: Resource[]): Resource[] => {
    const gone = find(all, kind, name);
    return all.filter((resource) => resource !== gone);
  };
}

function find(all: Resource[], kind: string, name: string): Resource {
  const found = all.find((resource) => resource.props["kind"] === kind && resource.name === name);
  assert.ok(found, `${kind} ${name}`);
  return found;
}
