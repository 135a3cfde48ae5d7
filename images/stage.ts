import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { LARGE } from "./content";
import { type BuildContext, type ContextEntry, readContext, STAGES } from "./context";
import { handOver, needsHandingOver, type ProviderBuild } from "./hand-over";
import { listAll } from "./listing";
import { isInRepository, readRepository } from "./repository";
import { type ImageSource, shortName } from "./source";
import { FilesChanged, untilSteady } from "./steady";
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
  /** A file of the folder, relative to it, that is not for Docker. */
  notSent?: string;
  /** What the Docker provider builds: the same, unless it cannot. */
  provider: ProviderBuild;
}

/**
 * Copies exactly the hashed files to a folder of their own, which is what gets built. The Docker
 * provider hashes every permission bit of its context, so that `chmod g+w` in the sources would show
 * as a change and build again; here modes are always 0644 or 0755.
 *
 * Safe beside other updates: a stage is filled under another name and renamed when complete. A stage
 * that is there already is only checked. Files that change meanwhile are read again.
 *
 * @param root folder that the source's paths are relative to; default the working directory
 * @throws Error as `readContext`, or when the files keep changing while they are copied
 */
export function stage(source: ImageSource, root = process.cwd()): Stage {
  return untilSteady(() => stageOnce(source, root));
}

function stageOnce(source: ImageSource, root: string): Stage {
  const context = readContext(source, root);
  const reference = referenceOf(source, context, root);
  const shelf = path.posix.join(STAGES, shortName(source.repository));
  const folder = path.posix.join(shelf, reference.slice(reference.lastIndexOf(":") + 1));
  const extras = extrasOf(context);

  const target = path.resolve(root, folder);
  const holds = (candidate: string): boolean =>
    isStageOf(candidate, context, extras) &&
    referenceOf(source, staged(candidate, context, extras), root) === reference;
  if (!holds(target)) {
    const filling = `${target}.${randomBytes(4).toString("hex")}.part`;
    try {
      fill(filling, context, extras);
      if (!holds(filling)) throw new FilesChanged(`The files of ${source.repository}`);
      fs.rmSync(target, { recursive: true, force: true });
      fs.renameSync(filling, target);
    } catch (error) {
      fs.rmSync(filling, { recursive: true, force: true });
      // Another update of the same content may have been first; what it made is what we would have.
      if (!holds(target)) throw error;
    }
  }
  for (const name of context.folders) makeFolder(target, name);
  const now = new Date();
  fs.utimesSync(target, now, now);
  pruneStages(path.resolve(root, shelf));

  const { ignoreFile } = extras;
  const dockerfile = path.posix.join(folder, extras.dockerfile);
  const { buildArgs: args, target: stageName } = source;
  const provider: ProviderBuild = needsHandingOver(source, context)
    ? handOver(source, reference, root)
    : { context: folder, dockerfile, args, target: stageName, isHandOver: false };
  return {
    reference,
    context: folder,
    dockerfile,
    ...(ignoreFile === undefined ? {} : { notSent: ignoreFile }),
    provider,
  };
}

/** What a stage holds beside the files of the context, by path in it. */
interface Extras {
  dockerfile: string;
  /** An ignore file for the Docker provider, in place of the context's. */
  ignoreFile?: string;
}

function extrasOf(context: BuildContext): Extras {
  const relative = path.relative(context.folder, context.dockerfile).split(path.sep).join("/");
  const isOutside = relative.startsWith("../") || path.isAbsolute(relative);
  // Docker gets it even where the ignore file leaves it out.
  const dockerfile = isOutside ? OUTSIDE_DOCKERFILE : relative;
  const ignoreFile = `${dockerfile}.dockerignore`;
  const has = (name: string): boolean => context.entries.some((entry) => entry.path === name);
  // In the image the ignore file is content. The provider would apply it again, to other ends: this one goes before it.
  return { dockerfile, ...(has(".dockerignore") && !has(ignoreFile) ? { ignoreFile } : {}) };
}

/** An ignore file that leaves itself out, and nothing else. */
function neutral(ignoreFile: string): string {
  return `/${ignoreFile.replace(/[\\*?[\]]/g, "\\$&")}\n`;
}

/** The same build, read from a stage. */
function staged(folder: string, context: BuildContext, { dockerfile }: Extras): BuildContext {
  const repositories = context.repositories.map(({ path: name }) =>
    readRepository(folder, name, () => true),
  );
  return { ...context, folder, dockerfile: path.join(folder, dockerfile), repositories };
}

function fill(folder: string, context: BuildContext, { dockerfile, ignoreFile }: Extras): void {
  const place = (relative: string): string => {
    const parent = path.posix.dirname(relative);
    if (parent !== ".") makeFolder(folder, parent);
    return path.join(folder, relative);
  };
  fs.mkdirSync(folder, { recursive: true });
  for (const entry of context.entries) {
    const file = place(entry.path);
    if (entry.kind === "link") fs.symlinkSync(entry.target, file);
    else copy(path.join(context.folder, entry.path), file, entry);
  }
  if (!context.entries.some((entry) => entry.path === dockerfile)) {
    fs.copyFileSync(context.dockerfile, place(dockerfile));
  }
  if (ignoreFile !== undefined) fs.writeFileSync(place(ignoreFile), neutral(ignoreFile));
}

/** A folder and those above it, open to all: what the image runs as is somebody else. */
function makeFolder(folder: string, relative: string): void {
  const made = path.join(folder, relative);
  if (fs.existsSync(made)) return;
  const parent = path.posix.dirname(relative);
  if (parent !== ".") makeFolder(folder, parent);
  fs.mkdirSync(made, { recursive: true });
  fs.chmodSync(made, 0o755);
}

/** A copy; of a large file, where the file system can, one that takes no room and no time. */
function copy(from: string, to: string, entry: Extract<ContextEntry, { kind: "file" }>): void {
  const isAsStaged = (fs.statSync(from).mode & 0o777) === modeOf(entry);
  // Git never changes an object that it has written.
  const isLasting = isInRepository(entry.path) && entry.path.includes("/objects/");
  if (isLasting || (entry.size >= LARGE && isAsStaged)) {
    try {
      fs.linkSync(from, to);
      return;
    } catch {
      // another file system, or one without links
    }
  }
  fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
}

function modeOf({ executable }: { executable: boolean }): number {
  return executable ? 0o755 : 0o644;
}

/**
 * Are exactly the expected files there? Their modes are set right on the way, whatever the umask. Of git's files only what
 * they say is compared: they are others after every look at the status.
 */
function isStageOf(
  folder: string,
  context: BuildContext,
  { dockerfile, ignoreFile }: Extras,
): boolean {
  if (!fs.existsSync(folder)) return false;
  const expected = new Map(
    context.entries
      .filter((entry) => !isInRepository(entry.path))
      .map((entry) => [entry.path, entry]),
  );
  for (const name of [dockerfile, ...(ignoreFile === undefined ? [] : [ignoreFile])]) {
    if (expected.has(name)) continue;
    expected.set(name, { kind: "file", path: name, executable: false, size: 0 });
  }
  const present = listAll(folder).filter(
    (found) => found.kind !== "folder" && !isInRepository(found.path),
  );
  if (present.length !== expected.size) return false;
  for (const [name, entry] of expected) {
    const file = path.join(folder, name);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (entry.kind === "link") {
      if (!found?.isSymbolicLink() || fs.readlinkSync(file) !== entry.target) return false;
      continue;
    }
    if (!found?.isFile()) return false;
    const mode = modeOf(entry);
    if ((found.mode & 0o777) !== mode) fs.chmodSync(file, mode);
  }
  if (ignoreFile === undefined) return true;
  return fs.readFileSync(path.join(folder, ignoreFile), "utf8") === neutral(ignoreFile);
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
