/** The stack's state as the file backend keeps it in this clone; read without starting the CLI. */
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../errors";
import { root, state } from "../paths";

/** The file of a stack's state; absent until its first update or `stack init`. */
export function stateFile(stack: string): string {
  return state("backend", ".pulumi", "stacks", "todo-app", `${stack}.json`);
}

/** Whether the state in this clone has the stack. */
export function stackExists(stack: string): boolean {
  return fs.existsSync(stateFile(stack));
}

/**
 * Refuses a state that was damaged: a full disk, a copy that was cut off, an editor.
 * @throws UserError with the command that puts back the copy which Pulumi keeps of the state before its last change
 */
export function requireWholeState(stack: string): void {
  const file = stateFile(stack);
  if (!fs.existsSync(file)) return;
  try {
    JSON.parse(fs.readFileSync(file, "utf8"));
  } catch {
    const name = path.relative(root, file);
    throw new UserError(`The state of the stack ${stack} is damaged: ${name} is not whole.`, [
      `cp ${name}.bak ${name}   (the state before its last change)`,
      "npm run pulumi -- refresh   (compares it with the cluster)",
      "npm start",
    ]);
  }
}
