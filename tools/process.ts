/** Child processes: run one to its end and look at what it said. */
import { spawn, type ChildProcess } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";

export interface RunOptions {
  cwd?: string;
  /** Added to this process's environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** Written to stdin, which is then closed. Secrets go this way, never as an argument. */
  input?: string;
  /** Open files as its standard input or output, for streams that are binary or larger than memory. */
  files?: { input?: number | undefined; output?: number | undefined };
  /** Milliseconds until the process is stopped; `timedOut` then says so. No limit by default. */
  timeout?: number;
  /** On abort the process gets SIGINT once, and this waits for its end. */
  signal?: AbortSignal | undefined;
  /** Called for each line of stdout and stderr as it comes. */
  onLine?: (line: string) => void;
  /**
   * Give the child a session of its own, so that a terminal's Ctrl-C does not reach it beside the
   * SIGINT sent here: Pulumi takes a second one for "stop at once".
   */
  ownSession?: boolean;
}

export interface RunResult {
  /** Exit code; 127 when the program does not exist, 128 + n after signal n. */
  code: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
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
      const lines = (rest + chunk).split(/\r?\n/);
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
    const interrupt = (): void => void child.kill("SIGINT");
    if (options.signal?.aborted) interrupt();
    options.signal?.addEventListener("abort", interrupt, { once: true });
    const timer =
      options.timeout === undefined
        ? undefined
        : setTimeout(() => {
            result.timedOut = true;
            child.kill("SIGKILL");
          }, options.timeout);
    const finish = (code: number): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", interrupt);
      lines.end();
      resolve({ ...result, code });
    };
    child.on("error", (error: NodeJS.ErrnoException) => {
      result.stderr += error.message;
      finish(error.code === "ENOENT" ? 127 : 126);
    });
    child.on("close", (code, signal) => {
      finish(code ?? 128 + (signal === "SIGINT" ? 2 : signal === "SIGKILL" ? 9 : 15));
    });
  });
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
