/** Locks of the state in this clone: a file a running update holds, and leaves behind when it is killed. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../tools/errors";
import { state } from "../tools/paths";

export interface Lock {
  file: string;
  pid: number;
  hostname: string;
  timestamp: string;
}

/** The locks of a stack; empty when nobody holds one. */
export function locksOf(stack: string, backend = state("backend")): Lock[] {
  const folder = path.join(backend, ".pulumi", "locks", "organization", "todo-app", stack);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => path.join(folder, name))
    .map(readLock);
}

/** A lock that was cut off while it was written is nobody's: who wrote it did not live to hold it. */
function readLock(file: string): Lock {
  try {
    return { ...(JSON.parse(fs.readFileSync(file, "utf8")) as Omit<Lock, "file">), file };
  } catch {
    return { file, pid: 0, hostname: os.hostname(), timestamp: "" };
  }
}

/** Whether the process that made the lock is over; one on another host is never called dead. */
export function isDead(lock: Pick<Lock, "pid" | "hostname">): boolean {
  if (lock.hostname !== os.hostname()) return false;
  if (lock.pid <= 0) return true;
  try {
    process.kill(lock.pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  try {
    // After a restart of the machine the number may belong to somebody else.
    return !fs.readFileSync(`/proc/${lock.pid}/comm`, "utf8").startsWith("pulumi");
  } catch {
    return false;
  }
}

/**
 * Removes the locks of killed updates.
 * @returns how many there were
 * @throws UserError while another update is running
 */
export function clearStaleLocks(stack: string): number {
  const locks = locksOf(stack);
  const alive = locks.find((lock) => !isDead(lock));
  if (alive !== undefined) throw updateRunning(alive);
  for (const { file } of locks) {
    fs.rmSync(file, { force: true });
    // The file backend keeps the attributes of each object in a file beside it.
    fs.rmSync(`${file}.attrs`, { force: true });
  }
  return locks.length;
}

function updateRunning(lock: Lock): UserError {
  const where = lock.hostname === os.hostname() ? "" : ` on ${lock.hostname}`;
  return new UserError(
    `Another update of this stack is running (process ${lock.pid}${where}, since ${lock.timestamp}).`,
    [
      "Wait until it is over, then: npm start",
      "If it is not running any more: npm run pulumi -- cancel",
    ],
  );
}
