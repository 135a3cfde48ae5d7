import * as fs from "node:fs";
import * as path from "node:path";
import { listAll } from "../../../../images/listing";
import { stage } from "../../../../images/stage";
import { project, SOURCE, write } from "../project";
import { TREE } from "./generated";

/** A project whose folder `context` has the tree and an ignore file; its Dockerfile lies outside and takes all of it. */
export function ignoredTree(ignoreFile: string): { root: string; source: typeof SOURCE } {
  const root = project({ Dockerfile: "FROM scratch\nCOPY . /\n" });
  for (const name of TREE) write(root, `context/${name}`, name);
  write(root, "context/.dockerignore", ignoreFile);
  return { root, source: { ...SOURCE, context: "context", dockerfile: "Dockerfile" } };
}

/** Files of the tree that are staged, or the error by which the ignore file is refused. */
export function stagedFiles(ignoreFile: string): string[] | Error {
  const { root, source } = ignoredTree(ignoreFile);
  try {
    const staged = stage(source, root);
    const folder = path.join(root, staged.context);
    return listAll(folder)
      .filter(({ kind }) => kind !== "folder")
      .map((found) => found.path)
      .filter((name) => !name.startsWith(".staged.Dockerfile"))
      .sort();
  } catch (error) {
    return error as Error;
  } finally {
    fs.rmSync(root, { recursive: true });
  }
}
