import * as fs from "node:fs";
import * as path from "node:path";
import { type IgnoreRules, readIgnoreRules, type Scope } from "./ignore/rules";
import { isLeftover } from "./leftovers";
import { isInRepository, readRepository, type Repository } from "./repository";
import { type ImageSource, keyOf } from "./source";

/** One entry of a build context. `path` is relative to the context, with `/` on every system. */
export type ContextEntry =
  | { kind: "file"; path: string; executable: boolean; size: number }
  | { kind: "link"; path: string; target: string };

export interface BuildContext {
  /** Absolute path of the context folder. */
  folder: string;
  /** Absolute path of the Dockerfile. */
  dockerfile: string;
  /** Sorted by path, byte by byte, so that the order of a folder's listing does not matter. */
  entries: ContextEntry[];
  /** Paths of the folders, empty ones too: a step may ask for one. No content of a tag, because git keeps none that is empty. */
  folders: string[];
  /** What git keeps in a `.git` folder that takes part. */
  repositories: Repository[];
}

/** Folder of all staged contexts, in the project's root. */
export const STAGES = ".build";
/** This program's own folders in the project's root: a stage in a stage, state, passphrases. */
const OWN_FOLDERS = [STAGES, ".stack"];

/**
 * The files that take part in a build: those that `docker build` takes, links as links wherever they lead, less what
 * editors leave behind and this program's own folders.
 *
 * @param root folder that `source.context` and `source.dockerfile` are relative to
 * @throws Error in words for the user: missing folder or Dockerfile, an ignore file that Docker refuses, what cannot be read
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

  const { entries, folders } = new Walk(source, root).read();
  const names = new Set(entries.map((entry) => entry.path));
  const repositories = folders
    .filter((name) => path.posix.basename(name) === ".git")
    .map((name) => readRepository(folder, name, (file) => names.has(file)));
  return { folder, dockerfile, entries, folders, repositories };
}

/** What of a build's folder is of no interest to somebody who waits for edits; the path is relative, with `/`. */
export type ContextFilter = (relative: string, isFolder: boolean) => boolean;

/**
 * Says of each path by itself whether it, or all beneath it, is left out of a build; `.git` counts as left out, because git
 * writes in it without anybody's edit.
 * @param root folder that `source.context` and `source.dockerfile` are relative to
 */
export function contextFilter(source: ImageSource, root: string): ContextFilter {
  const rules = rulesOf(source, root);
  const own = ownFolders(source, root);
  return (relative, isFolder) => {
    if (isInRepository(relative) || own.has(relative)) return true;
    if (!isFolder && isLeftover(path.posix.basename(relative))) return true;
    const parts = relative.split("/");
    let scope = rules.top;
    for (const depth of parts.keys()) {
      const verdict = scope.look(parts.slice(0, depth + 1).join("/"));
      const isLast = depth === parts.length - 1;
      if (verdict.closed || (isLast && !isFolder && verdict.leftOut)) return true;
      scope = verdict.inside;
    }
    return false;
  };
}

function rulesOf(source: ImageSource, root: string): IgnoreRules {
  const beside = `${path.resolve(root, source.dockerfile)}.dockerignore`;
  return readIgnoreRules([beside, path.resolve(root, source.context, ".dockerignore")]);
}

function ownFolders(source: ImageSource, root: string): Set<string> {
  const folder = path.resolve(root, source.context);
  return new Set(
    OWN_FOLDERS.map((name) => toSlash(path.relative(folder, path.resolve(root, name)))),
  );
}

class Walk {
  private readonly folder: string;
  private readonly rules: IgnoreRules;
  private readonly own: Set<string>;
  private readonly entries: ContextEntry[] = [];
  private readonly folders = new Set<string>();

  constructor(
    private readonly source: ImageSource,
    root: string,
  ) {
    this.folder = path.resolve(root, source.context);
    this.rules = rulesOf(source, root);
    this.own = ownFolders(source, root);
  }

  read(): Pick<BuildContext, "entries" | "folders"> {
    this.visit("", this.rules.top, false);
    return {
      entries: this.entries.sort((a, b) => byBytes(a.path, b.path)),
      folders: [...this.folders].sort(byBytes),
    };
  }

  /** @param leftOut whether the folder takes part only for what an exception lets in */
  private visit(prefix: string, scope: Scope, leftOut: boolean): void {
    for (const item of this.list(prefix, leftOut)) {
      const relative = prefix === "" ? item.name : `${prefix}/${item.name}`;
      if (this.own.has(relative)) continue;
      const verdict = scope.look(relative);
      if (item.isDirectory()) {
        if (verdict.closed) continue;
        if (!verdict.leftOut) this.addFolder(relative);
        this.visit(relative, verdict.inside, verdict.leftOut);
      } else if (!verdict.leftOut && !isLeftover(item.name)) this.add(relative, item);
    }
  }

  private add(relative: string, item: fs.Dirent): void {
    const file = path.join(this.folder, relative);
    const found = fs.lstatSync(file, { throwIfNoEntry: false });
    if (found === undefined) {
      if (!item.name.includes("\uFFFD")) return; // gone since it was listed
      throw new Error(
        `${this.shown(relative)} has a name that is not UTF-8. Rename it, or leave it out in ${this.ignoreFile()}.`,
      );
    }
    if (found.isSymbolicLink()) {
      const target = toSlash(fs.readlinkSync(file));
      this.entries.push({ kind: "link", path: relative, target });
    } else if (found.isFile()) {
      // The only permission bit that git keeps, and so the only one that two clones share.
      const executable = (found.mode & 0o100) !== 0;
      this.entries.push({ kind: "file", path: relative, executable, size: found.size });
    } else return; // sockets, pipes and devices cannot be in an image
    this.addFolder(path.posix.dirname(relative));
  }

  private addFolder(relative: string): void {
    for (let at = relative; at !== "." && !this.folders.has(at); at = path.posix.dirname(at)) {
      this.folders.add(at);
    }
  }

  private list(prefix: string, leftOut: boolean): fs.Dirent[] {
    try {
      return fs.readdirSync(path.join(this.folder, prefix), { withFileTypes: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (prefix !== "" && (code === "ENOENT" || code === "ENOTDIR")) return []; // gone since it was listed
      if (code !== "EACCES" && code !== "EPERM") throw error;
      if (leftOut) return [];
      throw new Error(
        `${this.shown(prefix)} must not be read by you, and so not by Docker. Leave it out in ${this.ignoreFile()}.`,
        { cause: error },
      );
    }
  }

  private shown(relative: string): string {
    return path.posix.join(this.source.context, relative);
  }

  private ignoreFile(): string {
    return this.rules.file ?? `${this.source.dockerfile}.dockerignore`;
  }
}

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function isFolder(folder: string): boolean {
  return fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function toSlash(file: string): string {
  return path.sep === "/" ? file : file.split(path.sep).join("/");
}
