import assert from "node:assert/strict";

import { encryptedKeys, withFacts } from "../../../cli/stack-file";

const template = `# The dev stack.
config:
  kubernetes:context: todo-app
  # A developer's stack may be thrown away.
  todo-app:databaseProtect: false
`;

describe("Pulumi.local.yaml", () => {
  it("is the template with this machine's facts, its comments kept", () => {
    const text = withFacts(template, { "kubernetes:context": "sandbox" }, "template");
    assert.match(text, /kubernetes:context: sandbox/);
    assert.match(
      text,
      /# A developer's stack may be thrown away\.\n {2}todo-app:databaseProtect: false/,
    );
  });

  it("keeps what the user set, also where it is a fact of the machine", () => {
    const edited = template.replace("context: todo-app", "context: my-own # mine");
    const text = withFacts(
      `${edited}  todo-app:nodePort: 30301\n`,
      { "kubernetes:context": "sandbox", "todo-app:platform": "linux/arm64" },
      { "kubernetes:context": "todo-app" },
    );
    assert.match(text, /kubernetes:context: my-own # mine/);
    assert.match(text, /todo-app:nodePort: 30301/);
    assert.match(text, /todo-app:platform: linux\/arm64/);
  });

  it("follows a fact that has changed, and drops one that is none any more", () => {
    const facts = { "kubernetes:context": "sandbox", "todo-app:nodeImage": "sandbox/node:20" };
    const sandbox = withFacts(template, facts, "template");
    const text = withFacts(sandbox, { "kubernetes:context": "todo-app" }, facts);
    assert.match(text, /kubernetes:context: todo-app/);
    assert.doesNotMatch(text, /nodeImage/);
  });

  it("is left byte for byte when nothing has changed", () => {
    const facts = { "kubernetes:context": "sandbox" };
    const once = withFacts(template, facts, "template");
    assert.equal(withFacts(once, facts, facts), once);
  });

  it("names the keys that are encrypted, nested ones too", () => {
    const text = `${template}  todo-app:openaiApiKey:\n    secure: v1:abc\n  todo-app:backendSecretEnv:\n    KEY:\n      secure: v1:def\n`;
    assert.deepEqual(encryptedKeys(text), ["todo-app:openaiApiKey", "todo-app:backendSecretEnv"]);
  });

  it("says what is wrong with a file that is not YAML", () => {
    assert.throws(() => withFacts("config: [", {}, {}), /Pulumi\.local\.yaml is not YAML/);
  });
});
