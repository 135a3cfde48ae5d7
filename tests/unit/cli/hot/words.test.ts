import assert from "node:assert/strict";

import { editedLines, editedPods } from "../../../../cli/hot/edited";
import type { Outcome } from "../../../../cli/hot/fleet";
import { outcomeLines } from "../../../../cli/hot/outcome";
import { parsePod } from "../../../../cli/hot/pods";
import { parseReports } from "../../../../cli/hot/report";

const pod = (name: string, content: string, more: object = {}) => ({
  metadata: { name, labels: { app: "backend", "todo-app/edited": content }, ...more },
});

describe("pods that run edited files, in status and drift", () => {
  it("are told apart by what they run", () => {
    const pods = editedPods([
      pod("a", "3f2a9c04d1e7"),
      pod("b", "3f2a9c04d1e7"),
      pod("c", "waiting"),
      pod("d", "3f2a9c04d1e7", { deletionTimestamp: "2026-01-01T00:00:00Z" }),
      { metadata: { name: "ordinary", labels: { app: "backend" } } },
    ]);
    assert.deepEqual(editedLines(pods), [
      "backend: 2 pods run edited files, content 3f2a9c04d1e7",
      "backend: 1 pod waits for its files from npm run dev -- --cluster",
    ]);
    assert.deepEqual(editedLines([]), []);
  });
});

describe("what a pod says of its files", () => {
  it("is believed only as far as it is a report, and moves no cursor", () => {
    const said = parseReports(
      [
        "delivered",
        'u1 {"content": "abc", "state": "serving", "message": ""}',
        'u2 {"content": "abc", "state": "failed", "message": "a\\u001b[31mb\\u001b]0;title\\u0007\\nc"}',
        'u3 {"content": 1, "state": "serving"}',
        'u4 {"content": "abc", "state": "other"}',
        "u5 {not json}",
      ].join("\n"),
    );
    assert.deepEqual([...said.keys()], ["u1", "u2"]);
    const message = said.get("u2")?.message ?? "";
    assert.ok(!message.includes("\u001b") && !message.includes("\u0007"), message);
    assert.match(message, /^ab[^]*\nc$/);
  });
});

describe("a line of the watch for pods", () => {
  it("is a pod that can be sent files once it has a node, until it ends", () => {
    const line = (node: string, ending: string, phase: string) =>
      parsePod(["uid", "backend-1", "backend", node, ending, phase].join("|"))?.isThere;
    assert.equal(line("", "", "Pending"), false);
    assert.equal(line("node", "", "Pending"), true);
    assert.equal(line("node", "", "Running"), true);
    assert.equal(line("node", "2026-01-01T00:00:00Z", "Running"), false);
    assert.equal(line("node", "", "Failed"), false);
    assert.equal(parsePod(""), undefined);
  });
});

describe("what is said of an edit", () => {
  const outcome = (changes: Partial<Outcome>): Outcome =>
    ({
      application: { app: "backend", shown: "backend" },
      content: { tag: "3f2a9c04d1e7" },
      files: ["app/main.py"],
      serving: [],
      failed: [],
      took: 400,
      ...changes,
    }) as Outcome;
  const lines = (changes: Partial<Outcome>) =>
    outcomeLines(outcome(changes)).map(({ text }) => text.replace(/^\S+ /, ""));

  it("names the files, the pods and the time", () => {
    assert.deepEqual(lines({ serving: ["a", "b", "c"] }), [
      "backend/app/main.py: served by 3 pods (0.4 s)",
    ]);
    assert.deepEqual(lines({ files: ["a", "b", "c", "d", "e"], serving: ["a"] }), [
      "backend/a, backend/b, backend/c and 2 more: served by a (0.4 s)",
    ]);
  });

  it("says once what all pods say", () => {
    const failed = ["a", "b"].map((pod) => ({ pod, message: "SyntaxError\nline 2" }));
    assert.deepEqual(lines({ failed }), [
      "backend/app/main.py: 2 pods do not run with it, what was served before goes on\n  SyntaxError\n  line 2",
    ]);
  });
});
