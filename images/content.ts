import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { STAGES } from "./context";

/** From this size on, in bytes, a file is read in parts, its digest is remembered, and a stage has it by a link. */
export const LARGE = 64 * 1024 * 1024;

const PART = 4 * 1024 * 1024;
/** A file that changed less long ago than this, in milliseconds, may change again under the same time stamp. */
const SETTLED_MS = 2_000;
/** Of how many files a digest is remembered. */
const REMEMBERED = 100;

/**
 * The SHA-256 of a large file, in memory of 4 MB. It is remembered in the folder of the stages by the file's inode, size
 * and time of change: a model of several gigabytes is not read at every preview.
 * @param root the project's root, in which the stages are
 */
export function digestOfLarge(file: string, root: string): string {
  const found = fs.statSync(file, { bigint: true });
  const key = [found.dev, found.ino, found.size, found.mtimeNs].join(" ");
  const memory = path.join(root, STAGES, "digests.json");
  const known = remembered(memory);
  const digest = known.get(key) ?? read(file);
  known.delete(key);
  known.set(key, digest);
  if (Date.now() - Number(found.mtimeMs) > SETTLED_MS) remember(memory, known);
  return digest;
}

function read(file: string): string {
  const hash = createHash("sha256");
  const part = Buffer.allocUnsafe(PART);
  const descriptor = fs.openSync(file, "r");
  try {
    for (;;) {
      const length = fs.readSync(descriptor, part, 0, PART, null);
      if (length === 0) return hash.digest("hex");
      hash.update(part.subarray(0, length));
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

function remembered(memory: string): Map<string, string> {
  try {
    return new Map(JSON.parse(fs.readFileSync(memory, "utf8")) as [string, string][]);
  } catch {
    return new Map(); // none yet, or one that a killed run left half written
  }
}

function remember(memory: string, known: Map<string, string>): void {
  const text = JSON.stringify([...known].slice(-REMEMBERED));
  if (fs.existsSync(memory) && fs.readFileSync(memory, "utf8") === text) return;
  fs.mkdirSync(path.dirname(memory), { recursive: true });
  fs.writeFileSync(`${memory}.${process.pid}`, text);
  fs.renameSync(`${memory}.${process.pid}`, memory);
}
