import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { ImageSource } from "../../../images/source";

/** A small project of an application and its Dockerfile, in a folder of its own. */
export const FILES: Record<string, string> = {
  "docker/backend.Dockerfile": "FROM scratch\nCOPY backend /app\n",
  "docker/backend.Dockerfile.dockerignore": "*\n!backend\n**/node_modules\nbackend/*.log\n",
  "backend/main.py": "print('hello')\n",
  "backend/run.sh": "#!/bin/sh\n",
  "backend/deep/er/data.json": "{}\n",
  "frontend/page.tsx": "export {};\n",
};

export const SOURCE: ImageSource = {
  repository: "todo-backend",
  context: ".",
  dockerfile: "docker/backend.Dockerfile",
  buildArgs: { PYTHON_IMAGE: "python:3.13-slim", INDEX: "https://example.test" },
  platform: "linux/amd64",
  label: "backend",
};

const made = new Set<string>();
process.once("exit", () => {
  for (const root of made) fs.rmSync(root, { recursive: true, force: true });
});

/** Writes the files to a new folder, in the given order. The folder goes when the process ends. */
export function project(files = FILES, names = Object.keys(files)): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "todo-images-"));
  made.add(root);
  for (const name of names) write(root, name, files[name] ?? "");
  return root;
}

export function write(root: string, name: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), content);
}
