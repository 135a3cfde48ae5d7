/** Types, linters and formatters of everything, two at a time. */
import * as fs from "node:fs";
import * as path from "node:path";
import { seconds } from "../../cli/format";
import { root } from "../../tools/paths";
import { run, which } from "../../tools/process";
import { paint, print } from "../../cli/terminal";
import { ensureFrontendPackages, frontendFolder, withoutNpm } from "./npm";
import { backendFolder, ensureVenv, venv } from "./python";

interface Check {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  prepare?: (signal: AbortSignal) => Promise<void>;
}

/** More than two at once only slows each down on the two cores of a CI machine. */
const AT_ONCE = 2;

/** A Node program of the project's packages. */
function node(name: string, file: string, args: string[]): Check {
  const program = path.join(root, "node_modules", file);
  return { name, command: process.execPath, args: [program, ...args], cwd: root };
}

/** Looks again only at files whose content has changed since the last run. */
function cached(tool: string): string[] {
  return ["--cache", `--cache-location=${cacheFile(tool)}`, "--cache-strategy=content"];
}

function cacheFile(tool: string): string {
  return path.join(root, "node_modules", ".cache", tool, "checked");
}

function python(name: string, program: string, args: string[]): Check {
  return { name, command: venv(program), args, cwd: backendFolder };
}

async function shellScripts(): Promise<string[]> {
  const listed = await run("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  return listed.stdout
    .split("\n")
    .filter((file) => file !== "" && fs.existsSync(path.join(root, file)))
    .filter(
      (file) =>
        file.endsWith(".sh") ||
        (path.extname(file) === "" &&
          /^#!.*\b(ba)?sh\b/.test(fs.readFileSync(path.join(root, file), "utf8").slice(0, 80))),
    );
}

async function checks(signal: AbortSignal): Promise<Check[]> {
  const list: Check[] = [
    node("types (tsc)", "typescript/bin/tsc", [
      ...["--noEmit", "--noCheck", "false"],
      ...["--incremental", "--tsBuildInfoFile", cacheFile("typescript")],
    ]),
    node("lint (eslint)", "eslint/bin/eslint.js", [".", "--max-warnings=0", ...cached("eslint")]),
  ];
  if (fs.existsSync(path.join(frontendFolder, "package.json"))) {
    await ensureFrontendPackages(signal);
    const args = ["run", "--silent", "check"];
    list.push({ name: "front end", command: "npm", args, cwd: frontendFolder });
  }
  list.push(
    node("format (prettier)", "prettier/bin/prettier.cjs", [
      "--check",
      "--log-level=warn",
      ".",
      ...cached("prettier"),
    ]),
  );
  if (fs.existsSync(path.join(backendFolder, "requirements-dev.txt"))) {
    await ensureVenv(signal);
    // What runs in development pods is Python too, and is held to the same.
    const inPods = path.join("..", "cli", "hot", "pod");
    const ruff = ["--config", "pyproject.toml", ".", inPods];
    list.push(python("back end: types (mypy)", "mypy", []));
    list.push(python("development pods: types (mypy)", "mypy", [path.join(inPods, "python.py")]));
    list.push(python("back end: lint (ruff)", "ruff", ["check", ...ruff]));
    list.push(python("back end: format (ruff)", "ruff", ["format", "--check", ...ruff]));
  }
  const scripts = await shellScripts();
  const shellcheck = which("shellcheck");
  if (scripts.length > 0 && shellcheck !== undefined) {
    list.push({
      name: "shell scripts (shellcheck)",
      command: shellcheck,
      args: scripts,
      cwd: root,
    });
  } else if (scripts.length > 0) {
    print(
      `${paint("yellow", "-")}   shell scripts: shellcheck is not on PATH, so they are not checked`,
    );
  }
  list.push(...workflowLinters());
  return list;
}

/** What the linters of GitHub's workflows find; they come from other registries, so not every machine has them. */
function workflowLinters(): Check[] {
  const workflows = path.join(".github", "workflows");
  if (!fs.existsSync(path.join(root, workflows))) return [];
  const linters = { actionlint: [], zizmor: ["--offline", "--quiet", workflows] };
  return Object.entries(linters).flatMap(([name, args]) => {
    const command = which(name);
    if (command !== undefined) return [{ name: `workflows (${name})`, command, args, cwd: root }];
    print(
      `${paint("yellow", "-")}   workflows: ${name} is not on PATH, so they are not checked by it`,
    );
    return [];
  });
}

async function perform(check: Check, signal: AbortSignal): Promise<boolean> {
  const since = Date.now();
  const { command: program, args, cwd } = check;
  const result = await run(program, args, { cwd, env: withoutNpm(), signal });
  const fine = result.code === 0;
  const mark = fine ? paint("green", "ok") : paint("red", "!!");
  print(`${mark}  ${check.name} (${seconds(Date.now() - since)})`);
  if (!fine) print((result.stdout + result.stderr).trim());
  return fine;
}

/** Runs every check. @returns the names of those that found nothing, and of those that found something */
export async function runChecks(
  signal: AbortSignal,
): Promise<{ passed: string[]; failed: string[] }> {
  const queue = await checks(signal);
  const result = { passed: [] as string[], failed: [] as string[] };
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      signal.throwIfAborted();
      const fine = await perform(next, signal);
      result[fine ? "passed" : "failed"].push(next.name);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return result;
}
