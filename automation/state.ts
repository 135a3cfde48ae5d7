/** The stack's state as the file backend keeps it in this clone; read without starting the CLI. */
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../tools/errors";
import { root, state } from "../tools/paths";

/** The file of a stack's state; absent until its first update or `stack init`. */
export function stateFile(stack: string): string {
  return state("backend", ".pulumi", "stacks", "todo-app", `${stack}.json`);
}

/** Whether the state in this clone has the stack. */
export function stackExists(stack: string): boolean {
  return fs.existsSync(stateFile(stack));
}

function isWhole(file: string): boolean {
  try {
    JSON.parse(fs.readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes sure that the CLI can read the state. An update that is killed may leave half of the file beside it, which holds its type
 * and checksum and which the CLI does without: it is removed. A state that is itself damaged (a full disk, a copy that was cut
 * off) is refused.
 * @throws UserError with the command that puts back the copy which Pulumi keeps of the state before its last change
 */
export function requireWholeState(stack: string): void {
  const file = stateFile(stack);
  if (!fs.existsSync(file)) return;
  for (const attributes of [`${file}.attrs`, `${file}.bak.attrs`]) {
    if (!isWhole(attributes)) fs.rmSync(attributes, { force: true });
  }
  if (isWhole(file)) return;
  const name = path.relative(root, file);
  throw new UserError(`The state of the stack ${stack} is damaged: ${name} is not whole.`, [
    `cp ${name}.bak ${name}   (the state before its last change)`,
    "npm run pulumi -- refresh   (compares it with the cluster)",
    "npm start",
  ]);
}
