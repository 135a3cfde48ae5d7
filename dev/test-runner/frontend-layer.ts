/** The front end's own tests, with vitest from its own packages. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runAttached } from "../../tools/process";
import { broken, type Layer, type LayerResult } from "./layer";
import { ensureFrontendPackages, frontendFolder, withoutNpm } from "./npm";

interface VitestReport {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** Reads vitest's JSON report; a file that failed to load counts as one failed test. */
export function readVitest(report: VitestReport): LayerResult {
  const result: LayerResult = { passed: 0, failed: [], skipped: [] };
  for (const file of report.testResults) {
    for (const { fullName, status } of file.assertionResults) {
      if (status === "passed") result.passed += 1;
      else if (status === "failed") result.failed.push(fullName);
      else result.skipped.push({ test: fullName, reason: "" });
    }
    if (
      file.status === "failed" &&
      !file.assertionResults.some(({ status }) => status === "failed")
    ) {
      result.failed.push(`${path.relative(frontendFolder, file.name)} could not be loaded`);
    }
  }
  return result;
}

export const frontendLayer: Layer = {
  name: "frontend",
  place: "processors",
  title: "the front end (vitest)",
  async run(signal) {
    await ensureFrontendPackages(signal);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-app-test-"));
    const report = path.join(folder, "report.json");
    try {
      const vitest = path.join(frontendFolder, "node_modules", "vitest", "vitest.mjs");
      const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
      const code = await runAttached(process.execPath, [vitest, "run", ...reporters], {
        cwd: frontendFolder,
        env: withoutNpm(),
        signal,
      });
      if (!fs.existsSync(report))
        return broken("frontend", `vitest exits ${code} without a report`);
      const result = readVitest(JSON.parse(fs.readFileSync(report, "utf8")) as VitestReport);
      return code !== 0 && result.failed.length === 0
        ? { ...result, failed: [`frontend: vitest exits ${code}`] }
        : result;
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
