import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";

import { templates } from "./chart";
import { type Declarations, schemaFile, valuesFile } from "./chart/values-file";
import { manifestFiles, refusal } from "./manifests";
import { parseStackFile } from "../config/stack-file";

/** Image names and tags of the checked-in files: fixed, as `docker build -t` and `minikube image load` are given them by hand, so that an edit of the sources makes nothing stale. */
export const fixedReferences = {
  frontend: "todo-frontend:latest",
  backend: "todo-backend:latest",
};

/** Files of the chart that are written by hand. */
const handwritten = [
  "_helpers.tpl",
  "NOTES.txt",
  "tests/connection.yaml",
  "tests/network-policy.yaml",
];

/** Everything in the repository that is rendered: path below the root → text. */
export function renderedFiles(root: string): Map<string, string> {
  const declared = declarations(root);
  const values = Object.fromEntries(
    Object.entries(declared).map(([key, { default: value }]) => [key, value]),
  );
  const config = parseStackFile({ values, context: "any" });
  const chart = "helm/todo-app";
  const below = (folder: string, files: Map<string, string>) =>
    [...files].map(([file, text]) => [`${folder}/${file}`, text] as const);
  return new Map([
    ...below("k8s", manifestFiles(config, fixedReferences)),
    [`${chart}/values.yaml`, valuesFile(declared)],
    [`${chart}/values.schema.json`, schemaFile(declared)],
    ...below(`${chart}/templates`, templates()),
  ]);
}

/** What Pulumi.yaml says about each configuration key. */
export function declarations(root: string): Declarations {
  const project = parse(readFileSync(path.join(root, "Pulumi.yaml"), "utf8")) as {
    config: Declarations;
  };
  return project.config;
}

/** What writing did, by file. */
export interface Written {
  changed: string[];
  removed: string[];
  /** The secrets template, where somebody has filled it in. */
  kept: string[];
}

/** Writes what is rendered, and removes what is rendered no more. */
export function writeRendered(root: string): Written {
  const files = renderedFiles(root);
  const result: Written = { changed: [], removed: [], kept: [] };
  for (const [file, text] of files) {
    const target = path.join(root, file);
    const before = existsSync(target) ? readFileSync(target, "utf8") : undefined;
    if (before === text) continue;
    if (before !== undefined && text.includes(refusal) && !before.includes(refusal)) {
      result.kept.push(file);
      continue;
    }
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
    result.changed.push(file);
  }
  for (const file of surplus(root, files)) {
    rmSync(path.join(root, file));
    result.removed.push(file);
  }
  return result;
}

/** Files in the rendered folders that are not rendered any more. */
export function surplus(root: string, files: ReadonlyMap<string, string>): string[] {
  const chart = "helm/todo-app/templates";
  const listed = ["k8s", chart].flatMap((folder) =>
    existsSync(path.join(root, folder))
      ? readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
      : [],
  );
  const own = handwritten.map((file) => `${chart}/${file}`);
  return listed.filter((file) => !files.has(file) && !own.includes(file));
}
