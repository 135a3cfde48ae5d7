/** `npm run restore`: puts a dump back, in the place of everything that the database holds now. */
import * as path from "node:path";
import { given, text, type Command, type Invocation } from "../command";
import { dumpDatabase, newestDump } from "../database/dump";
import { applyDump, removeUpload, requireDump, uploadDump } from "../database/restore";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { requireSameCluster, targetStack } from "../target-stack";
import { confirmLoss, print } from "../terminal";

export const command: Command = {
  usage: `Usage: npm run restore -- [flags]

  --stack NAME  the stack (default: local)
  --file FILE   the dump; by default the stack's newest in .stack/backups
  --yes         do not ask; needed where there is no terminal

What the database holds now is dumped first.`,
  flags: { stack: { type: "string" }, file: { type: "string" }, yes: { type: "boolean" } },
  run: restore,
};

async function restore(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const target = targetStack(text(invocation, "stack"), "restore");
  requireSameCluster(target);
  const named = text(invocation, "file");
  // As people see it: npm runs this in the project's folder, wherever they are.
  const file =
    named === undefined
      ? newestDump(target.stack)
      : path.resolve(process.env["INIT_CWD"] ?? root, named);
  if (file === undefined) throw new UserError("There is no dump yet.", ["npm run backup"]);
  requireDump(file);
  const question =
    `Replace everything in the database of the stack ${target.stack} (namespace ${target.namespace} of ` +
    `${target.cluster.context}) by ${path.relative(root, file)}?`;
  if (!(await confirmLoss(question, given(invocation, "yes"), signal))) return 1;
  const uploaded = await uploadDump(target, file, signal);
  try {
    const before = await dumpDatabase(target, signal);
    if (before !== undefined) print(`What was there is in ${path.relative(root, before)}`);
    await applyDump(target, uploaded, signal);
  } finally {
    await removeUpload(target, uploaded);
  }
  print(`Restored ${path.relative(root, file)}; people may have to sign in again.`);
  return 0;
}
