/** `npm run backup`: a dump of the embedded database, while everything goes on. */
import * as path from "node:path";
import type { Command } from "../command";
import { dumpDatabase } from "../database/dump";
import { UserError } from "../../tools/errors";
import { requireMachine } from "../machine";
import { root } from "../../tools/paths";
import { namespaceOf } from "../stack-file";
import { print } from "../terminal";

export const command: Command = {
  usage: "Usage: npm run backup\n\nWrites a dump of the stack's database to .stack/backups.",
  flags: {},
  async run({ signal }) {
    const machine = requireMachine();
    const namespace = namespaceOf(machine.stack);
    const file = await dumpDatabase(machine.cluster, namespace, signal);
    if (file === undefined) {
      throw new UserError(
        `The namespace ${namespace} holds no database: this stack has one of its own (databaseUrl).`,
        ["pg_dump --format=custom, or your provider's backups"],
      );
    }
    const shown = path.relative(root, file);
    print(`The database is dumped to ${shown}`);
    print(`To put it back: npm run restore -- --file ${shown}`);
    return 0;
  },
};
