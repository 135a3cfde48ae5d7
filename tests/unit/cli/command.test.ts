import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";

import { run, which } from "../../../tools/process";
import { findingsTable } from "../../../cli/probes/finding";
import { compareVersions, versionIn } from "../../../tools/versions";

const bootstrap = path.join(__dirname, "..", "..", "..", "cli", "bootstrap.mjs");

function command(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [bootstrap, ...args], { encoding: "utf8" });
}

describe("the commands", () => {
  it("refuse an unknown flag with the usage, and no stack trace", () => {
    const { status, stderr } = command("down", "--force");
    assert.equal(status, 2);
    assert.match(stderr, /Unknown option '--force'/);
    assert.match(stderr, /--no-backup/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  it("refuse a name that is none, and list those that are", () => {
    const { status, stderr } = command("deploy");
    assert.equal(status, 2);
    assert.match(stderr, /There is no command deploy/);
    assert.match(stderr, /npm run doctor/);
  });

  it("refuse a layer of tests that does not exist", () => {
    const { status, stderr } = command("test", "--only", "unti");
    assert.equal(status, 2);
    assert.match(stderr, /There is no layer unti\.[\s\S]*check, unit, backend, frontend, live/);
  });

  it("print only export lines for a shell", () => {
    const { status, stdout } = command("env");
    assert.equal(status, 0);
    const lines = stdout.trim().split("\n");
    assert.deepEqual(
      lines.filter((line) => !/^(export \w+=|unset \w+$)/.test(line)),
      [],
    );
    assert.match(stdout, /^export PULUMI_BACKEND_URL=file:\/\//m);
  });

  it("read versions in the forms that tools print them", () => {
    assert.equal(versionIn("Client Version: v1.36.2\nKustomize Version: v5.0.1"), "1.36.2");
    assert.equal(versionIn("git version 2.39.5"), "2.39.5");
    assert.ok(compareVersions("3.259.0", "3.260.0") < 0);
    assert.ok(compareVersions("v24.1.0", "22.0.0") > 0);
    assert.equal(compareVersions("1.2", "1.2.0"), 0);
  });

  it("say in the table what is wrong with a tool and how to get it", () => {
    const text = findingsTable([
      { tool: "Git", found: "/usr/bin/git", version: "2.39.5", level: "fine" },
      {
        tool: "Docker",
        found: "",
        version: "",
        problem: "no daemon answers",
        remedy: "start it",
        level: "missing",
      },
    ]).join("\n");
    assert.match(text, /ok +Git +\/usr\/bin\/git +2\.39\.5/);
    assert.match(text, /!! +Docker +- +- +no daemon answers\n +how to get it: start it/);
  });
});

describe("a child process", () => {
  it("tells its exit code, and 127 where there is no such program", async () => {
    assert.equal((await run("sh", ["-c", "exit 7"])).code, 7);
    assert.equal((await run("no-such-program", [])).code, 127);
    assert.equal(which("no-such-program"), undefined);
  });

  it("gives its lines as they come, the last one without a line end too", async () => {
    const lines: string[] = [];
    await run("sh", ["-c", "printf 'a\\nb'; printf c >&2"], { onLine: (line) => lines.push(line) });
    assert.deepEqual(lines.join("").split("").sort(), ["a", "b", "c"]);
  });

  it("gets what it reads on stdin, and its end within a time limit", async () => {
    assert.equal((await run("cat", [], { input: "secret" })).stdout, "secret");
    assert.equal((await run("sleep", ["60"], { timeout: 100 })).timedOut, true);
  });

  it("gets one SIGINT when the work is stopped, and is waited for", async () => {
    const stop = new AbortController();
    const script = "trap 'echo stopped; exit 3' INT; echo ready; while :; do sleep 0.05; done";
    const result = await run("sh", ["-c", script], {
      signal: stop.signal,
      onLine: (line) => {
        if (line === "ready") stop.abort();
      },
    });
    assert.equal(result.code, 3);
    assert.match(result.stdout, /stopped/);
  });
});
