import assert from "node:assert/strict";

import { ConfigError } from "../../../config/reader";
import { stackConfig } from "../fixtures/stack";

/** What the user reads about a configuration with one problem. */
function problem(changes: Record<string, unknown>): string {
  try {
    stackConfig(changes);
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    assert.equal(error.problems.length, 1, error.message);
    return error.message;
  }
  return assert.fail("the configuration was accepted");
}

/** The commands of a message, as if they had been followed. */
function followed(message: string): Record<string, unknown> {
  const commands = message.matchAll(/pulumi config set (\w+) '?([^\s']+)/g);
  return Object.fromEntries([...commands].map(([, key = "", value]) => [key, value] as const));
}

describe("the configuration of an application", () => {
  for (const [what, changes, expected] of [
    ["a start that outlasts the rollout", { backendStartSeconds: 240 }, /more than backendStart/],
    ["a volume for several pods", { backendVolumePath: "/data" }, /a volume belongs to one/],
    ["a volume for several pods", { frontendVolumePath: "/data" }, /a volume belongs to one/],
    [
      "a folder that is on a volume and empty at each start",
      {
        mcpVolumePath: "/tmp",
        mcpReplicas: 1,
        mcpDockerfile: "x",
        mcpMode: "separate",
        mcpCommand: [],
      },
      /mounted once/,
    ],
    ["an MCP image within the back end", { mcpDockerfile: "x", mcpCommand: [] }, /separate with/],
    [
      "an MCP image with this repository's command",
      { mcpDockerfile: "x", mcpMode: "separate" },
      /mcpCommand is .*a command that the image of mcpDockerfile holds/,
    ],
  ] as const) {
    it(`refuses ${what}, and takes what its remedy makes of it`, () => {
      const message = problem(changes);
      assert.match(message, expected);
      stackConfig({ ...changes, ...followed(message) });
    });
  }

  for (const address of [
    "sqlite:////data/todo.db",
    "sqlite+aiosqlite:///./todo.db",
    "file:./dev.db",
  ]) {
    it(`refuses a database in a file of each pod (${address}), with both ways out`, () => {
      const message = problem({ backendEnv: { DB: address } });
      assert.match(message, /pulumi config set backendDatabase url/);
      const kept = followed(message.split("or one pod and a volume")[1] ?? "");
      stackConfig({ backendEnv: { DB: address }, ...kept });
    });
  }

  it("takes a database in memory, and other files", () => {
    stackConfig({ backendEnv: { A: "sqlite:///:memory:", B: "sqlite://", C: "file:./a.txt" } });
  });

  it("keeps a short deployTimeoutSeconds, with which stacks have run", () => {
    stackConfig({ deployTimeoutSeconds: 60 });
  });
});
