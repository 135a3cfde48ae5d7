import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

import { run } from "../../../tools/process";
import { manifestArgs } from "../../../stack/args";
import { refusal } from "../../../render/manifests";
import { stackObjects } from "../../../render/objects";
import { renderedFiles, fixedReferences } from "../../../render/tree";
import { root, stackConfig } from "../fixtures/stack";
import { exceptions } from "./support/exceptions";
import { chart } from "./support/helm";
import { buildTimeout, goProgram, pythonProgram } from "./support/tools";

/** Minor versions that Kubernetes supports today, the cluster's own among them, and the oldest that the pods can run on. */
const supported = ["1.30", "1.34", "1.35", "1.36", "1.37"];

/** Every part that can be on, so that every object is looked at. */
const everything = [
  ...["ingress.host=todo.example.com", "mcp.mode=separate", "kubectlAi.enabled=true"],
  ...["networkPolicies.metricsNamespace=monitoring", "networkPolicies.databaseClients=true"],
  ...["networkPolicies.kagentNamespace=kagent", "resourceQuota.hard.pods=40"],
  ...["frontend.secretEnv.A=b", "backend.secretEnv.A=b", "registry.password=x"],
  // What only an installation generates.
  ...["secrets.jwtSecret=0123456789abcdef0123456789abcdef", "secrets.databasePassword=x"],
].join(",");

interface Finding {
  check: string;
  object: string;
}

/** Findings that no exception covers. */
function unexplained(findings: readonly Finding[]): Finding[] {
  return findings.filter(
    ({ check, object }) =>
      !exceptions.some(
        (known) => known.check === check && (known.objects?.includes(object) ?? true),
      ),
  );
}

describe("what is rendered", function () {
  this.timeout(buildTimeout);
  const folder = mkdtempSync(path.join(tmpdir(), "todo-render-"));
  const all = path.join(folder, "all.yaml");
  let helm: string | undefined;

  before(async function () {
    helm = await goProgram("helm4");
    if (helm === undefined) this.skip();
    const args = ["template", "todo-app", chart, "--namespace", "release", "--set", everything];
    const { code, stdout, stderr } = await run(helm, args);
    assert.equal(code, 0, stderr);
    writeFileSync(all, stdout);
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const version of supported) {
    it(`fits Kubernetes ${version} to the last field`, async function () {
      const validate = await pythonProgram("kubernetes-validate");
      if (validate === undefined) this.skip();
      const manifests = path.join(folder, "manifests.yaml");
      const objects = stackObjects(manifestArgs(stackConfig(), fixedReferences));
      writeFileSync(manifests, objects.map((object) => JSON.stringify(object)).join("\n---\n"));
      const args = ["-k", version, "--strict", "--quiet", manifests, all];
      const { code, stdout, stderr } = await run(validate, args);
      assert.equal(code, 0, stdout + stderr);
    });
  }

  it("has a template of the Secrets that Kubernetes refuses until it is filled in", async function () {
    const validate = await pythonProgram("kubernetes-validate");
    if (validate === undefined) this.skip();
    const template = renderedFiles(root).get("k8s/secrets.yaml") ?? "";
    const check = async (text: string) => {
      const file = path.join(folder, "secrets.yaml");
      writeFileSync(file, text);
      return run(validate, ["--strict", file]);
    };
    const refused = await check(template);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stdout + refused.stderr, new RegExp(refusal));
    const filled = await check(template.replaceAll(`${refusal}: true\n`, ""));
    assert.equal(filled.code, 0, filled.stdout + filled.stderr);
  });

  for (const version of ["helm4", "helm3"] as const) {
    it(`passes ${version} lint --strict`, async function () {
      const program = await goProgram(version);
      if (program === undefined) this.skip();
      for (const args of [[], ["--set", everything]]) {
        const { code, stdout, stderr } = await run(program, ["lint", "--strict", chart, ...args]);
        assert.equal(code, 0, stdout + stderr);
      }
    });
  }

  it("leaves kube-score nothing to find that has no reason", async function () {
    const score = await goProgram("kube-score");
    if (score === undefined) this.skip();
    const args = ["score", "--output-format", "json", "--kubernetes-version", "v1.37", all];
    const { stdout } = await run(score, args);
    const report = JSON.parse(stdout) as {
      type_meta: { kind: string };
      object_meta: { name: string };
      checks: { check: { id: string }; grade: number; skipped: boolean }[];
    }[];
    assert.ok(report.length > 10);
    const findings = report.flatMap(({ type_meta, object_meta, checks }) =>
      checks
        .filter(({ grade, skipped }) => grade < 10 && !skipped)
        .map(({ check }) => ({ check: check.id, object: `${type_meta.kind}/${object_meta.name}` })),
    );
    assert.deepEqual(unexplained(findings), []);
  });

  it("leaves checkov nothing to find that has no reason", async function () {
    const checkov = await pythonProgram("checkov");
    if (checkov === undefined) this.skip();
    const args = ["--framework", "kubernetes", "--skip-download", "--compact", "-o", "json"];
    const { stdout } = await run(checkov, ["-f", all, ...args], { timeout: 300_000 });
    const { results } = JSON.parse(stdout) as {
      results: {
        passed_checks: unknown[];
        failed_checks: { check_id: string; resource: string }[];
      };
    };
    assert.ok(results.passed_checks.length > 100);
    const findings = results.failed_checks.map(({ check_id, resource }) => {
      const [kind, , ...name] = resource.split(".");
      return { check: check_id, object: `${kind}/${name.join(".")}` };
    });
    assert.deepEqual(unexplained(findings), []);
  });
});
