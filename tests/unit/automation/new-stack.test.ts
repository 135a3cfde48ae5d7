import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

import { UserError } from "../../../tools/errors";
import { assignment, newStackFile, secretLines } from "../../../cli/new-stack/file";
import { freeNodePort } from "../../../cli/new-stack/ports";

const root = path.join(__dirname, "..", "..", "..");
const template = readFileSync(path.join(root, "Pulumi.staging.yaml"), "utf8");

describe("npm run new-stack", () => {
  it("takes the template's values, its own context and namespace, and the given values by their types", () => {
    const text = newStackFile(template, "qa", "kind-qa", [
      ["namespace", "todo-qa"],
      ["nodePort", "30311"],
      ["resourceQuota", "false"],
      ["openaiModel", "gpt-5"],
    ]);
    const { config } = parse(text) as { config: Record<string, unknown> };
    const { config: before } = parse(template) as { config: Record<string, unknown> };
    assert.deepEqual(config, {
      ...before,
      "kubernetes:context": "kind-qa",
      "todo-app:namespace": "todo-qa",
      "todo-app:nodePort": 30311,
      "todo-app:resourceQuota": false,
      "todo-app:openaiModel": "gpt-5",
    });
    assert.match(text, /^# The stack qa, made by npm run new-stack/);
    assert.match(text, /The assistant's answers are streamed/, "the template's comments stay");
  });

  it("leaves behind what only the template's own stack can decrypt", () => {
    const encrypted = `${template.trimEnd()}\n  todo-app:jwtSecret:\n    secure: v1:a:b\n  todo-app:backendSecretEnv:\n    KEY:\n      secure: v1:c:d\nencryptionsalt: v1:salt\n`;
    const text = newStackFile(encrypted, "qa", "kind-qa", []);
    assert.doesNotMatch(text, /secure|encryptionsalt|jwtSecret|backendSecretEnv/);
  });

  it("refuses a secret as an argument, without repeating it, and says how it is given", () => {
    assert.deepEqual(assignment("registry=ghcr.io/me/todo"), ["registry", "ghcr.io/me/todo"]);
    assert.throws(
      () => assignment("jwtSecret=do-not-repeat-me"),
      (error: unknown) => {
        assert.ok(error instanceof UserError);
        const words = [error.message, ...error.next].join("\n");
        assert.match(words, /jwtSecret is a secret[^]*--secrets stdin/);
        assert.doesNotMatch(words, /do-not-repeat-me/);
        return true;
      },
    );
    assert.throws(() => assignment("nothing"), /is not KEY=VALUE/);
  });

  it("reads secrets from lines, whatever is in them", () => {
    const url = "postgresql://u:p=a&b@host/db?sslmode=require";
    assert.deepEqual(
      [...secretLines(`databaseUrl=${url}\r\n\njwtSecret=${"x".repeat(40)}\nopenaiApiKey=\n`)],
      [
        ["databaseUrl", url],
        ["jwtSecret", "x".repeat(40)],
      ],
    );
    assert.throws(
      () => secretLines("databseUrl=do-not-repeat-me"),
      (error: Error) => !error.message.includes("do-not-repeat-me"),
    );
  });

  it("finds the next node port that no other stack of the cluster has", () => {
    const taken = new Map([30300, 30301, 30303].map((port) => [port, "other"]));
    assert.equal(freeNodePort(30300, taken), 30302);
  });
});
