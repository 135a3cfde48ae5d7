/** `npm run restore`: puts a dump back, in the place of everything that the database holds now. */
import * as path from "node:path";
import { given, text, type Command, type Invocation } from "../command";
import { dumpDatabase, newestDump } from "../database/dump";
import { restoreDatabase } from "../database/restore";
import { UserError } from "../../tools/errors";
import { requireMachine } from "../machine";
import { root } from "../../tools/paths";
import { namespaceOf } from "../stack-file";
import { confirm, print } from "../terminal";

export const command: Command = {
  usage: `Usage: npm run restore -- [flags]

  --file FILE   the dump; by default the newest in .stack/backups
  --yes         do not ask

What the database holds now is dumped first.`,
  flags: { file: { type: "string" }, yes: { type: "boolean" } },
  run: restore,
};

async function restore(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const machine = requireMachine();
  const namespace = namespaceOf(machine.stack);
  const named = text(invocation, "file");
  // As people see it: npm runs this in the project's folder, wherever they are.
  const file =
    named === undefined ? newestDump() : path.resolve(process.env["INIT_CWD"] ?? root, named);
  if (file === undefined) throw new UserError("There is no dump yet.", ["npm run backup"]);
  const question = `Replace everything in the database of ${namespace} by ${path.relative(root, file)}?`;
  if (!given(invocation, "yes") && !(await confirm(question, signal))) return 1;
  const before = await dumpDatabase(machine.cluster, namespace, signal);
  if (before !== undefined) print(`What was there is in ${path.relative(root, before)}`);
  await restoreDatabase(machine.cluster, namespace, file, signal);
  print(`Restored ${path.relative(root, file)}; people may have to sign in again.`);
  return 0;
}
