import * as fs from "node:fs";
import * as path from "node:path";
import { type DockerfileFacts, readDockerfile } from "./dockerfile";
import {
  type ChartValues,
  type ComposeService,
  type Packages,
  readChartValues,
  readCompose,
  readEnvFile,
  readPackageJson,
  readPyproject,
  readRequirements,
} from "./manifests";
import { readSources, type SourceFacts } from "./sources";

/** An application that could be part of a stack: something with a Dockerfile. */
export interface Application {
  /** Absolute path of the folder that its image is built from, and how that was found, after "The folder …". */
  context: string;
  contextFrom: string;
  /** Absolute. */
  dockerfile: string;
  docker: DockerfileFacts;
  packages: Packages[];
  sources: SourceFacts;
  compose?: ComposeService;
  chart?: ChartValues;
  /** Variables of the examples that lie beside it, with the file that each is from. */
  examples: Record<string, { value: string; file: string }>;
  /** Names alone of the variables in a real `.env`: its values are nobody's business. */
  ownVariables: string[];
  /** Paths of its folder's own files, relative to it. */
  files: string[];
}

export interface Survey {
  applications: Application[];
  /** Services that a Compose file takes from somewhere: databases, queues, caches. */
  services: ComposeService[];
  /** Files that could not be read as what they are named, and why. */
  unread: string[];
}

/** What is never somebody's own source. */
const SKIPPED = new Set([
  ...["node_modules", ".git", ".venv", "venv", "env", ".next", "dist", "build", "out", "target"],
  ...["__pycache__", ".build", ".stack", ".tox", "site-packages", ".pulumi", "coverage"],
]);
const DEEPEST = 6;
const MOST_FILES = 20_000;
/** Bytes of a file that is read. */
const LARGEST = 300_000;

const DOCKERFILE = /^(dockerfile|.+\.dockerfile|dockerfile[._-].+)$/i;
const COMPOSE = /^(docker-)?compose(\..+)?\.ya?ml$/;
const EXAMPLE = /^\.?env(\.\w+)*\.(example|sample|template|dist)$|^\.env\.example\.\w+$/;
const SOURCE = /\.(py|[cm]?[jt]sx?)$/;

/** Reads what lies in the folders; runs nothing, and reads no secret's value. */
export function survey(folders: readonly string[]): Survey {
  const found: Survey = { applications: [], services: [], unread: [] };
  const files = [...new Set(folders.flatMap((folder) => list(folder)))];
  const named = (pattern: RegExp): string[] =>
    files.filter((file) => pattern.test(path.basename(file)));
  const compose = named(COMPOSE).flatMap((file) =>
    attempt(found, file, [], readCompose).map((service) => ({ file, service })),
  );
  const charts = named(/^values\.ya?ml$/)
    .filter((file) => fs.existsSync(path.join(path.dirname(file), "Chart.yaml")))
    .flatMap((file) =>
      attempt(found, file, [], readChartValues).map((values) => ({
        ...values,
        name: values.name || path.basename(path.dirname(file)),
      })),
    );
  for (const dockerfile of named(DOCKERFILE)) {
    if (dockerfile.endsWith(".dockerignore")) continue;
    const built = compose.find(
      ({ file, service }) =>
        service.build !== undefined &&
        path.resolve(path.dirname(file), service.build.context, service.build.dockerfile) ===
          dockerfile,
    );
    found.applications.push(application(found, dockerfile, built, charts, files, folders));
  }
  found.services = compose.map(({ service }) => service).filter(({ build }) => build === undefined);
  return found;
}

function application(
  found: Survey,
  dockerfile: string,
  built: { file: string; service: ComposeService } | undefined,
  charts: ChartValues[],
  files: string[],
  folders: readonly string[],
): Application {
  const { build } = built?.service ?? {};
  const docker = readDockerfile(textOf(dockerfile), build?.target);
  const [context, contextFrom] =
    build !== undefined && built !== undefined
      ? [
          path.resolve(path.dirname(built.file), build.context),
          `that ${path.basename(built.file)} names`,
        ]
      : contextOf(dockerfile, docker, files, folders);
  // A Dockerfile that takes one folder out of a larger context is about that folder.
  const own = ownFolder(context, dockerfile, docker);
  const inside = files.filter((file) => file.startsWith(`${own}${path.sep}`));
  const beside = (pattern: RegExp): string[] =>
    inside.filter((file) => path.dirname(file) === own && pattern.test(path.basename(file)));
  const packages = [
    ...beside(/^package\.json$/).flatMap((file) =>
      attempt(found, file, [], (text) => [readPackageJson(text)]),
    ),
    ...beside(/^pyproject\.toml$/).map((file) => readPyproject(textOf(file))),
    ...beside(/^requirements(\.txt|[\w-]*\.txt)$/).map((file) => readRequirements(textOf(file))),
  ];
  const examples = Object.fromEntries(
    beside(EXAMPLE).flatMap((file) =>
      Object.entries(readEnvFile(textOf(file))).map(([name, value]) => [
        name,
        { value, file: path.basename(file) },
      ]),
    ),
  );
  const names = nameOf({ dockerfile, own, service: built?.service.name });
  const chart = charts.find(({ name, image }) => sameRole(names, `${name} ${image}`));
  return {
    context,
    contextFrom,
    dockerfile,
    docker,
    packages,
    sources: readSources(sourcesIn(own, inside)),
    ...(built === undefined ? {} : { compose: built.service }),
    ...(chart === undefined ? {} : { chart }),
    examples,
    ownVariables: beside(/^\.env(\.local|\.production)?$/).flatMap((file) =>
      Object.keys(readEnvFile(textOf(file))),
    ),
    files: inside.map((file) => path.relative(own, file).split(path.sep).join("/")),
  };
}

function* sourcesIn(folder: string, files: string[]): Generator<string> {
  for (const file of files) {
    // Tests are those within the folder: itself it may lie anywhere.
    const name = path.relative(folder, file);
    if (!SOURCE.test(file) || /(^|[/\\])(tests?|__tests__)[/\\]|\.(test|spec)\./.test(name))
      continue;
    if (fs.statSync(file).size <= LARGEST) yield textOf(file);
  }
}

/** The folder of those near by that has most of what the Dockerfile copies. */
function contextOf(
  dockerfile: string,
  docker: DockerfileFacts,
  files: string[],
  folders: readonly string[],
): [folder: string, from: string] {
  const own = path.dirname(dockerfile);
  const literal = docker.sources.filter((source) => !/[*?[$]/.test(source) && source !== ".");
  const manifests = files
    .filter((file) =>
      /^(package\.json|pyproject\.toml|requirements\.txt)$/.test(path.basename(file)),
    )
    .map((file) => path.dirname(file));
  const near = [
    own,
    path.dirname(own),
    ...manifests,
    ...folders.map((folder) => path.resolve(folder)),
  ];
  const [role] = path
    .basename(dockerfile)
    .toLowerCase()
    .replace(/^dockerfile[._-]?/, "")
    .split(".");
  const scored = [...new Set(near)].map((folder) => {
    const there = literal.filter((source) => fs.existsSync(path.join(folder, source))).length;
    const isNamed =
      role !== "" && role !== "dockerfile" && path.basename(folder).toLowerCase() === role;
    return { folder, score: 2 * there + (isNamed ? 1 : 0) };
  });
  const best = scored.reduce((a, b) => (b.score > a.score ? b : a));
  const from =
    best.folder === own ? "that its Dockerfile is in" : "that has what the Dockerfile copies";
  return [best.folder, from];
}

/** Where the application's own files are, in a context of several applications. */
function ownFolder(context: string, dockerfile: string, docker: DockerfileFacts): string {
  if (path.dirname(dockerfile) !== context && dockerfile.startsWith(`${context}${path.sep}`)) {
    const folder = path.dirname(dockerfile);
    const hasOwn = ["package.json", "pyproject.toml", "requirements.txt"].some((name) =>
      fs.existsSync(path.join(folder, name)),
    );
    if (hasOwn) return folder;
  }
  const tops = new Set(
    docker.sources.map((source) => source.replace(/^\.\//, "").split("/")[0] ?? ""),
  );
  const folders = [...tops].filter((top) => {
    const folder = path.join(context, top);
    return (
      /^\w/.test(top) &&
      ["package.json", "pyproject.toml", "requirements.txt"].some((name) =>
        fs.existsSync(path.join(folder, name)),
      )
    );
  });
  const [only, ...others] = folders;
  return only !== undefined && others.length === 0 ? path.join(context, only) : context;
}

/** All that a person called the application by. */
export function nameOf(about: {
  dockerfile: string;
  own: string;
  service?: string | undefined;
}): string {
  const file = path.basename(about.dockerfile).replace(/\.?dockerfile\.?/i, " ");
  return [about.service ?? "", file, path.basename(about.own)].join(" ").toLowerCase();
}

/** What an application is for, by its name. */
export const ROLES = {
  mcp: /mcp/,
  frontend: /front|client|web|\bui\b|next/,
  backend: /back|\bapi\b|server|fastapi/,
} as const;

function sameRole(one: string, other: string): boolean {
  const role = (text: string): string =>
    Object.entries(ROLES).find(([, pattern]) => pattern.test(text.toLowerCase()))?.[0] ?? "";
  return role(one) !== "" && role(one) === role(other);
}

function list(folder: string): string[] {
  const found: string[] = [];
  const visit = (at: string, depth: number): void => {
    if (depth > DEEPEST || found.length > MOST_FILES) return;
    for (const item of fs.readdirSync(at, { withFileTypes: true })) {
      if (item.isDirectory()) {
        if (!SKIPPED.has(item.name)) visit(path.join(at, item.name), depth + 1);
      } else if (item.isFile()) found.push(path.join(at, item.name));
    }
  };
  visit(path.resolve(folder), 0);
  return found.sort();
}

function textOf(file: string): string {
  return fs.readFileSync(file, "utf8");
}

/** What a reader makes of a file; where it cannot, the file is named and passed over. */
function attempt<T>(found: Survey, file: string, otherwise: T, read: (text: string) => T): T {
  try {
    return read(textOf(file));
  } catch (error) {
    const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    found.unread.push(`${file}: ${line}`);
    return otherwise;
  }
}
