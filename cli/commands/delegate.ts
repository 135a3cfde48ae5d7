/** Commands whose work is another part's own program: `render/main.ts`, `dev/bench/main.ts`. */
import * as fs from "node:fs";
import * as path from "node:path";
import type { Command } from "../command";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { runAttached } from "../../tools/process";

/** A command that runs a TypeScript program of the project with all its arguments. */
export function delegate(program: string): Command {
  return {
    usage: `Usage: npm run ${path.dirname(program)} -- [flags]`,
    flags: {},
    passThrough: true,
    async run({ positionals, signal }) {
      const file = path.join(root, program);
      if (!fs.existsSync(file)) throw new UserError(`This version has no ${program}.`);
      const args = ["--require", path.join(root, "program", "typescript.cjs"), file];
      return runAttached(process.execPath, [...args, ...positionals], { cwd: root, signal });
    },
  };
}
