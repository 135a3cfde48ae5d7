/** Mocha's usual output, and beside it the results as JSON in the file that $TEST_REPORT names. */
import * as fs from "node:fs";
import Mocha from "mocha";
import type { LayerResult } from "./layer";

class Reporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options?: Mocha.MochaOptions) {
    super(runner, options);
    const result: LayerResult = { passed: 0, failed: [], skipped: [] };
    runner.on("pass", () => (result.passed += 1));
    runner.on("fail", (test) => result.failed.push(test.fullTitle()));
    runner.on("pending", (test) => {
      result.skipped.push({ test: test.fullTitle(), reason: "" });
    });
    runner.on("end", () => {
      const file = process.env["TEST_REPORT"];
      if (file !== undefined) fs.writeFileSync(file, JSON.stringify(result));
    });
  }
}

export = Reporter;
