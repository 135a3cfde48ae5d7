/** The only place where the project starts other programs: to their end, attached to this terminal, or as streams. */
import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";
import type { Readable, Writable } from "node:stream";
import { ToolError } from "./tool-error";

export interface RunOptions {
  cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** Written to stdin, which is then closed. Secrets go this way, never as an argument. */
  input?: string;
  /** Open files as its standard input or output, for streams that are binary or larger than memory. */
  files?: { input?: number | undefined; output?: number | undefined };
  /** Milliseconds until the process is ended; `timedOut` then says so. No limit by default. */
  timeout?: number;
  /** On abort the process gets `stopWith` once, and this waits for its end. */
  signal?: AbortSignal | undefined;
  /** Default: SIGINT, which lets a program clean up; what only looks is ended at once with SIGKILL. */
  stopWith?: "SIGINT" | "SIGKILL";
  /** Called for each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
  /**
   * Give the child a session of its own, so that a terminal's Ctrl-C does not reach it beside the
   * SIGINT sent here: Pulumi takes a second one for "stop at once".
   */
  ownSession?: boolean;
}

export interface RunResult {
  /** Exit code; 127 when the program does not exist, 126 when it cannot be started, 128 + n after signal n. */
  code: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  /** Why there was no process at all: `ENOENT`, `EACCES`. */
  notStarted?: string;
}

/** This process's environment with some variables set and others removed. */
export function environmentWith(changes: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const merged: NodeJS.ProcessEnv = { ...process.env };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) Reflect.deleteProperty(merged, name);
    else merged[name] = value;
  }
  return merged;
}

/** Splits a stream of chunks into lines, the last one too when it has no line end. */
export function lineSplitter(onLine: (line: string) => void): {
  write: (chunk: string) => void;
  end: () => void;
} {
  let rest = "";
  return {
    write(chunk) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    },
    end() {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

/** Runs a program to its end. Never throws for its exit code or its absence: the result says so. */
export function run(command: string, args: readonly string[], options: RunOptions = {}) {
  return new Promise<RunResult>((resolve) => {
    const result: RunResult = { code: 0, stdout: "", stderr: "", timedOut: false };
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: environmentWith(options.env ?? {}),
      stdio: [
        options.input === undefined ? (options.files?.input ?? "ignore") : "pipe",
        options.files?.output ?? "pipe",
        "pipe",
      ],
      detached: options.ownSession ?? false,
    });
    const lines = lineSplitter(options.onLine ?? (() => undefined));
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      result.stdout += chunk;
      lines.write(chunk);
    });
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
      result.stderr += chunk;
      lines.write(chunk);
    });
    // A program that ends before it has read everything is judged by its exit code, not by EPIPE.
    child.stdin?.on("error", () => undefined).end(options.input);
    const stop = (): void => void child.kill(options.stopWith ?? "SIGINT");
    if (options.signal?.aborted) stop();
    options.signal?.addEventListener("abort", stop, { once: true });
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => {
            result.timedOut = true;
            child.kill("SIGKILL");
          }, options.timeout);
    const finish = (code: number): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", stop);
      lines.end();
      resolve({ ...result, code });
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      result.stderr += error.message;
      result.notStarted = error.code ?? "unknown";
      finish(error.code === "ENOENT" ? 127 : 126);
    });
    child.on("close", (code, signal) => {
      if (result.notStarted === undefined) {
        finish(code ?? 128 + (signal === "SIGINT" ? 2 : signal === "SIGKILL" ? 9 : 15));
      }
    });
  });
}

export interface ToolOptions {
  /** Milliseconds after which the tool is ended; undefined where nobody can tell how long it may take. */
  timeout: number | undefined;
  /** On abort the tool gets `stopWith`. */
  signal?: AbortSignal | undefined;
  /** Default: SIGKILL. With SIGINT it can clean up behind itself first. */
  stopWith?: "SIGINT" | "SIGKILL";
  /** Written to its standard input, which is then closed. */
  input?: string;
  /** Where the tool is started. Default: the working directory. */
  cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
}

/**
 * What a program wrote to its standard output.
 * @throws ToolError with its own words and what to do next, when it is missing, fails or takes too long
 */
export async function output(
  tool: string,
  args: readonly string[],
  options: ToolOptions,
): Promise<string> {
  const result = await run(tool, args, { stopWith: "SIGKILL", ...options });
  if (result.code === 0) return result.stdout;
  const command = words(tool, args);
  if (options.signal?.aborted) throw cancelled(command);
  const said = result.notStarted === undefined ? result.stderr || result.stdout : "";
  throw new ToolError(command, outcomeOf(result, options), said);
}

/** A program whose standard input and output are streams. */
export interface Started {
  stdin: Writable;
  stdout: Readable;
  /** Settles when it has ended, with what it wrote to its standard error. */
  done: Promise<string>;
}

/**
 * Starts a program whose standard output or input is a stream. Whoever uses the stream awaits `done` too, because
 * a program that fails closes its output as well.
 */
export function start(
  tool: string,
  args: readonly string[],
  options: Omit<ToolOptions, "input">,
): Started {
  const command = words(tool, args);
  const env = environmentWith(options.env ?? {});
  const killSignal = options.stopWith ?? "SIGKILL";
  const child = spawn(tool, args, { ...options, env, killSignal });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-16 * 1024);
  });
  const done = new Promise<string>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const notStarted = error.code ?? "unknown";
      const outcome = outcomeOf({ code: 126, timedOut: false, notStarted }, options);
      reject(options.signal?.aborted ? cancelled(command) : new ToolError(command, outcome, said));
    });
    child.on("close", (code, signal) => {
      if (code === 0) {
        resolve(said);
        return;
      }
      const timedOut = signal === killSignal && options.timeout !== undefined;
      const outcome = outcomeOf({ code: code ?? 143, timedOut }, options);
      reject(new ToolError(command, outcome, said));
    });
  });
  done.catch(() => undefined); // reported by whoever awaits it, even when a stream fails first
  child.stdin.on("error", () => undefined); // EPIPE: the program ended early, `done` says why
  return { stdin: child.stdin, stdout: child.stdout, done };
}

function outcomeOf(
  { code, timedOut, notStarted }: Pick<RunResult, "code" | "timedOut" | "notStarted">,
  options: ToolOptions,
): string {
  if (notStarted === "ENOENT") return "was not found";
  if (notStarted !== undefined) return "may not be run";
  if (timedOut) return `took longer than ${(options.timeout ?? 0) / 1000} s`;
  return code > 128 ? `was ended by signal ${code - 128}` : `failed with exit code ${code}`;
}

function cancelled(command: string): Error {
  return new Error(`\`${command}\` was cancelled.`);
}

function words(tool: string, args: readonly string[]): string {
  return [tool, ...args].map(shellQuoted).join(" ");
}

/** A value as a POSIX shell reads it back unchanged. */
export function shellQuoted(value: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Runs a program with this terminal as its own; resolves to its exit code. */
export function runAttached(
  command: string,
  args: readonly string[],
  options: Pick<RunOptions, "cwd" | "env" | "signal"> = {},
): Promise<number> {
  return new Promise((resolve) => {
    const child: ChildProcess = spawn(command, args, {
      cwd: options.cwd,
      env: environmentWith(options.env ?? {}),
      stdio: "inherit",
    });
    // On a terminal the whole group has its Ctrl-C already; elsewhere only this process got the signal.
    const interrupt = (): void => {
      if (!process.stdin.isTTY) child.kill("SIGINT");
    };
    options.signal?.addEventListener("abort", interrupt, { once: true });
    const finish = (code: number): void => {
      options.signal?.removeEventListener("abort", interrupt);
      resolve(code);
    };
    child.on("error", () => {
      finish(127);
    });
    child.on("exit", (code, signal) => {
      finish(code ?? (signal === "SIGINT" ? 130 : 143));
    });
  });
}

/** The full path of a program on PATH (or on the given PATH), or undefined. */
export function which(program: string, searchPath = process.env["PATH"] ?? ""): string | undefined {
  for (const folder of searchPath.split(path.delimiter)) {
    // npm puts the project's own .bin folders in front; the user's tools are looked for elsewhere.
    if (folder === "" || folder.includes(`node_modules${path.sep}.bin`)) continue;
    const file = path.join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The last lines of an output that say something, for an error message. */
export function tail(text: string, lines: number): string {
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-lines)
    .join("\n");
}
