/** Where things are: the project, the state of this user's machine, and the cache outside the tree. */
import * as os from "node:os";
import * as path from "node:path";

/** The project's root folder. */
export const root = path.dirname(__dirname);

/** Git-ignored state of the local stack; removed with the clone. */
export const stateFolder = path.join(root, ".stack");

/** A file or folder in the state folder. */
export function state(...names: string[]): string {
  return path.join(stateFolder, ...names);
}

/** Downloads that every clone on this machine can share. */
export function cacheFolder(): string {
  const base = process.env["XDG_CACHE_HOME"] ?? "";
  return path.join(base === "" ? path.join(os.homedir(), ".cache") : base, "todo-app");
}
