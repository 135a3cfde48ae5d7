/** Programs that may take any time and clean up when they are stopped, two of them in a row, and several works at once. */
import { pipeline } from "node:stream/promises";

import { output, start, type ToolOptions } from "../../tools/process";

export type RunOptions = Partial<Omit<ToolOptions, "stopWith">>;

/** What go and docker tidy up on. */
const stopWith = "SIGINT";

/**
 * Runs a program to its end and returns its standard output, without the last line feed.
 * @throws ToolError when it cannot be started, exits other than 0, or takes too long; on abort the signal's reason
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  options.signal?.throwIfAborted();
  try {
    const printed = await output(command, args, { timeout: undefined, ...options, stopWith });
    return printed.replace(/\n$/, "");
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}

/**
 * Runs `from | to`, both without a shell.
 * @throws ToolError in the words of the one that failed, of both in those of the second; on abort the signal's reason
 */
export async function pipe(
  from: readonly [string, ...string[]],
  to: readonly [string, ...string[]],
  { signal }: Pick<RunOptions, "signal"> = {},
): Promise<void> {
  signal?.throwIfAborted();
  const options = { timeout: undefined, signal, stopWith } as const;
  const source = start(from[0], from.slice(1), options);
  const sink = start(to[0], to.slice(1), options);
  source.stdin.end();
  sink.stdout.resume();
  // Ends the first program when the second one takes no more.
  const passed = pipeline(source.stdout, sink.stdin);
  // Judged by how the programs ended, as a shell does: one may end before it has read the last bytes, such as a reader of
  // archives at their end mark. Where it ended too soon, the first program says that it could not write.
  const [second, first] = await Promise.allSettled([sink.done, source.done, passed]);
  signal?.throwIfAborted();
  for (const result of [second, first]) if (result.status === "rejected") throw result.reason;
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
