/** The stack's state as the file backend keeps it in this clone; read without starting the CLI. */
import * as fs from "node:fs";
import { state } from "../paths";

/** The file of a stack's state; absent until its first update or `stack init`. */
export function stateFile(stack: string): string {
  return state("backend", ".pulumi", "stacks", "todo-app", `${stack}.json`);
}

/** Whether the state in this clone has the stack. */
export function stackExists(stack: string): boolean {
  return fs.existsSync(stateFile(stack));
}
