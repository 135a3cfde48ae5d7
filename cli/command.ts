/** The shape of a command, and how its flags are read. */
import { parseArgs, type ParseArgsConfig } from "node:util";
import { messageOf, UsageError } from "../tools/errors";

export type Flags = NonNullable<ParseArgsConfig["options"]>;

export interface Invocation {
  /** Values of the declared flags; boolean flags that were not given are undefined. */
  flags: Record<string, string | boolean | undefined>;
  /** Arguments that are not flags; only for commands that take them. */
  positionals: string[];
  /** Aborted by Ctrl-C; everything that waits or runs a child takes it. */
  signal: AbortSignal;
}

export interface Command {
  /** The usage text: how people call it, then a line for each flag. */
  usage: string;
  flags: Flags;
  /** Everything after the command goes to it untouched (`npm run pulumi -- up --diff`). */
  passThrough?: boolean;
  /** Takes arguments that are not flags (`npm run new-stack NAME`). */
  positional?: true;
  /** Resolves to the exit code. */
  run: (invocation: Invocation) => Promise<number>;
}

/** Reads the arguments by the command's flags; an unknown one is refused with the usage. */
export function parse(command: Command, args: string[], signal: AbortSignal): Invocation {
  if (command.passThrough) return { flags: {}, positionals: args, signal };
  try {
    const { values, positionals } = parseArgs({
      args,
      options: command.flags,
      strict: true,
      allowPositionals: command.positional ?? false,
    });
    return { flags: values as Invocation["flags"], positionals, signal };
  } catch (error) {
    // Node's message is one sentence for the user and one about its own parser.
    throw new UsageError(`${messageOf(error).split(". ")[0] ?? ""}.`, command.usage);
  }
}

/** A flag's text, or undefined when it was not given. */
export function text(invocation: Invocation, flag: string): string | undefined {
  const value = invocation.flags[flag];
  return typeof value === "string" ? value : undefined;
}

/** Whether a boolean flag was given. */
export function given(invocation: Invocation, flag: string): boolean {
  return invocation.flags[flag] === true;
}
