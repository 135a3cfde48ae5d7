import * as fs from "node:fs";
import * as path from "node:path";
import { type IgnoreRules, readIgnoreRules } from "./ignore";
import { isLeftover } from "./leftovers";
import { type ImageSource, keyOf } from "./source";

/** One entry of a build context. `path` is relative to the context, with `/` on every system. */
export type ContextEntry =
  | { kind: "file"; path: string; executable: boolean }
  | { kind: "link"; path: string; target: string };

export interface BuildContext {
  /** Absolute path of the context folder. */
  folder: string;
  /** Absolute path of the Dockerfile. */
  dockerfile: string;
  /** Sorted by path, byte by byte, so that the order of a folder's listing does not matter. */
  entries: ContextEntry[];
}

/** Folder of all staged contexts, in the project's root. */
export const STAGES = ".build";
/** This program's own folders in the project's root: a stage in a stage, state, passphrases. */
const OWN_FOLDERS = [STAGES, ".stack"];

/**
 * The files that take part in a build, as Docker would send them, less what would make a clone give
 * another image than the folder it came from: `.git`, empty folders (git has none), the ignore files
 * themselves, and this program's own folders.
 *
 * @param root folder that `source.context` and `source.dockerfile` are relative to
 * @throws Error in words for the user: missing folder or Dockerfile, link out of the context
 */
export function readContext(source: ImageSource, root: string): BuildContext {
  const folder = path.resolve(root, source.context);
  const dockerfile = path.resolve(root, source.dockerfile);
  if (!isFolder(folder)) {
    throw new Error(
      `${keyOf(source, "context")} is "${source.context}", but there is no such folder in ${root}. ` +
        `Set it to the folder that the image of ${source.repository} is built from.`,
    );
  }
  if (!fs.statSync(dockerfile, { throwIfNoEntry: false })?.isFile()) {
    throw new Error(
      `${keyOf(source, "dockerfile")} is "${source.dockerfile}", but there is no such file in ${root}. ` +
        `Set it to the Dockerfile of ${source.repository}, relative to the project's folder.`,
    );
  }

  const { rules, leavesOut } = contextFilter(source, root);
  const entries = walk(folder, leavesOut);
  const known = new Set(entries.map((entry) => entry.path));
  for (const entry of entries) {
    if (entry.kind === "link") checkLink(entry, folder, known, source, rules);
  }
  return { folder, dockerfile, entries };
}

/** What of a build's folder takes part in it. */
export interface ContextFilter {
  rules: IgnoreRules;
  /** Whether a file, or everything beneath a folder, is left out; the path is relative, with `/`. */
  leavesOut: (relative: string, isFolder: boolean) => boolean;
}

/** @param root folder that `source.context` and `source.dockerfile` are relative to */
export function contextFilter(source: ImageSource, root: string): ContextFilter {
  const folder = path.resolve(root, source.context);
  const ownIgnoreFile = `${path.resolve(root, source.dockerfile)}.dockerignore`;
  const rules = readIgnoreRules([ownIgnoreFile, path.join(folder, ".dockerignore")]);
  const skipped = new Set(
    [
      ownIgnoreFile,
      path.join(folder, ".dockerignore"),
      path.join(folder, ".git"),
      ...OWN_FOLDERS.map((name) => path.resolve(root, name)),
    ].map((file) => toSlash(path.relative(folder, file))),
  );
  const leavesOut = (relative: string, isFolder: boolean): boolean => {
    if (skipped.has(relative)) return true;
    if (isFolder) return rules.prunes(relative);
    return isLeftover(path.posix.basename(relative)) || rules.ignores(relative);
  };
  return { rules, leavesOut };
}

function walk(folder: string, leavesOut: ContextFilter["leavesOut"]): ContextEntry[] {
  const entries: ContextEntry[] = [];
  const visit = (prefix: string): void => {
    for (const item of fs.readdirSync(path.join(folder, prefix), { withFileTypes: true })) {
      const relative = prefix === "" ? item.name : `${prefix}/${item.name}`;
      if (leavesOut(relative, item.isDirectory())) continue;
      if (item.isDirectory()) visit(relative);
      else if (item.isSymbolicLink()) {
        const target = fs.readlinkSync(path.join(folder, relative));
        entries.push({ kind: "link", path: relative, target: toSlash(target) });
      } else if (item.isFile()) {
        // The only permission bit that git keeps, and so the only one that two clones share.
        const executable = (fs.statSync(path.join(folder, relative)).mode & 0o100) !== 0;
        entries.push({ kind: "file", path: relative, executable });
      } // sockets, pipes and devices cannot be in an image
    }
  };
  visit("");
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

/** A link must lead to something that is in the build too, or it means another file elsewhere. */
function checkLink(
  link: Extract<ContextEntry, { kind: "link" }>,
  folder: string,
  known: Set<string>,
  source: ImageSource,
  rules: IgnoreRules,
): void {
  const where = `${source.context}/${link.path}`.replace(/^\.\//, "");
  const ignoreFile = rules.file ?? `${source.dockerfile}.dockerignore`;
  const remedy = `Put a copy of the file in its place, or leave the link out in ${ignoreFile}.`;
  const target = path.posix.join(path.posix.dirname(link.path), link.target);
  if (path.isAbsolute(link.target) || target === ".." || target.startsWith("../")) {
    throw new Error(
      `${where} is a link to ${link.target}, which lies outside the build context ` +
        `"${source.context}" of ${source.repository}. ${remedy}`,
    );
  }
  const isKnown =
    known.has(target) ||
    target === "." ||
    [...known].some((candidate) => candidate.startsWith(`${target}/`));
  if (!isKnown) {
    const missing = fs.existsSync(path.join(folder, target))
      ? "which is not part of the build"
      : "which does not exist";
    throw new Error(`${where} is a link to ${link.target}, ${missing}. ${remedy}`);
  }
}

function isFolder(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function toSlash(file: string): string {
  return path.sep === "/" ? file : file.split(path.sep).join("/");
}
