import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import type { EngineEvent } from "@pulumi/pulumi/automation";

import { Diagnostics, OperationFailed } from "../../../automation/failed";

const root = path.join(__dirname, "..", "..", "..");

/** A project of somebody else's that has this one among its packages. */
function consumer(program: string): { run: () => string; remove: () => void } {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "todo-consumer-"));
  const packages = path.join(folder, "node_modules");
  fs.mkdirSync(packages);
  fs.symlinkSync(root, path.join(packages, "todo-app"));
  fs.symlinkSync(path.join(root, "node_modules", "tsx"), path.join(packages, "tsx"));
  // A package of its own, so that no package.json in a folder above it is taken for its own.
  fs.writeFileSync(path.join(folder, "package.json"), '{ "name": "consumer", "private": true }\n');
  fs.writeFileSync(path.join(folder, "program.ts"), program);
  return {
    run: () =>
      execFileSync(process.execPath, ["--import", "tsx", "program.ts"], {
        cwd: folder,
        encoding: "utf8",
      }),
    remove: () => {
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

describe("todo-app/automation", function () {
  this.timeout(60_000);

  it("can be imported by another program, which finds its functions and nothing inside", () => {
    const { run, remove } = consumer(`
      import { deploy, destroy, drift, openStack, preview } from "todo-app/automation";
      console.log([deploy, destroy, drift, openStack, preview].map((f) => typeof f).join());
      import("todo-app/cli/main").catch((e: { code?: string }) => console.log(e.code));
    `);
    try {
      assert.equal(
        run(),
        "function,function,function,function,function\nERR_PACKAGE_PATH_NOT_EXPORTED\n",
      );
    } finally {
      remove();
    }
  });

  it("gives a failed operation's reason in the engine's words, with what to do", () => {
    const diagnostics = new Diagnostics();
    const urn =
      "urn:pulumi:dev::todo-app::todo-app:index:Frontend$kubernetes:apps/v1:Deployment::frontend";
    const say = (severity: string, message: string): void => {
      diagnostics.take({ diagnosticEvent: { urn, severity, message } } as unknown as EngineEvent);
    };
    say("info", "Waiting for app ReplicaSet");
    say("error", "Apply failed: it had an apply conflict: conflict with kubectl");
    const failed = diagnostics.failed(new Error("the CLI's whole output"));
    assert.ok(failed instanceof OperationFailed);
    assert.match(failed.message, /^Deployment frontend: Apply failed: it had an apply conflict/);
    assert.doesNotMatch(failed.message, /Waiting/);
    assert.match(failed.next.join(), /npm run drift -- --repair/);
    assert.equal(failed.output, "the CLI's whole output");
  });

  it("falls back on what the CLI printed", () => {
    const text = "error: no stack named 'prod' found";
    assert.equal(new Diagnostics().failed(new Error(text)).message, "no stack named 'prod' found");
  });
});
