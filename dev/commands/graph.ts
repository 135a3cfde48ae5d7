/** `npm run graph`: the picture in docs/, drawn from what the program registers. */
import * as fs from "node:fs";
import * as path from "node:path";
import { given, text, type Command } from "../../cli/command";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { run } from "../../tools/process";
import { print } from "../../cli/terminal";

export const command: Command = {
  usage: `Usage: npm run graph -- [flags]

  --stack NAME   whose components (default: dev)
  --out FILE     where to (default: docs/graph.svg)
  --check        only say whether the file is as the program has it; exit code 1 if not

Runs the program without engine and cluster, and draws each component with its resources.`,
  flags: { stack: { type: "string" }, out: { type: "string" }, check: { type: "boolean" } },
  async run(invocation) {
    const file = path.resolve(root, text(invocation, "out") ?? "docs/graph.svg");
    const hook = path.join(root, "program", "typescript.cjs");
    const program = path.join(root, "dev", "graph", "main.ts");
    const args = ["--require", hook, program, text(invocation, "stack") ?? "dev"];
    const { code, stdout, stderr } = await run(process.execPath, args, {
      cwd: root,
      signal: invocation.signal,
    });
    if (code !== 0) throw new UserError(`The program does not run:\n${stderr.trim()}`);
    const shown = path.relative(root, file);
    const same = fs.existsSync(file) && fs.readFileSync(file, "utf8") === stdout;
    if (given(invocation, "check")) {
      if (!same)
        throw new UserError(`${shown} is not what the program has now.`, ["npm run graph"]);
      print(`${shown} is as the program has it.`);
      return 0;
    }
    if (!same) fs.writeFileSync(file, stdout);
    print(`${shown}: ${same ? "unchanged" : "written"}`);
    return 0;
  },
};
