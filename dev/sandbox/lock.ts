/** One run at a time may build programs or change the cluster. */
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Runs `work` while holding the lock file, after waiting for whoever else holds it.
 *
 * The lock is flock(1) around a `cat` that ends with our end of its pipe: whatever way this process
 * dies, the kernel lets go of the lock, so there is no stale lock to detect or to delete.
 */
export async function withLock<T>(
  file: string,
  report: (line: string) => void,
  work: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const holder = spawn("flock", [file, "sh", "-c", "echo locked; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true, // a Ctrl-C in the terminal must not end it before our own clean-up is done
  });
  holder.stdin.on("error", () => undefined);
  const waiting = setTimeout(() => {
    report(`waiting for another run that holds ${file}`);
  }, 1000);
  const giveUp = (): boolean => holder.kill();
  signal?.addEventListener("abort", giveUp);
  try {
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once("data", () => {
        resolve();
      });
      holder.once("error", (error) => {
        reject(new Error(`flock (package util-linux) could not be started: ${error.message}`));
      });
      holder.once("close", () => {
        reject(signal?.aborted ? (signal.reason as Error) : new Error(`${file}: flock failed`));
      });
    });
    signal?.removeEventListener("abort", giveUp);
    clearTimeout(waiting);
    return await work();
  } finally {
    clearTimeout(waiting);
    signal?.removeEventListener("abort", giveUp);
    holder.stdin.end();
  }
}
