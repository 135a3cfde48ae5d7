import assert from "node:assert/strict";

import type { Review } from "../../../review/model";
import { LARGEST_FILE, parseReviews, UntrustedError } from "../../../review/untrusted";

const good: Review = {
  stack: "dev",
  source: "diff",
  images: [{ name: "todo-backend", before: "1", after: "2" }],
  changes: [
    {
      action: "changed",
      kind: "Deployment",
      name: "backend",
      rolls: ["another image"],
      fields: [{ path: "spec.replicas", before: "1", after: "2" }],
    },
  ],
  secrets: [{ name: "configuration jwtSecret", keys: ["set anew"] }],
  unchanged: 3,
  warnings: ["a warning"],
  failure: { reason: "why", next: ["what"] },
};

describe("a review that somebody else's code has written", () => {
  it("comes through whole when it is one, alone or in a list", () => {
    assert.deepEqual(parseReviews(JSON.stringify(good)), [good]);
    const two = [good, { ...good, stack: "prod" }];
    assert.deepEqual(parseReviews(JSON.stringify(two)), two);
  });

  it("loses what does not belong to it", () => {
    const more = { ...good, script: "x", changes: [{ ...good.changes[0], __proto__x: 1 }] };
    assert.deepEqual(parseReviews(JSON.stringify(more)), [good]);
  });

  const bad: [string, unknown][] = [
    ["no object", 5],
    ["another source", { ...good, source: "mine" }],
    [
      "a stack with a marker in its name",
      { ...good, stack: "dev --> <!-- todo-app preview: prod" },
    ],
    ["an unknown action", { ...good, changes: [{ ...good.changes[0], action: "approved" }] }],
    ["a count that is none", { ...good, unchanged: -1 }],
    ["text that is none", { ...good, warnings: [{ toString: "x" }] }],
    ["a list that is none", { ...good, images: { length: 1 } }],
    ["more items than a stack can have", { ...good, warnings: Array(2001).fill("x") }],
    ["the same stack twice", [good, good]],
  ];
  for (const [what, value] of bad) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parseReviews(JSON.stringify(value)), UntrustedError);
    });
  }

  it("is refused when it is no JSON, or too large to be one", () => {
    assert.throws(() => parseReviews("{"), UntrustedError);
    assert.throws(() => parseReviews(`"${"x".repeat(LARGEST_FILE)}"`), /too large/);
  });
});
