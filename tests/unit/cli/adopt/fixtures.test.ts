import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";

import { configure } from "../../../../cli/adopt/configure";
import { survey } from "../../../../cli/adopt/survey";
import { stackText } from "../../../../cli/adopt/write";
import { root } from "../../../../tools/paths";
import { file, grpc, ownDatabase } from "../../../fixtures/applications/stacks";

/** What a person chose that no file of the applications asks for: names of images, and how many pods. */
const CHOSEN = /Image$|Replicas$|^autoscaling$/;

interface Remaining {
  /** Must be added by hand, or the stack does not do what the person's does. */
  byHand: Record<string, unknown>;
  /** Works as well: the value of `adopt`, absent where it leaves the key to its default. */
  otherwise: Record<string, unknown>;
}

const cases: {
  name: string;
  folders: string[];
  stack: Record<string, unknown>;
  remaining: Remaining;
  unknown: RegExp[];
}[] = [
  {
    name: "a front end with tables of its own, an asynchronous driver, and an MCP server",
    folders: ["accounts", "items-async", "tools"],
    stack: ownDatabase,
    remaining: {
      byHand: { mcpEnv: { GREETING: "What time it is" } },
      otherwise: {
        // Both listen where PORT says, which the stack sets.
        backendPort: 8000,
        mcpPort: 8001,
        // Both names are let in.
        backendProbeHost: "backend",
        // Where this stack's page is.
        backendCorsOrigins: ["http://localhost:30300"],
      },
    },
    unknown: [/mcp: it does not start without GREETING: .*'mcpEnv\.GREETING'/],
  },
  {
    name: "a page that calls an API by itself, whose rows are in a file",
    folders: ["browser", "items-sqlite"],
    stack: file(30_300, 30_800),
    remaining: {
      byHand: {},
      otherwise: {
        // The same machine by its other name, which the person lets in beside the first.
        publicUrl: "http://localhost:30300",
        backendPublicUrl: "http://localhost:30800",
        backendCorsOrigins: undefined,
        // That it listens is asked, in place of a path.
        backendLivenessPath: undefined,
        backendReadinessPath: undefined,
        // A name for the file.
        backendEnv: { DATABASE_URL: "sqlite:////data/app.db" },
      },
    },
    unknown: [],
  },
  {
    name: "gRPC, and libpq's variables",
    folders: ["accounts", "items-grpc"],
    stack: grpc,
    remaining: { byHand: {}, otherwise: {} },
    unknown: [],
  },
];

describe("adopt on this repository's own examples of applications", () => {
  for (const { name, folders, stack, remaining, unknown } of cases) {
    const plan = () =>
      configure(
        survey(folders.map((each) => path.join(root, "tests/fixtures/applications", each))),
        { root, given: new Map() },
      );

    it(`writes what a person wrote, but for what is named here: ${name}`, () => {
      const { text, refused } = stackText(plan(), {
        template: fs.readFileSync(path.join(root, "Pulumi.dev.yaml"), "utf8"),
        header: "# made",
        given: new Map(),
        project: projectFile(),
      });
      assert.deepEqual(refused, []);
      const { config } = parse(text) as { config: Record<string, unknown> };
      const written = (key: string): unknown => config[`todo-app:${key}`];
      const byHand: Record<string, unknown> = {};
      const otherwise: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(stack)) {
        const isSame = isDeepStrictEqual(written(key) ?? defaults()[key], value);
        if (isSame || (CHOSEN.test(key) && written(key) === undefined)) continue;
        if (key in remaining.otherwise) otherwise[key] = written(key);
        else byHand[key] = value;
      }
      assert.deepEqual({ byHand, otherwise }, remaining);
    });

    it(`says what it could not know, and nothing else: ${name}`, () => {
      const { open } = plan();
      assert.equal(open.length, unknown.length, open.join("\n"));
      for (const sentence of unknown) assert.match(open.join("\n"), sentence);
    });
  }
});

function projectFile(): string {
  return fs.readFileSync(path.join(root, "Pulumi.yaml"), "utf8");
}

/** The values that hold where nothing is set. */
function defaults(): Record<string, unknown> {
  const { config } = parse(projectFile()) as { config: Record<string, { default?: unknown }> };
  return Object.fromEntries(Object.entries(config).map(([key, each]) => [key, each.default]));
}
