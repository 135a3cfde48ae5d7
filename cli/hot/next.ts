/** Finds the Next.js application in a build context. */
import * as path from "node:path";
import type { BuildContext } from "../../images/context";
import * as fs from "node:fs";
import type { HotFolder } from "./content";

/** What decides which packages there are. */
const INSTALLED = new Set(["package.json", "package-lock.json"]);

/** The folder nearest to the context's own with a package.json that names Next.js and a lock file of npm beside it. */
export function nextFolder({ folder, entries }: BuildContext): HotFolder | undefined {
  const names = new Set(entries.map((entry) => entry.path));
  const found = [...names]
    .filter((name) => path.posix.basename(name) === "package.json")
    .sort((a, b) => a.length - b.length)
    .find((name) => {
      const lock = path.posix.join(path.posix.dirname(name), "package-lock.json");
      return names.has(lock) && dependsOnNext(path.join(folder, name));
    });
  if (found === undefined) return undefined;
  const parent = path.posix.dirname(found);
  return {
    folder: parent === "." ? "" : parent,
    needsBuild: (file) => INSTALLED.has(file),
  };
}

function dependsOnNext(file: string): boolean {
  try {
    const { dependencies } = JSON.parse(fs.readFileSync(file, "utf8")) as {
      dependencies?: Record<string, string>;
    };
    return dependencies?.["next"] !== undefined;
  } catch {
    return false; // half-written: the next edit is looked at again
  }
}
