import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { StandIn, token } from "../fixtures/github";

const root = path.join(__dirname, "..", "..", "..");
const previews = path.join(root, "tests", "unit", "fixtures", "previews");

/** The steps of the workflows as the runner starts them, with GitHub's part played by a local server. */
describe("the workflows' scripts", function () {
  this.timeout(60_000);
  let folder: string;
  let standIn: StandIn;
  let api: string;

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(tmpdir(), "todo-scripts-"));
    for (const name of [
      "program",
      "review",
      "cli",
      ".github",
      "node_modules",
      "package.json",
      "tsconfig.json",
    ]) {
      fs.symlinkSync(path.join(root, name), path.join(folder, name));
    }
    standIn = new StandIn();
    api = await standIn.start();
  });
  afterEach(() => {
    standIn.stop();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function script(
    name: string,
    args: string[],
    env: Record<string, string>,
  ): Promise<{ code: number | null; output: string }> {
    return new Promise((resolve) => {
      const child = spawn(path.join(folder, ".github", "scripts", name), args, {
        cwd: folder,
        env: { PATH: `${folder}/bin:${process.env["PATH"] ?? ""}`, ...env },
      });
      let output = "";
      child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
      child.on("close", (code) => {
        resolve({ code, output });
      });
    });
  }

  /** A CLI that prints what the real one printed once (see the fixtures), and ends as it did. */
  function recorded(json: string, errors: string, code: number): void {
    fs.mkdirSync(path.join(folder, "bin"));
    fs.writeFileSync(
      path.join(folder, "bin", "pulumi"),
      `#!/bin/sh\ncat "${json}"\ncat "${errors}" >&2\nexit ${code}\n`,
      { mode: 0o755 },
    );
  }

  function event(content: object): Record<string, string> {
    const file = path.join(folder, "event.json");
    fs.writeFileSync(file, JSON.stringify(content));
    return {
      GITHUB_EVENT_PATH: file,
      GITHUB_API_URL: api,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_REPOSITORY: "me/todo",
      GITHUB_RUN_ID: "42",
      GITHUB_TOKEN: token,
    };
  }

  it("carry a preview to one comment, and its successor into the same place", async () => {
    recorded(path.join(previews, "one-line.json"), "/dev/null", 0);
    const pullRequest = { pull_request: { number: 7, head: { sha: "c".repeat(40) } } };
    assert.equal((await script("preview.sh", [], { STACK: "dev" })).code, 0);
    const first = await script("comment.sh", ["review-out"], event(pullRequest));
    assert.deepEqual(first, { code: 0, output: "Comment for stack dev on #7: created\n" });

    fs.rmSync(path.join(folder, "bin"), { recursive: true });
    recorded("/dev/null", path.join(previews, "failed-type.txt"), 255);
    const failed = await script("preview.sh", [], { STACK: "dev" });
    assert.equal(failed.code, 255, "the job fails as the preview did");
    const second = await script("comment.sh", ["review-out"], event(pullRequest));
    assert.equal(second.output, "Comment for stack dev on #7: updated\n");
    assert.equal(standIn.comments.length, 1);
    const body = standIn.comments[0]?.body ?? "";
    assert.match(body, /^<!-- todo-app preview: dev -->\n### Preview of stack `dev`: failed/);
    assert.match(body, /'backendReplicas' must be of type 'integer'/);
    assert.match(
      body,
      /commit cccccccccccc, \[run\]\(https:\/\/github\.example\/me\/todo\/actions\/runs\/42\)/,
    );
  });

  const workflowRun = {
    workflow_run: {
      id: 99,
      head_sha: "b".repeat(40),
      head_branch: "patch-1",
      head_repository: { owner: { login: "stranger" } },
    },
  };

  function artefact(content: string): void {
    fs.mkdirSync(path.join(folder, "review-in"));
    fs.writeFileSync(path.join(folder, "review-in", "review.json"), content);
  }

  it("find a fork's pull request from the event, whatever the artefact says", async () => {
    standIn.pulls = [{ number: 7, head: { sha: "b".repeat(40) } }];
    const review = {
      stack: "dev",
      source: "diff",
      images: [],
      changes: [],
      secrets: [],
      unchanged: 3,
      warnings: ["@everyone <script>"],
      number: 1,
    };
    artefact(JSON.stringify([review]));
    const { code, output } = await script("comment.sh", ["review-in"], event(workflowRun));
    assert.deepEqual([code, output], [0, "Comment for stack dev on #7: created\n"]);
  });

  it("say nothing on a pull request that has moved on, and refuse an artefact that is no review", async () => {
    standIn.pulls = [{ number: 7, head: { sha: "a".repeat(40) } }];
    artefact("[]");
    const moved = await script("comment.sh", ["review-in"], event(workflowRun));
    assert.match(moved.output, /No open pull request has this commit as its newest/);
    assert.equal(moved.code, 0);

    fs.rmSync(path.join(folder, "review-in"), { recursive: true });
    artefact('{"stack": "$(touch owned)"}');
    const refused = await script("comment.sh", ["review-in"], event(workflowRun));
    assert.equal(refused.code, 1);
    assert.equal(standIn.comments.length, 0);
    assert.ok(!fs.existsSync(path.join(folder, "owned")));
  });
});
