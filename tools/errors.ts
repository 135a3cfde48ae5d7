/**
 * What failed, why, and what to do next: the only errors that people see. Anything else that reaches
 * main.ts is a defect of ours and is printed with its stack.
 */
export class UserError extends Error {
  /**
   * @param message what failed and why, one or more lines
   * @param next commands or steps that set it right, one a line, printed below the message
   * @param exitCode of the process; 2 for wrong usage, 130 for an interruption, else 1
   */
  constructor(
    message: string,
    readonly next: readonly string[] = [],
    readonly exitCode: number = 1,
  ) {
    super(message);
    this.name = "UserError";
  }
}

/** A flag or command that does not exist; the usage follows the message. */
export class UsageError extends UserError {
  constructor(message: string, usage: string) {
    super(`${message}\n\n${usage}`, [], 2);
    this.name = "UsageError";
  }
}

/** Ctrl-C: not a failure to explain, only to continue from. */
export class Interrupted extends UserError {
  constructor(next: readonly string[] = []) {
    super("Interrupted.", next, 130);
    this.name = "Interrupted";
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
