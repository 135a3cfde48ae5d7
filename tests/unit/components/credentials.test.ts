import assert from "node:assert/strict";

import { keyedChecksum } from "../../../manifests/checksum";
import {
  type DatabaseForms,
  databaseUrl,
  secretData,
  type SecretValues,
} from "../../../manifests/secret-data";
import { manifestArgs } from "../../../stack/args";
import { stackObjects, stackObjectsWithSecrets } from "../../../render/objects";
import { references, stackConfig } from "../fixtures/stack";

const values: SecretValues = {
  databaseUrl: databaseUrl("p@ss/word"),
  jwtSecret: "jwt-secret-value",
  openaiApiKey: "sk-value",
  databasePassword: "p@ss/word",
  registry: "ghcr.io/team/app",
  registryUsername: "me",
  registryPassword: "token",
  frontendEnv: {},
  backendEnv: { STRIPE_KEY: "stripe" },
  mcpEnv: {},
};

/** The address as it was given, for those that read it unless told otherwise. */
const asGiven: DatabaseForms = {
  readers: { backend: "database-url", mcp: "database-url" },
  urls: {},
  parts: false,
};

describe("the secrets", () => {
  it("have the keys of the user's plan", () => {
    assert.deepEqual(Object.keys(secretData(values, asGiven).application), [
      "database-url",
      "jwt-secret",
      "openai-api-key",
    ]);
  });

  it("name the embedded database in a URL that survives any password", () => {
    const url = new URL(values.databaseUrl);
    assert.equal(url.host, "postgres:5432");
    assert.equal(decodeURIComponent(url.password), "p@ss/word");
  });

  it("let the nodes pull from the registry's host", () => {
    const config = JSON.parse(secretData(values, asGiven).pull[".dockerconfigjson"] ?? "") as {
      auths: Record<string, { auth: string }>;
    };
    assert.deepEqual(Object.keys(config.auths), ["ghcr.io"]);
    assert.equal(Buffer.from(config.auths["ghcr.io"]?.auth ?? "", "base64").toString(), "me:token");
  });

  it("are never part of a rendered object", () => {
    const text = JSON.stringify(stackObjects(manifestArgs(stackConfig(), references)));
    assert.doesNotMatch(text, /stringData|"data":\{"database-url/);
  });

  it("are applied in full without the engine, with a digest that gives nothing away", () => {
    const input = { ...values, checksumKey: "key" };
    const objects = stackObjectsWithSecrets(manifestArgs(stackConfig(), references), input);
    const secret = objects.find(
      ({ kind, metadata }) => kind === "Secret" && metadata?.name === "todo-secrets",
    );
    assert.deepEqual((secret as { stringData?: unknown }).stringData, {
      "database-url": values.databaseUrl,
      "jwt-secret": values.jwtSecret,
      "openai-api-key": values.openaiApiKey,
    });
    const others = JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"));
    for (const value of [values.jwtSecret, values.openaiApiKey, values.databasePassword]) {
      assert.ok(!others.includes(value), value);
    }
    assert.notEqual(keyedChecksum("key", { a: "1" }), keyedChecksum("other key", { a: "1" }));
  });
});
