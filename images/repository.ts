import * as fs from "node:fs";
import * as path from "node:path";
import { listAll } from "./listing";

/** What a build can ask git of a `.git` folder. */
export interface Repository {
  /** Of the `.git` folder, relative to the context, with `/`. */
  path: string;
  /** The commit that is checked out, then each tag with its object. */
  state: string[];
}

/**
 * Whether a path is that of git's own files. They are sent to Docker as they are, but a tag counts only what they say:
 * looking at the status, fetching and packing rewrite them, and no two clones have the same.
 * @param relative path in a context, with `/`
 */
export function isInRepository(relative: string): boolean {
  return relative.split("/").includes(".git");
}

/**
 * Reads the commit and the tags without git.
 * @param folder that `name` is relative to
 * @param name path of the `.git` folder
 * @param isThere whether one of its files takes part in the build
 */
export function readRepository(
  folder: string,
  name: string,
  isThere: (file: string) => boolean,
): Repository {
  const read = (file: string): string => {
    const relative = `${name}/${file}`;
    const found = path.join(folder, relative);
    if (!isThere(relative) || !fs.existsSync(found)) return "";
    return fs.readFileSync(found, "utf8").trim();
  };
  const references = new Map<string, string>();
  for (const line of read("packed-refs").split("\n")) {
    const [object = "", reference] = line.split(" ");
    if (reference?.startsWith("refs/")) references.set(reference, object);
  }
  for (const reference of looseTags(path.join(folder, name))) {
    const object = read(reference);
    if (object !== "") references.set(reference, object);
  }

  const head = read("HEAD");
  const branch = /^ref: (.+)$/.exec(head)?.[1];
  // A branch's name is not counted: an automatic checkout has none.
  const commit = branch === undefined ? head : read(branch) || (references.get(branch) ?? "");
  const tags = [...references]
    .filter(([reference]) => reference.startsWith("refs/tags/"))
    .map((pair) => pair.join(" "))
    .sort();
  return { path: name, state: [commit, ...tags] };
}

/** `refs/tags/…` of the tags that have a file of their own. */
function looseTags(repository: string): string[] {
  const folder = path.join(repository, "refs", "tags");
  if (!fs.existsSync(folder)) return [];
  return listAll(folder)
    .filter(({ kind }) => kind === "file")
    .map((tag) => `refs/tags/${tag.path}`);
}
