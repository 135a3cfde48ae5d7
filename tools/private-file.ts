import * as fs from "node:fs";
import * as path from "node:path";

/** Writes a file that only its owner may read, whole or not at all; makes its folder likewise. */
export function writePrivately(target: string, content: string): void {
  fs.mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
  const temporary = `${target}.${process.pid}`;
  fs.writeFileSync(temporary, content, { mode: 0o600 });
  fs.renameSync(temporary, target);
}
