import assert from "node:assert/strict";

import { adopted, plannedObjects, released, type PlannedStep } from "../../../automation/adopt";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const urn = (type: string, name: string) => `urn:pulumi:local::todo-app::${type}::${name}`;
const provider = urn("pulumi:providers:kubernetes", "kubernetes");
const random = `${urn("pulumi:providers:random", "default_4_21_1")}::${unknown}`;

function step(type: string, name: string, rest: object): PlannedStep {
  return { op: "create", urn: urn(type, name), newState: { urn: urn(type, name), type, ...rest } };
}

const metadata = { name: "todo-config", namespace: "todo-app", labels: { app: "todo-app" } };
const steps: PlannedStep[] = [
  step("pulumi:providers:kubernetes", "kubernetes", { custom: true, inputs: { context: "x" } }),
  step("todo-app:index:Settings", "settings", { custom: false }),
  step("kubernetes:core/v1:ConfigMap", "todo-config", {
    custom: true,
    provider: `${provider}::${unknown}`,
    inputs: { apiVersion: "v1", kind: "ConfigMap", metadata, data: { A: "1" } },
  }),
  step("kubernetes:core/v1:Secret", "absent", {
    custom: true,
    provider: `${provider}::${unknown}`,
    inputs: { apiVersion: "v1", kind: "Secret", metadata: { name: "absent" } },
  }),
  step("random:index/randomPassword:RandomPassword", "jwt-secret", {
    custom: true,
    provider: random,
    inputs: { length: 64, special: false },
  }),
];
const config = urn("kubernetes:core/v1:ConfigMap", "todo-config");

describe("a state that takes in what exists", () => {
  const live = { kind: "ConfigMap", metadata: { name: "todo-config", namespace: "todo-app" } };
  const { resources = [] } = adopted(
    {},
    steps,
    { objects: new Map([[config, live]]), generated: new Map([["jwt-secret", "in use"]]) },
    new Map([[config, "pulumi-kubernetes-1"]]),
  );
  const named = (end: string) => resources.find((resource) => resource.urn.endsWith(`::${end}`));

  it("has the objects that are in the cluster, by their provider, and leaves the others to be made", () => {
    assert.deepEqual(
      plannedObjects(steps).map(({ name }) => name),
      ["todo-config", "absent"],
    );
    const object = named("todo-config");
    assert.equal(object?.id, "todo-app/todo-config");
    assert.equal(object.provider, `${provider}::${named("kubernetes")?.id}`);
    assert.equal(object.outputs?.["__fieldManager"], "pulumi-kubernetes-1");
    assert.equal(named("absent"), undefined);
  });

  it("says that the program has not asked for the labels, so that the update applies every object", () => {
    const { name, namespace } = metadata;
    assert.deepEqual(named("todo-config")?.inputs?.["metadata"], { name, namespace });
  });

  it("goes on with the passwords that are in use, as secrets", () => {
    const password = named("jwt-secret");
    assert.deepEqual(password?.inputs, { length: 64, special: false });
    assert.match(JSON.stringify(password.outputs?.["result"]), /1b47061264138c4ac30d75fd1eb44270/);
    assert.match(JSON.stringify(password.outputs?.["result"]), /in use/);
  });

  it("is empty once another tool goes on: destroying the stack deletes nothing then", () => {
    assert.deepEqual(released({ resources }).resources, []);
  });
});
