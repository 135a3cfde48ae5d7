import * as fs from "node:fs";
import * as path from "node:path";
import { readIgnoreRules } from "../../images/ignore/rules";
import type { Planner } from "./plan";
import { depends, type Role } from "./roles";
import type { Application } from "./survey";

/** What of an application's folder will stand in the way of its build, or should not be part of it. */
export function planContext(planner: Planner, role: Role, application: Application): void {
  const { context, dockerfile, docker } = application;
  const missing = docker.sources.filter(
    (source) => !/[*?[$]/.test(source) && !fs.existsSync(path.join(context, source)),
  );
  if (missing.length > 0) {
    planner.open(
      `${role}: its Dockerfile copies ${missing.join(", ")}, which is not in ${path.basename(context)}/: no build of it will succeed.`,
    );
  }
  const isStandalone = docker.fromStages.some((source) => source.includes(".next/standalone"));
  if (depends(application, ["next"]) && isStandalone && !configures(context, "standalone")) {
    planner.open(
      `${role}: its Dockerfile copies .next/standalone, which Next.js makes only with output: "standalone" in next.config.`,
    );
  }
  const loose = application.packages.flatMap(({ unpinned }) => unpinned ?? []);
  if (loose.length > 0) {
    planner.open(
      `${role}: its requirements name packages without a version (${loose.slice(0, 5).join(", ")}${loose.length > 5 ? ", …" : ""}): each build takes the newest, which may have changed what the sources rely on.`,
    );
  }
  const rules = readIgnoreRules([
    `${dockerfile}.dockerignore`,
    path.join(context, ".dockerignore"),
  ]);
  const goesAlong = (name: string): boolean =>
    fs.existsSync(path.join(context, name)) && !rules.top.look(name).leftOut;
  const takesAll = docker.sources.some((source) => /^\.?\/?$/.test(source));
  if (!takesAll) return;
  const ignoreFile = rules.file ?? path.join(context, ".dockerignore");
  for (const name of [".env", ".env.local", ".env.production"].filter(goesAlong)) {
    planner.open(
      `${role}: ${name} will be in the image, for all to read. Leave it out in ${ignoreFile}.`,
    );
  }
  if (goesAlong(".git")) {
    planner.open(
      `${role}: .git is part of its build, so that each commit is another image. Leave it out in ${ignoreFile}, unless a step asks git.`,
    );
  }
}

/** Whether Next.js's configuration has a word in it. */
function configures(context: string, word: string): boolean {
  const files = ["js", "mjs", "cjs", "ts", "mts"].map((end) =>
    path.join(context, `next.config.${end}`),
  );
  const found = files.filter((file) => fs.existsSync(file));
  return found.some((file) => fs.readFileSync(file, "utf8").includes(word));
}
