/** What an application is made from, at one moment: its name by content, the files that pods run, and the rest. */
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { readContext } from "../../images/context";
import { isInRepository } from "../../images/repository";
import type { ImageSource } from "../../images/source";
import { untilSteady } from "../../images/steady";
import { contentReference } from "../../images/tag";

export interface ContentFile {
  bytes: Buffer;
  executable: boolean;
}

export interface Content {
  /** Content tag of the image that would be built of it, 12 hexadecimal digits. */
  tag: string;
  /** The files that pods run, by their path within the application's folder, with `/`. */
  files: ReadonlyMap<string, ContentFile>;
  /** Changes with everything else that takes part in the build: a pod can take that in only with a new image. */
  rest: string;
}

/** Where in a build context the files are that pods run as they are saved. */
export interface HotFolder {
  /** Relative to the context, with `/`; empty for all of it. */
  folder: string;
  /** Whether a file of the folder decides what is installed, so that it takes a new image. */
  needsBuild: (file: string) => boolean;
}

/** @throws Error in words for the user, as for a build */
export function readContent(source: ImageSource, hot: HotFolder, root: string): Content {
  return untilSteady(() => read(source, hot, root));
}

function read(source: ImageSource, hot: HotFolder, root: string): Content {
  // The name first: a file that is saved meanwhile has the edit looked at again, and then it has another name.
  const reference = contentReference(source, root);
  const tag = reference.slice(reference.lastIndexOf(":") + 1);
  const context = readContext(source, root);
  const files = new Map<string, ContentFile>();
  const rest = createHash("sha256")
    .update(JSON.stringify(source))
    .update(fs.readFileSync(context.dockerfile));
  for (const entry of context.entries) {
    // Git writes there without anybody's edit.
    if (isInRepository(entry.path)) continue;
    const file = leadsTo(context.folder, entry.path);
    if (file === undefined) continue;
    const bytes = fs.readFileSync(file);
    const within = inFolder(hot.folder, entry.path);
    if (within === undefined || hot.needsBuild(within)) {
      rest.update(`${entry.path}\0${bytes.length}\0`).update(bytes);
    } else {
      files.set(within, { bytes, executable: entry.kind === "file" && entry.executable });
    }
  }
  return { tag, files, rest: rest.digest("hex") };
}

/** The file, or the one that a link leads to; undefined for a link to a folder, out of the context or to nothing. */
function leadsTo(folder: string, entry: string): string | undefined {
  const file = path.join(folder, entry);
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const relative = path.relative(fs.realpathSync(folder), fs.realpathSync(file));
  return relative.startsWith("..") || path.isAbsolute(relative) ? undefined : file;
}

function inFolder(folder: string, file: string): string | undefined {
  if (folder === "") return file;
  return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : undefined;
}

/** Names of the files in which two contents differ. */
export function changedFiles(before: Content | undefined, after: Content): string[] {
  const names = new Set([...(before?.files.keys() ?? []), ...after.files.keys()]);
  return [...names].filter((name) => !same(before?.files.get(name), after.files.get(name))).sort();
}

function same(a: ContentFile | undefined, b: ContentFile | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.executable === b.executable &&
    (a.bytes === b.bytes || a.bytes.equals(b.bytes))
  );
}
