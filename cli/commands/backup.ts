/** `npm run backup`: a dump of the embedded database, while everything goes on. */
import * as path from "node:path";
import { text, type Command } from "../command";
import { dumpDatabase } from "../database/dump";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { aboutStack } from "../stack-option";
import { targetStack } from "../target-stack";
import { print } from "../terminal";

export const command: Command = {
  usage: `Usage: npm run backup -- [--stack NAME]

Writes a dump of the stack's database to .stack/backups.`,
  flags: { stack: { type: "string" } },
  async run(invocation) {
    const target = targetStack(text(invocation, "stack"), "backup");
    const file = await dumpDatabase(target, invocation.signal);
    if (file === undefined) {
      throw new UserError(
        `The namespace ${target.namespace} holds no database: this stack has one of its own (databaseUrl).`,
        ["pg_dump --format=custom, or your provider's backups"],
      );
    }
    const shown = path.relative(root, file);
    print(`The database is dumped to ${shown}`);
    print(`To put it back: ${restoreCommand(target.stack, shown)}`);
    return 0;
  },
};

/** The command that puts a dump back into the stack that it came from. */
export function restoreCommand(stack: string, file: string): string {
  return aboutStack(`npm run restore -- --file ${file}`, stack);
}
