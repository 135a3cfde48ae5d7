import assert from "node:assert/strict";

import { secretsIn, userSecrets } from "../../../../cli/take-over/secrets";
import { keptDigests } from "../../../../cli/take-over/digests";
import { restarts } from "../../../../cli/take-over/restarts";
import type { LiveObject } from "../../../../cli/take-over/objects";

const metadata = { namespace: "todo-app", uid: "u", resourceVersion: "1" };

function secret(name: string, data: Record<string, string>): LiveObject {
  const encoded = Object.entries(data).map(([key, value]) => [
    key,
    Buffer.from(value).toString("base64"),
  ]);
  return {
    ...{ apiVersion: "v1", kind: "Secret", metadata: { name, ...metadata } },
    data: Object.fromEntries(encoded) as Record<string, string>,
  };
}

describe("secrets that are in the cluster already", () => {
  const application = { "jwt-secret": "key", "openai-api-key": "sk-1" };

  it("go into the configuration where they are the user's own, and not where they were generated", () => {
    const found = secretsIn([
      secret("postgres", { password: "pw" }),
      secret("todo-secrets", {
        ...application,
        "database-url": "postgresql://todo:pw@postgres:5432/todo",
      }),
      secret("backend-env", { STRIPE: "s", JWT_SECRET_PREVIOUS: "old" }),
    ]);
    assert.deepEqual(Object.fromEntries(userSecrets(found, new Set())), {
      openaiApiKey: "sk-1",
      "backendSecretEnv.STRIPE": "s",
      jwtSecretPrevious: "old",
    });
  });

  it("name a database outside, which must not be exchanged for an empty one", () => {
    const url = "postgresql://me:pw@db.example.com/todo";
    const found = secretsIn([secret("todo-secrets", { ...application, "database-url": url })]);
    assert.equal(userSecrets(found, new Set()).get("databaseUrl"), url);
    assert.equal(userSecrets(found, new Set(["databaseUrl"])).has("databaseUrl"), false);
  });
});

function workload(annotations: Record<string, string>, image = "todo-backend:1"): LiveObject {
  const container = { name: "backend", image, terminationMessagePath: "/dev/termination-log" };
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "backend", ...metadata } },
    spec: { template: { metadata: { annotations }, spec: { containers: [container] } } },
  };
}

describe("pods that go on", () => {
  it("keep the digest of their secrets, or none", () => {
    const digests = (annotations: Record<string, string>) =>
      keptDigests([workload(annotations)], (reader) => `of ${reader}`);
    assert.deepEqual(digests({ "checksum/secrets": "theirs" }), { "of backend": "theirs" });
    assert.deepEqual(digests({}), { "of backend": "" });
  });

  it("are told of before they are started anew, with the reason; a default of the API's is none", () => {
    const wanted = (image: string) => ({
      ...{ kind: "Deployment", metadata: { name: "backend" } },
      spec: { template: { spec: { containers: [{ name: "backend", image }] } } },
    });
    assert.deepEqual(restarts([workload({})], [wanted("todo-backend:1")]), []);
    assert.deepEqual(restarts([workload({})], [wanted("todo-backend:2")]), [
      {
        name: "Deployment backend",
        fields: ["containers[backend].image: todo-backend:1 → todo-backend:2"],
      },
    ]);
  });
});
