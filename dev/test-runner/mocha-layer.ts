/** Layers that mocha runs: `tests/unit` and `tests/live`. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { root } from "../../tools/paths";
import { run, runAttached } from "../../tools/process";
import { broken, type Layer, type LayerResult } from "./layer";

/** Its files run beside each other, a process for each processor, but where they share a cluster. */
export function mochaLayer(name: string, title: string, place: Layer["place"]): Layer {
  const parallel = place === "processors";
  return {
    name,
    title,
    place,
    async run(signal, onLine) {
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
        const args = [
          mocha,
          ...(parallel ? ["--parallel", "--jobs", String(os.availableParallelism())] : []),
          "--reporter",
          reporter,
          `tests/${name}/**/*.test.ts`,
        ];
        const options = { cwd: root, env: { TEST_REPORT: report, ...temporary }, signal };
        const code =
          onLine === undefined
            ? await runAttached(process.execPath, args, options)
            : // Apart from the terminal's Ctrl-C: it gets the signal from here, once.
              (await run(process.execPath, args, { ...options, onLine, ownSession: true })).code;
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
