/** Layers that mocha runs: `tests/unit` and `tests/live`. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "../../tools/paths";
import { runAttached } from "../../tools/process";
import { broken, type Layer, type LayerResult } from "./layer";

/**
 * @param parallel whether its files may run beside each other, a process for each processor: not where they share a cluster
 */
export function mochaLayer(name: string, title: string, parallel = false): Layer {
  return {
    name,
    title,
    async run(signal) {
      if (!fs.existsSync(path.join(root, "tests", name)))
        return broken(name, `no folder tests/${name}`);
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-app-test-"));
      const report = path.join(folder, "report.json");
      // Mocha ends its processes without a word, so that they leave behind what they share between files. Not where a test
      // starts what goes on after it, such as a cluster.
      const temporary = parallel ? { TMPDIR: folder } : {};
      try {
        const mocha = path.join(root, "node_modules", "mocha", "bin", "mocha.js");
        const reporter = path.join(root, "dev", "test-runner", "mocha-reporter.ts");
        const code = await runAttached(
          process.execPath,
          [
            mocha,
            ...(parallel ? ["--parallel", "--jobs", String(os.availableParallelism())] : []),
            "--reporter",
            reporter,
            `tests/${name}/**/*.test.ts`,
          ],
          { cwd: root, env: { TEST_REPORT: report, ...temporary }, signal },
        );
        if (!fs.existsSync(report)) return broken(name, "it ended before its tests did");
        const result = JSON.parse(fs.readFileSync(report, "utf8")) as LayerResult;
        const silent = code !== 0 && result.failed.length === 0;
        return silent ? { ...result, failed: [`${name}: mocha exits ${code}`] } : result;
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
