/** `npm run check`: types, linters and formatters of everything, two at a time. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "../command";
import { seconds } from "../engine/words";
import { messageOf } from "../errors";
import { root } from "../paths";
import { run, which } from "../process";
import { paint, print } from "../terminal";
import { ensureFrontendPackages, frontendFolder, withoutNpm } from "../testing/npm";
import { backendFolder, ensureVenv, venv } from "../testing/python";

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
    node("types (tsc)", "typescript/bin/tsc", ["--noEmit"]),
    node("lint (eslint)", "eslint/bin/eslint.js", [".", "--max-warnings", "0"]),
  ];
  if (fs.existsSync(path.join(frontendFolder, "package.json"))) {
    await ensureFrontendPackages(signal);
    const args = ["run", "--silent", "check"];
    list.push({ name: "front end", command: "npm", args, cwd: frontendFolder });
  }
  list.push(
    node("format (prettier)", "prettier/bin/prettier.cjs", ["--check", "--log-level=warn", "."]),
  );
  if (fs.existsSync(path.join(backendFolder, "requirements-dev.txt"))) {
    await ensureVenv(signal);
    list.push(python("back end: types (mypy)", "mypy", []));
    list.push(python("back end: lint (ruff)", "ruff", ["check", "."]));
    list.push(python("back end: format (ruff)", "ruff", ["format", "--check", "."]));
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
  return list;
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

export const command: Command = {
  usage: "Usage: npm run check",
  flags: {},
  async run({ signal }) {
    let queue: Check[];
    try {
      queue = await checks(signal);
    } catch (error) {
      print(messageOf(error));
      return 1;
    }
    const results: boolean[] = [];
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
        results.push(await perform(next, signal));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    const failed = results.filter((fine) => !fine).length;
    print(
      failed === 0 ? "\nEverything is fine." : `\n${failed} of ${results.length} checks failed.`,
    );
    return failed === 0 && !signal.aborted ? 0 : 1;
  },
};
