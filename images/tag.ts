import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { type BuildContext, readContext } from "./context";
import type { ImageSource } from "./source";

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
  return referenceOf(source, readContext(source, root));
}

export function referenceOf(source: ImageSource, context: BuildContext): string {
  return `${source.repository}:${contentDigest(source, context).slice(0, DIGITS)}`;
}

function contentDigest(source: ImageSource, context: BuildContext): string {
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
    // macOS may list a name in another Unicode form than Linux.
    const name = entry.path.normalize("NFC");
    if (entry.kind === "link") add("link", name, entry.target);
    else {
      const content = fs.readFileSync(path.join(context.folder, entry.path));
      add(entry.executable ? "executable" : "file", name, content);
    }
  }
  return hash.digest("hex");
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : Number(a > b);
}
