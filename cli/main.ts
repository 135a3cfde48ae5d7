/** The commands of the project: finds the one that was asked for, runs it, and words its errors. */
import { parse, type Command } from "./command";
import { Interrupted, messageOf, UsageError, UserError } from "./errors";
import { note, paint, print } from "./terminal";

/** Loaded only when called, so that `npm run -s env` does not wait for the Pulumi SDK. */
const commands: Record<string, () => Promise<{ command: Command }>> = {
  start: () => import("./commands/start"),
  down: () => import("./commands/down"),
  doctor: () => import("./commands/doctor"),
  env: () => import("./commands/env"),
  dev: () => import("./commands/dev"),
  pulumi: () => import("./commands/pulumi"),
  test: () => import("./commands/test"),
  check: () => import("./commands/check"),
  render: () => import("./commands/render"),
  bench: () => import("./commands/bench"),
};

async function overview(): Promise<string> {
  const lines = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => {
      const { command } = await load();
      const call = name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
      return `  ${call.padEnd(16)} ${command.summary}`;
    }),
  );
  return `Commands:\n${lines.join("\n")}\n\nEach takes --help: npm start -- --help`;
}

/**
 * The first Ctrl-C asks everything to come to a clean end, a later one ends the process. A terminal
 * and npm both pass the same key press on, so what arrives within a second counts once.
 */
function abortOnSignals(): AbortSignal {
  const controller = new AbortController();
  let first = 0;
  const handle = (): void => {
    if (first === 0) {
      first = Date.now();
      note("Stopping … (Ctrl-C again to stop at once)");
      controller.abort(new Interrupted());
    } else if (Date.now() - first > 1000) process.exit(130);
  };
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, handle);
  return controller.signal;
}

/** Prints an error as people need it and returns the exit code. */
export function report(error: unknown, interrupted: boolean): number {
  const shown = interrupted && !(error instanceof UserError) ? new Interrupted() : error;
  if (!(shown instanceof UserError)) {
    note(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
    note(
      "\nThis is a defect of the project, not of your machine. Please report it with the lines above.",
    );
    return 1;
  }
  const usage = shown instanceof UsageError || shown instanceof Interrupted;
  note(`${usage ? "" : paint("red", "error: ")}${shown.message}`);
  if (shown.next.length > 0)
    note(`\nWhat to do next:\n${shown.next.map((l) => `  ${l}`).join("\n")}`);
  return shown.exitCode;
}

async function dispatch(args: string[], signal: AbortSignal): Promise<number> {
  const [name = "", ...rest] = args;
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) {
    if (name === "" || name === "--help" || name === "help") {
      print(await overview());
      return 0;
    }
    throw new UsageError(`There is no command ${name}.`, await overview());
  }
  const { command } = await load();
  if (!command.passThrough && (rest.includes("--help") || rest.includes("-h"))) {
    print(command.usage);
    return 0;
  }
  return command.run(parse(command, rest, signal));
}

/** Called by bootstrap.mjs with the arguments after the script's name. */
export function main(args: string[]): void {
  const signal = abortOnSignals();
  dispatch(args, signal)
    .catch((error: unknown) => report(error, signal.aborted))
    // Explicit, because a stopped child's open pipe must not keep the process alive.
    .then((code) => process.exit(code))
    .catch(() => process.exit(1));
}
