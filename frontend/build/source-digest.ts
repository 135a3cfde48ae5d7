import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Made by installs, builds and tests: no part of the source. */
const LEFT_OUT = new Set([
  "node_modules",
  ".next",
  "next-env.d.ts",
  "tsconfig.tsbuildinfo",
  "tests",
  "README.md",
]);

/**
 * A name for this version of the front end: 16 hexadecimal digits over the paths and bytes of its
 * sources (`root` is its folder). The same sources give the same name on every machine, whatever
 * the order of files, their times and their modes.
 */
export function sourceDigest(root: string): string {
  const hash = createHash("sha256");
  for (const path of sources(root).sort()) {
    const bytes = readFileSync(path);
    hash.update(`${relative(root, path)}\0${String(bytes.length)}\0`).update(bytes);
  }
  return hash.digest("hex").slice(0, 16);
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (LEFT_OUT.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [path];
  });
}
