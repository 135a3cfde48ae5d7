import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";

import { boxesOf } from "../../../dev/graph/boxes";
import type { Resource } from "../../../dev/graph/registered";

const root = path.join(__dirname, "..", "..", "..");

describe("the picture of the architecture", function () {
  this.timeout(60_000);

  it("is what the program registers now", () => {
    const hook = path.join(root, "program", "typescript.cjs");
    const program = path.join(root, "dev", "graph", "main.ts");
    const drawn = execFileSync(process.execPath, ["--require", hook, program, "dev"], {
      cwd: root,
      encoding: "utf8",
    });
    const kept = fs.readFileSync(path.join(root, "docs", "graph.svg"), "utf8");
    assert.ok(drawn === kept, "docs/graph.svg is stale: npm run graph");
    for (const name of ["Deployment backend", "StatefulSet postgres", "Secret todo-secrets"]) {
      assert.ok(drawn.includes(`>${name}<`), name);
    }
  });

  it("puts every component right of what it waits for, and draws only the nearest of those", () => {
    const component = (name: string, ...dependsOn: string[]): Resource => ({
      urn: name,
      type: `todo-app:index:${name}`,
      name,
      parent: "",
      dependsOn,
    });
    const inside: Resource = {
      urn: "pod",
      type: "kubernetes:apps/v1:Deployment",
      name: "pod",
      parent: "C",
      dependsOn: ["A", "B"],
    };
    const boxes = boxesOf([component("A"), component("B", "A"), component("C"), inside]);
    assert.deepEqual(
      boxes.map(({ title, lines, after, column }) => ({ title, lines, after, column })),
      [
        { title: "A", lines: [], after: [], column: 0 },
        { title: "B", lines: [], after: [0], column: 1 },
        { title: "C", lines: ["Deployment pod"], after: [1], column: 2 },
      ],
    );
  });
});
