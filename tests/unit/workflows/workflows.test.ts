import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

const root = path.join(__dirname, "..", "..", "..");
const folder = path.join(root, ".github", "workflows");

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
}

interface Job {
  permissions?: Record<string, string>;
  steps: Step[];
  "timeout-minutes"?: number;
  if?: string;
}

interface Workflow {
  name: string;
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const files = fs.readdirSync(folder).filter((file) => file.endsWith(".yml"));
const workflows = new Map(
  files.map((file) => [file, parse(fs.readFileSync(path.join(folder, file), "utf8")) as Workflow]),
);
const jobs = [...workflows].flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => ({ where: `${file}: ${name}`, file, job })),
);

describe("the workflows", () => {
  it("run only actions that are pinned to a commit, with the version beside it", () => {
    for (const file of files) {
      const text = fs.readFileSync(path.join(folder, file), "utf8");
      for (const [line] of text.matchAll(/uses:.*/g)) {
        assert.match(
          line,
          /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/,
          `${file}: ${line}`,
        );
      }
    }
    const pins = new Map<string, Set<string>>();
    for (const { uses } of jobs.flatMap(({ job }) => job.steps)) {
      const [action, commit] = uses?.split("@") ?? [];
      if (action === undefined || commit === undefined) continue;
      pins.set(action, (pins.get(action) ?? new Set()).add(commit));
    }
    for (const [action, commits] of pins) assert.equal(commits.size, 1, `${action} at two commits`);
  });

  it("grant nothing by default, and to each job what it is listed for here", () => {
    for (const [file, { permissions }] of workflows) assert.deepEqual(permissions, {}, file);
    const rights = Object.fromEntries(
      jobs
        .filter(({ job }) => Object.values(job.permissions ?? {}).includes("write"))
        .map(({ where, job }) => [
          where,
          Object.entries(job.permissions ?? {})
            .filter(([, level]) => level === "write")
            .map(([scope]) => scope)
            .sort()
            .join(),
        ]),
    );
    assert.deepEqual(rights, {
      "preview.yml: comment": "pull-requests",
      "diff-comment.yml: comment": "pull-requests",
      "release.yml: images": "attestations,id-token,packages",
      "release.yml: release": "attestations,contents,id-token",
    });
  });

  it("end by themselves, and keep no credentials in the checkout", () => {
    for (const { where, job } of jobs) {
      assert.ok((job["timeout-minutes"] ?? 361) <= 60, `${where} has no time limit`);
      for (const { uses, with: inputs } of job.steps) {
        if (uses?.startsWith("actions/checkout@")) {
          assert.equal(inputs?.["persist-credentials"], false, where);
        }
      }
    }
  });

  it("put nothing of others into a script's text", () => {
    for (const { where, job } of jobs) {
      for (const { run } of job.steps) assert.doesNotMatch(run ?? "", /\$\{\{/, where);
    }
  });

  it("never let a pull request's code near a token that can write, or near a secret of a fork's run", () => {
    for (const { where, file, job } of jobs) {
      const triggers = Object.keys(workflows.get(file)?.on ?? {});
      assert.ok(!triggers.includes("pull_request_target"), where);
      const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
      const refs = checkouts.map(({ with: inputs }) => inputs?.["ref"]);
      const writes = Object.values(job.permissions ?? {}).includes("write");
      if (writes && triggers.includes("pull_request")) {
        assert.deepEqual(refs, ["${{ github.event.pull_request.base.sha }}"], where);
      }
      if (triggers.includes("workflow_run")) {
        // Without `ref` it is the default branch there.
        assert.deepEqual(refs, [undefined], where);
        assert.ok(!JSON.stringify(job.steps).includes("head_"), where);
      }
      if (triggers.includes("pull_request") && /secrets\./.test(JSON.stringify(job.steps))) {
        assert.match(job.if ?? "", /head\.repo\.full_name == github\.repository/, where);
      }
    }
  });

  it("install the packages of a job that can write without running their scripts", () => {
    for (const { where, job } of jobs) {
      if (!Object.values(job.permissions ?? {}).includes("write")) continue;
      for (const { run } of job.steps) {
        if (/\bnpm (ci|install)\b/.test(run ?? ""))
          assert.match(run ?? "", /--ignore-scripts/, where);
      }
    }
  });

  it("call scripts that exist and can be run, and commands that the project has", () => {
    const { scripts } = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    for (const { where, job } of jobs) {
      for (const run of job.steps.map((step) => step.run ?? "")) {
        for (const [script] of run.matchAll(/\.github\/scripts\/[\w.-]+/g)) {
          fs.accessSync(path.join(root, script), fs.constants.X_OK);
        }
        for (const [, name = ""] of run.matchAll(/npm run (?:-s )?([\w:-]+)/g)) {
          assert.ok(name in scripts, `${where}: npm run ${name}`);
        }
      }
    }
  });
});
