import type { Planner } from "./plan";
import { depends, type Role } from "./roles";
import type { Application } from "./survey";

/** What brings the tables up to date before a pod starts. */
export function planMigrations(planner: Planner, role: Role, application: Application): void {
  const key = `${role}MigrateCommand`;
  const found = alembic(application) ?? script(application) ?? program(application);
  if (found !== undefined && !runsItself(application, found.command)) {
    planner.set(key, found.command, found.why);
    return;
  }
  if (role !== "backend") return;
  const others = application.files.filter((file) =>
    /(^|\/)migrations?\/.*\.sql$|(^|\/)migrate\w*\.py$/.test(file),
  );
  if (found === undefined && others.length > 0) {
    planner.open(
      `backend: nothing in the stack runs ${others.slice(0, 3).join(", ")}${others.length > 3 ? ", …" : ""}: backendMigrateCommand is for a command of the image that does.`,
    );
  }
  planner.set(key, [], "It brings its database up to date by itself, or has none.");
}

interface Migration {
  command: string[];
  why: string;
}

function alembic(application: Application): Migration | undefined {
  if (!application.files.includes("alembic.ini") || !depends(application, ["alembic"]))
    return undefined;
  return { command: ["alembic", "upgrade", "head"], why: "It has alembic.ini." };
}

/** A script of package.json that is plain words: what needs a shell or makes a new migration is for people. */
function script({ packages }: Application): Migration | undefined {
  for (const { scripts = {} } of packages) {
    for (const [name, line] of Object.entries(scripts)) {
      const isFor = /^(db:|database:|prisma:)?migrat(e|ions?)(:(up|deploy|latest|run|prod))?$/;
      const isForPeople = /[&|;<>$`"'*]|\b(dev|make|create|generate|new|reset|down|rollback)\b/;
      const [tool = "", ...rest] = line.trim().split(/\s+/);
      if (!isFor.test(name) || tool === "" || isForPeople.test(line)) continue;
      const first = tool === "node" || tool.includes("/") ? tool : `node_modules/.bin/${tool}`;
      return { command: [first, ...rest], why: `The script ${name} of its package.json.` };
    }
  }
  return undefined;
}

/** A program of that name in the image. */
function program({ files, docker }: Application): Migration | undefined {
  const file = files.find((each) => /^migrate\.([cm]?js|py)$/.test(each));
  if (file === undefined || !docker.sources.some((source) => covers(source, file)))
    return undefined;
  const [python = ""] = /(?:^|\S*\/)python3?(?=\s|$)/.exec(docker.command) ?? [];
  const interpreter = file.endsWith(".py") ? python || "python" : "node";
  return {
    command: [interpreter, file],
    why: `${file} is in the image, and nothing else runs it.`,
  };
}

function covers(source: string, file: string): boolean {
  const plain = source.replace(/^\.?\//, "");
  if (plain === "" || plain === ".") return true;
  const pattern = plain.replace(/[.+^${}()|\\]/g, "\\$&").replaceAll("*", "[^/]*");
  return new RegExp(`^${pattern.replaceAll("?", "[^/]")}$`).test(file);
}

/** Whether the image's own command, or the application itself, does it when it starts. */
function runsItself({ docker, sources }: Application, command: readonly string[]): boolean {
  if (command.includes("alembic")) return docker.command.includes("alembic");
  return /migrat/.test(docker.command) || sources.imports.has("migrate");
}
