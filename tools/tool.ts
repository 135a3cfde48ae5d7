import { execFile, spawn } from "node:child_process";
import { type Readable, type Writable } from "node:stream";
import { remedyFor } from "./remedies";

export interface ToolOptions {
  /** Milliseconds after which the tool is ended. */
  timeout: number;
  signal?: AbortSignal;
  /** Written to its standard input, which is then closed. */
  input?: string;
  /** Where the tool is started. Default: the working directory. */
  cwd?: string;
}

/** A program that is missing, failed or took too long, with its own words and what to do next. */
export class ToolError extends Error {
  constructor(
    readonly command: string,
    /** What happened: `failed with exit code 1`, `was not found`. */
    readonly outcome: string,
    /** The end of what it printed. */
    readonly output: string,
  ) {
    const words = output === "" ? "" : `:\n${indent(output)}`;
    const remedy = remedyFor(command, `${outcome}\n${output}`);
    super(`\`${command}\` ${outcome}${words}${remedy === undefined ? "" : `\n${remedy}`}`);
    this.name = "ToolError";
  }
}

/** Runs a program without a shell and returns what it wrote to its standard output. */
export function run(tool: string, args: string[], options: ToolOptions): Promise<string> {
  const command = words(tool, args);
  return new Promise((resolve, reject) => {
    const child = execFile(
      tool,
      args,
      { maxBuffer: 64 * 1024 * 1024, ...options, killSignal: "SIGKILL" },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (options.signal?.aborted) reject(cancelled(command));
        else reject(new ToolError(command, outcomeOf(error, options), tail(stderr || stdout)));
      },
    );
    child.stdin?.on("error", () => undefined); // it ended early; its exit code says why
    child.stdin?.end(options.input);
  });
}

/**
 * Starts a program whose standard output or input is a stream. `done` settles when it has ended;
 * whoever uses the stream awaits it too, because a program that fails closes its output as well.
 */
export function start(
  tool: string,
  args: string[],
  options: ToolOptions,
): { stdin: Writable; stdout: Readable; done: Promise<string> } {
  const command = words(tool, args);
  const child = spawn(tool, args, { ...options, killSignal: "SIGKILL" });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-16 * 1024);
  };
  child.stderr.on("data", keep);
  const done = new Promise<string>((resolve, reject) => {
    child.on("error", (error) => {
      reject(options.signal?.aborted ? cancelled(command) : failed(error as Failure));
    });
    child.on("close", (code, signal) => {
      if (code === 0) resolve(output);
      else reject(failed({ code: code ?? undefined, signal: signal ?? undefined }));
    });
  });
  const failed = (error: Failure): ToolError =>
    new ToolError(command, outcomeOf(error, options), tail(output));
  done.catch(() => undefined); // reported by whoever awaits it, even when a stream fails first
  child.stdin.on("error", () => undefined); // EPIPE: the program ended early, `done` says why
  return { stdin: child.stdin, stdout: child.stdout, done };
}

/**
 * Writes a stream into several programs at once, as fast as the slowest of them reads.
 * @returns bytes written to each
 */
export async function feed(source: Readable, sinks: Writable[]): Promise<number> {
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    for (const sink of sinks) {
      if (!sink.writable) throw new Error("a program that was being written to has ended");
      if (!sink.write(chunk)) await drained(sink);
    }
  }
  for (const sink of sinks) sink.end();
  return bytes;
}

function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      sink.off("drain", settle).off("close", settle);
      resolve();
    };
    sink.on("drain", settle).on("close", settle);
  });
}

/** The part of execFile's and spawn's errors that is read here. */
interface Failure {
  code?: string | number | null;
  signal?: string | null;
}

function outcomeOf(error: Failure, options: ToolOptions): string {
  if (error.code === "ENOENT") return "was not found";
  if (error.code === "EACCES") return "may not be run";
  if (error.signal === "SIGKILL") return `took longer than ${options.timeout / 1000} s`;
  if (error.signal) return `was ended by ${error.signal}`;
  return `failed with exit code ${error.code ?? "unknown"}`;
}

function cancelled(command: string): Error {
  return new Error(`\`${command}\` was cancelled.`);
}

function words(tool: string, args: string[]): string {
  return [tool, ...args]
    .map((word) => (/^[\w./:=@{}-]+$/.test(word) ? word : `'${word}'`))
    .join(" ");
}

/** The last lines are the ones that say what went wrong. */
function tail(text: string): string {
  return text.trim().split("\n").slice(-12).join("\n");
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}
