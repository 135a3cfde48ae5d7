import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { digestOfLarge, LARGE } from "./content";
import { type BuildContext, type ContextEntry, readContext } from "./context";
import { isInRepository } from "./repository";
import type { ImageSource } from "./source";
import { FilesChanged, untilSteady } from "./steady";

/** Part of every digest: raise it when staging or hashing changes what is built. */
const FORMAT = "todo-app image 1";

/** 12 hex digits, 48 bits: no two builds of a project meet, and people can still read it out. */
const DIGITS = 12;

/**
 * `todo-backend:3f2a9c04d1e7`: the image's name, known before anything is built, without Docker and
 * without a cluster. Same content, same name, on every machine: file order, time stamps, umask and
 * the place of the checkout do not count; a byte, an executable bit, a build argument, the target or
 * the platform does.
 *
 * @param root folder that the source's paths are relative to; default the working directory, which
 *   Pulumi sets to the project's
 */
export function contentReference(source: ImageSource, root = process.cwd()): string {
  return untilSteady(() => referenceOf(source, readContext(source, root), root));
}

/**
 * @param root the project's root, where digests of large files are remembered
 * @throws FilesChanged, or with the code ENOENT, where a file changed meanwhile
 */
export function referenceOf(source: ImageSource, context: BuildContext, root: string): string {
  return `${source.repository}:${contentDigest(source, context, root).slice(0, DIGITS)}`;
}

function contentDigest(source: ImageSource, context: BuildContext, root: string): string {
  const hash = createHash("sha256");
  // Every field is framed by its length: no two different inputs give the same bytes.
  const add = (...fields: (string | Buffer)[]): void => {
    for (const field of fields) {
      const bytes = typeof field === "string" ? Buffer.from(field) : field;
      hash.update(`${bytes.length}:`).update(bytes);
    }
  };

  add(FORMAT, source.platform, source.target ?? "");
  for (const [name, value] of Object.entries(source.buildArgs).sort(byName)) {
    add("arg", name, value);
  }
  add("dockerfile", fs.readFileSync(context.dockerfile));
  for (const entry of context.entries) {
    if (isInRepository(entry.path)) continue;
    // macOS may list a name in another Unicode form than Linux.
    const name = entry.path.normalize("NFC");
    if (entry.kind === "link") add("link", name, entry.target);
    else add(entry.executable ? "executable" : "file", name, ...contentOf(entry, context, root));
  }
  for (const { path: name, state } of context.repositories) {
    if (state.some((object) => object !== "")) add("repository", name, ...state);
  }
  return hash.digest("hex");
}

/** What of a file is hashed: all of it, or for a large one its own digest. */
function contentOf(
  entry: Extract<ContextEntry, { kind: "file" }>,
  context: BuildContext,
  root: string,
): (string | Buffer)[] {
  const file = path.join(context.folder, entry.path);
  try {
    if (entry.size >= LARGE) return ["large", digestOfLarge(file, root)];
    const content = fs.readFileSync(file);
    if (content.length >= LARGE) throw new FilesChanged(file);
    return [content];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EACCES") throw error;
    throw new Error(
      `${file} must not be read by you, and so not by Docker. Leave it out in the ignore file.`,
      { cause: error },
    );
  }
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : Number(a > b);
}
