/** The back end's own tests, with pytest in its virtual environment. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runAttached } from "../../tools/process";
import { broken, type Layer, type LayerResult } from "./layer";
import { backendFolder, ensureVenv, venv } from "./python";

const entities: Record<string, string> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

function attribute(tag: string, name: string): string {
  const text = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "";
  return text.replace(/&\w+;/g, (entity) => entities[entity] ?? entity);
}

/** Reads the JUnit report that pytest writes. */
export function readJunit(xml: string): LayerResult {
  const result: LayerResult = { passed: 0, failed: [], skipped: [] };
  const cases = xml.matchAll(/<testcase\b[^>]*?(?:\/>|>([\s\S]*?)<\/testcase>)/g);
  for (const [whole, body = ""] of cases) {
    const opening = /^<testcase\b[^>]*>/.exec(whole)?.[0] ?? "";
    const test = `${attribute(opening, "classname")}::${attribute(opening, "name")}`;
    const skip = /<skipped\b[^>]*>/.exec(body)?.[0];
    if (/<(failure|error)\b/.test(body)) result.failed.push(test);
    else if (skip !== undefined) result.skipped.push({ test, reason: attribute(skip, "message") });
    else result.passed += 1;
  }
  return result;
}

export const backendLayer: Layer = {
  name: "backend",
  place: "processors",
  title: "the back end (pytest)",
  async run(signal) {
    await ensureVenv(signal);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "todo-app-test-"));
    const report = path.join(folder, "report.xml");
    try {
      // A process for each processor, up to four: each has a PostgreSQL of its own.
      const processes = ["--numprocesses=auto", "--maxprocesses=4"];
      const args = [`--junitxml=${report}`, "-p", "no:cacheprovider", ...processes];
      const code = await runAttached(venv("pytest"), args, { cwd: backendFolder, signal });
      if (!fs.existsSync(report)) return broken("backend", `pytest exits ${code} without a report`);
      const result = readJunit(fs.readFileSync(report, "utf8"));
      return code !== 0 && result.failed.length === 0
        ? { ...result, failed: [`backend: pytest exits ${code}`] }
        : result;
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  },
};
