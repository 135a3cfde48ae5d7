/** Runs other programs. The only place here that starts processes and waits for them. */
import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";

export interface RunOptions {
  cwd?: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Text for its standard input. */
  input?: string;
  /** Ends the program (SIGINT) and rejects. */
  signal?: AbortSignal | undefined;
  /** Ends the program after so long; without it there is no limit. */
  timeoutSeconds?: number;
}

/** A program that failed: the message holds the command and the last lines that it printed. */
export class CommandError extends Error {
  constructor(
    readonly command: string,
    readonly output: string,
    reason: string,
  ) {
    const last = output.trimEnd().split("\n").slice(-40).join("\n");
    super(`\`${command}\` ${reason}${last ? `:\n${last}` : "."}`);
    this.name = "CommandError";
  }
}

/**
 * Runs a program to its end and returns its standard output, without the last line feed.
 * @throws CommandError when it cannot be started, exits other than 0, or takes too long
 */
export async function run(
  command: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const child = start(command, args, options, "pipe");
  const text = collect(child);
  child.stdin?.on("error", () => undefined); // a program may end before it has read its input
  child.stdin?.end(options.input ?? "");
  await ended(child, shown(command, args), () => text.all, options);
  return text.out.replace(/\n$/, "");
}

/** Runs `from | to`, both without a shell; rejects with the words of the one that failed. */
export async function pipe(
  from: [string, ...string[]],
  to: [string, ...string[]],
  options: RunOptions = {},
): Promise<void> {
  const source = start(from[0], from.slice(1), options, "ignore");
  const sink = start(to[0], to.slice(1), options, "pipe");
  const sourceText = { all: "" };
  source.stderr?.on("data", (chunk: Buffer) => (sourceText.all += String(chunk)));
  const sinkText = collect(sink);
  if (source.stdout && sink.stdin) {
    sink.stdin.on("error", () => source.kill());
    source.stdout.pipe(sink.stdin);
  }
  const results = await Promise.allSettled([
    ended(sink, shown(to[0], to.slice(1)), () => sinkText.all, options),
    ended(source, shown(from[0], from.slice(1)), () => sourceText.all, options),
  ]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

/**
 * Does several things at once. When one fails the others are stopped and waited for, so that nothing
 * goes on behind an error; the error is the first one.
 */
export async function together(
  signal: AbortSignal | undefined,
  works: ((signal: AbortSignal) => Promise<void>)[],
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any(signal ? [signal, failed.signal] : [failed.signal]);
  await Promise.allSettled(
    works.map(async (work) => {
      try {
        await work(either);
      } catch (error) {
        failed.abort(error);
      }
    }),
  );
  either.throwIfAborted();
}

/** Waits so long, or rejects when the signal fires. */
export async function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  signal?.throwIfAborted();
}

function start(
  command: string,
  args: string[],
  options: RunOptions,
  stdin: "pipe" | "ignore",
): ChildProcess {
  options.signal?.throwIfAborted();
  const settings: SpawnOptions = {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: [stdin, "pipe", "pipe"],
    signal: options.signal,
    killSignal: "SIGINT", // go and docker tidy up on it
    timeout: options.timeoutSeconds === undefined ? undefined : options.timeoutSeconds * 1000,
  };
  return spawn(command, args, settings);
}

function collect(child: ChildProcess): { out: string; all: string } {
  const text = { out: "", all: "" };
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text.out += chunk;
    text.all += chunk;
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (text.all += chunk));
  return text;
}

function ended(
  child: ChildProcess,
  command: string,
  output: () => string,
  options: RunOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (options.signal?.aborted) reject(options.signal.reason as Error);
      else if (error.code === "ENOENT")
        reject(new CommandError(command, "", "could not be started: no such program on PATH"));
      else reject(error);
    });
    child.once("close", (code, signal) => {
      if (code === 0) resolve();
      else if (options.signal?.aborted) reject(options.signal.reason as Error);
      else if (child.killed && options.timeoutSeconds !== undefined)
        reject(
          new CommandError(command, output(), `took longer than ${options.timeoutSeconds} seconds`),
        );
      else reject(new CommandError(command, output(), `failed (${signal ?? `exit ${code}`})`));
    });
  });
}

function shown(command: string, args: string[]): string {
  const line = [command, ...args].join(" ");
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
