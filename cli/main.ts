/** The commands of the project: finds the one that was asked for, runs it, and words its errors. */
import { ConfigError } from "../config/reader";
import { parse, type Command } from "./command";
import { inUsersForm } from "../tools/known-errors";
import { bareWorks } from "./environment";
import { Interrupted, messageOf, UsageError, UserError } from "../tools/errors";
import { putFetchedOnPath } from "../tools/downloads";
import { aboutStack, stackOf } from "./stack-option";
import { note, paint, print } from "./terminal";
import { LOCAL_STACK } from "../automation/environment";

export interface Entry {
  /** One line for the list of commands. */
  summary: string;
  /** Loaded only when called, so that `npm run -s env` does not wait for the Pulumi SDK. */
  load: () => Promise<{ command: Command }>;
}

/** The commands of people who use the project; those of its developers are in dev/main.ts. */
export const commands: Record<string, Entry> = {
  start: {
    summary: "builds both images, brings up the cluster, deploys, and prints the URL",
    load: () => import("./commands/start"),
  },
  down: {
    summary: "dumps the database, then removes everything that the stack made",
    load: () => import("./commands/down"),
  },
  backup: {
    summary: "dumps the database into .stack/backups",
    load: () => import("./commands/backup"),
  },
  restore: {
    summary: "puts a dump back, whole or not at all",
    load: () => import("./commands/restore"),
  },
  doctor: {
    summary: "what this machine has, what is wrong, and how to get it",
    load: () => import("./commands/doctor"),
  },
  env: {
    summary: 'prints what a shell needs for a bare pulumi: eval "$(npm run -s env)"',
    load: () => import("./commands/env"),
  },
  dev: {
    summary: "both apps from source with live reload on http://localhost:3000",
    load: () => import("./commands/dev"),
  },
  pulumi: {
    summary: "any Pulumi command on the stack: npm run pulumi -- preview --diff",
    load: () => import("./commands/pulumi"),
  },
  render: {
    summary: "writes the stack's objects as YAML",
    load: () => import("./commands/render"),
  },
  "take-over": {
    summary: "goes on with what kubectl, Helm or Pulumi has deployed, by another of them",
    load: () => import("./commands/take-over"),
  },
  "new-stack": {
    summary: "another environment: its file, its stack and its secrets",
    load: () => import("./commands/new-stack"),
  },
  adopt: {
    summary: "writes a stack's file for applications of your own, by looking into their folders",
    load: () => import("./commands/adopt"),
  },
  status: {
    summary: "pods, images, autoscaler, URL and last update",
    load: () => import("./commands/status"),
  },
  drift: {
    summary: "what was changed in the cluster by hand; exit code 2 if anything was",
    load: () => import("./commands/drift"),
  },
  diff: {
    summary: "what a branch changes in every stack's objects, without engine, cluster or secret",
    load: () => import("./commands/diff"),
  },
  review: {
    summary: "what the pull request workflows run: a preview's JSON as a comment",
    load: () => import("./commands/review"),
  },
};

function overview(entries: Record<string, Entry>): string {
  const lines = Object.entries(entries).map(([name, { summary }]) => {
    const call = name === "start" || name === "test" ? `npm ${name}` : `npm run ${name}`;
    return `  ${call.padEnd(16)} ${summary}`;
  });
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

/** The program's own words about a wrong configuration are for people too. */
function explained(error: unknown): unknown {
  return error instanceof ConfigError ? new UserError(error.message, ["npm start"]) : error;
}

/**
 * Prints an error as people need it and returns the exit code.
 * @param stack what the command was about, and so are those that it proposes
 */
export function report(error: unknown, interrupted: boolean, stack = LOCAL_STACK): number {
  const shown = interrupted && !(error instanceof UserError) ? new Interrupted() : explained(error);
  if (!(shown instanceof UserError)) {
    note(error instanceof Error ? (error.stack ?? error.message) : messageOf(error));
    note(
      "\nThis is a defect of the project, not of your machine. Please report it with the lines above.",
    );
    return 1;
  }
  const usage = shown instanceof UsageError || shown instanceof Interrupted;
  const say = (text: string): void => {
    // A shell made ready by `npm run env` is about one stack: a bare pulumi there would mean another.
    note(aboutStack(inUsersForm(text, stack === LOCAL_STACK && bareWorks()), stack));
  };
  say(`${usage ? "" : paint("red", "error: ")}${shown.message}`);
  if (shown.next.length > 0) {
    say(`\nWhat to do next:\n${shown.next.map((line) => `  ${line}`).join("\n")}`);
  }
  return shown.exitCode;
}

async function dispatch(
  entries: Record<string, Entry>,
  args: string[],
  signal: AbortSignal,
): Promise<number> {
  const [name = "", ...rest] = args;
  const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
  if (entry === undefined) {
    if (name === "" || name === "--help" || name === "help") {
      print(overview(entries));
      return 0;
    }
    throw new UsageError(`There is no command ${name}.`, overview(entries));
  }
  const { command } = await entry.load();
  if (!command.passThrough && (rest.includes("--help") || rest.includes("-h"))) {
    print(command.usage);
    return 0;
  }
  return command.run(parse(command, rest, signal));
}

/**
 * @param entries the commands that there are
 * @param args the arguments after the script's name
 */
export function main(entries: Record<string, Entry>, args: string[]): void {
  putFetchedOnPath();
  const signal = abortOnSignals();
  dispatch(entries, args, signal)
    .catch((error: unknown) => report(error, signal.aborted, stackOf(args)))
    // Explicit, because a stopped child's open pipe must not keep the process alive.
    .then((code) => process.exit(code))
    .catch(() => process.exit(1));
}
