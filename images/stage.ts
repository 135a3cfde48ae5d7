import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type BuildContext, readContext, STAGES } from "./context";
import { type ImageSource, shortName } from "./source";
import { referenceOf } from "./tag";

/** Where a Dockerfile from outside the context is put; no build has a file of that name. */
const OUTSIDE_DOCKERFILE = ".staged.Dockerfile";

/** Stages of an image that stay, the current one included: going back to the last one costs nothing. */
const KEPT = 3;
/** Another update may still be building from a stage this young. */
const YOUNG_MS = 60 * 60 * 1000;

export interface Stage {
  /** `todo-backend:3f2a9c04d1e7`. */
  reference: string;
  /**
   * `.build/todo-backend/3f2a9c04d1e7`, relative to the root: an absolute path in the stack's state
   * would make the preview of another checkout differ.
   */
  context: string;
  /** The Dockerfile within it, relative to the root too. */
  dockerfile: string;
}

/**
 * Copies exactly the hashed files to a folder of their own, which is what gets built. The Docker
 * provider hashes every permission bit of its context, so that `chmod g+w` in the sources would show
 * as a change and build again; here modes are always 0644 or 0755. Nothing else is in the folder, so
 * no ignore file is needed in it.
 *
 * Safe beside other updates: a stage is filled under another name and renamed when complete. A stage
 * that is there already is only checked.
 *
 * @param root folder that the source's paths are relative to; default the working directory
 * @throws Error as `readContext`, or when the files keep changing while they are copied
 */
export function stage(source: ImageSource, root = process.cwd()): Stage {
  const context = readContext(source, root);
  const reference = referenceOf(source, context);
  const shelf = path.posix.join(STAGES, shortName(source.repository));
  const folder = path.posix.join(shelf, reference.slice(reference.lastIndexOf(":") + 1));
  const dockerfile = stagedDockerfile(context);

  const target = path.resolve(root, folder);
  const holds = (candidate: string): boolean =>
    isStageOf(candidate, context, dockerfile) &&
    referenceOf(source, staged(candidate, context, dockerfile)) === reference;
  if (!holds(target)) {
    const filling = `${target}.${randomBytes(4).toString("hex")}.part`;
    try {
      fill(filling, context, dockerfile);
      if (!holds(filling)) {
        throw new Error(
          `The files of ${source.repository} changed while they were copied to ${folder}. Run it again.`,
        );
      }
      fs.rmSync(target, { recursive: true, force: true });
      fs.renameSync(filling, target);
    } catch (error) {
      fs.rmSync(filling, { recursive: true, force: true });
      // Another update of the same content may have been first; what it made is what we would have.
      if (!holds(target)) throw error;
    }
  }
  const now = new Date();
  fs.utimesSync(target, now, now);
  pruneStages(path.resolve(root, shelf));
  return { reference, context: folder, dockerfile: path.posix.join(folder, dockerfile) };
}

/** Its own path when it lies within the context (Docker sends it even if it is ignored). */
function stagedDockerfile(context: BuildContext): string {
  const relative = path.relative(context.folder, context.dockerfile).split(path.sep).join("/");
  return relative.startsWith("../") || path.isAbsolute(relative) ? OUTSIDE_DOCKERFILE : relative;
}

/** The same build, read from a stage. */
function staged(folder: string, context: BuildContext, dockerfile: string): BuildContext {
  return { folder, dockerfile: path.join(folder, dockerfile), entries: context.entries };
}

function fill(folder: string, context: BuildContext, dockerfile: string): void {
  const place = (relative: string): string => {
    const file = path.join(folder, relative);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    return file;
  };
  for (const entry of context.entries) {
    const file = place(entry.path);
    if (entry.kind === "link") fs.symlinkSync(entry.target, file);
    else fs.copyFileSync(path.join(context.folder, entry.path), file);
  }
  if (!context.entries.some((entry) => entry.path === dockerfile)) {
    fs.copyFileSync(context.dockerfile, place(dockerfile));
  }
}

/** Are exactly the expected files there? Their modes are set right on the way, whatever the umask. */
function isStageOf(folder: string, context: BuildContext, dockerfile: string): boolean {
  if (!fs.existsSync(folder)) return false;
  const expected = new Map(context.entries.map((entry) => [entry.path, entry]));
  if (!expected.has(dockerfile)) {
    expected.set(dockerfile, { kind: "file", path: dockerfile, executable: false });
  }
  const present = fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((item) => !item.isDirectory());
  if (present.length !== expected.size) return false;
  for (const entry of expected.values()) {
    const file = path.join(folder, entry.path);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (entry.kind === "link") {
      if (!found?.isSymbolicLink() || fs.readlinkSync(file) !== entry.target) return false;
      continue;
    }
    if (!found?.isFile()) return false;
    const mode = entry.executable ? 0o755 : 0o644;
    if ((found.mode & 0o777) !== mode) fs.chmodSync(file, mode);
  }
  return true;
}

/** Removes all but the newest stages of an image, and what a killed run left half filled. */
function pruneStages(shelf: string): void {
  const stages = fs
    .readdirSync(shelf)
    .map((name) => path.join(shelf, name))
    .map((folder) => ({ folder, used: fs.statSync(folder, { throwIfNoEntry: false })?.mtimeMs }))
    .sort((a, b) => (b.used ?? 0) - (a.used ?? 0));
  for (const { folder, used } of stages.slice(KEPT)) {
    if (used === undefined || Date.now() - used < YOUNG_MS) continue;
    fs.rmSync(folder, { recursive: true, force: true });
  }
}
