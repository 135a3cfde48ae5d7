import { readServers, type ServerFacts } from "./servers";

/** What the text of an application's sources tells without being run. */
export interface SourceFacts {
  /** Environment variables that it reads. */
  reads: Set<string>;
  /** Of those the ones without which it does not start. */
  requires: Set<string>;
  /** Paths that answer whether it is well, the likeliest first. */
  healthPaths: string[];
  /** Opens its database with an asynchronous driver. */
  isAsync: boolean;
  /** Puts a driver into the database's address by itself. */
  choosesDriver: boolean;
  /** Opens its database past SQLAlchemy too, whose addresses name a driver. */
  connectsItself: boolean;
  usesSqlite: boolean;
  /** An SQLite file's address, as it is written. */
  sqliteAddress?: string;
  /** Opens PostgreSQL without saying where it is: libpq's own variables do. */
  usesLibpq: boolean;
  /** Names of the modules of its own that one file takes from another. */
  imports: Set<string>;
  server: ServerFacts;
}

const READS = [
  /process\.env\.([A-Za-z_]\w*)/g,
  /process\.env\[["'](\w+)["']\]/g,
  /os\.(?:getenv|environ\.get)\(\s*["'](\w+)["']/g,
  /(?:import\.meta\.env)\.([A-Z_]\w*)/g,
];
const REQUIRES = [/os\.environ\[["'](\w+)["']\]/g, /process\.env\.([A-Za-z_]\w*)!/g];
const ROUTE =
  /@\w+\.(?:get|api_route|route|custom_route)\(\s*["'](\/[^"']*)["']|\b(?:app|server|fastify)\.get\(\s*["'](\/[^"']*)["']|\bRoute\(\s*["'](\/[^"']*)["']/g;
/** Of a server without a framework. */
const COMPARED = /\b(?:path|url|pathname)\s*===?\s*["'](\/[^"']*)["']/g;
const IMPORTS = [
  /(?:\bfrom|\bimport\(?|\brequire\()\s*["']\.{1,2}\/([^"']+)["']/g,
  /^\s*(?:from|import)\s+\.*([\w.]+)/gm,
];

/** @param texts the source files' texts */
export function readSources(texts: Iterable<string>): SourceFacts {
  // What is commented out is not done.
  const code = [...texts].map((text) => text.replace(/^[ \t]*(#[ \t]|\/\/).*$/gm, ""));
  const facts: SourceFacts = {
    reads: new Set(),
    requires: new Set(),
    healthPaths: [],
    isAsync: false,
    choosesDriver: false,
    connectsItself: false,
    usesSqlite: false,
    usesLibpq: false,
    imports: new Set(),
    server: readServers(code),
  };
  const paths = new Set<string>();
  for (const text of code) {
    for (const pattern of READS)
      for (const [, name = ""] of text.matchAll(pattern)) facts.reads.add(name);
    for (const pattern of REQUIRES) {
      for (const [, name = ""] of text.matchAll(pattern)) {
        facts.reads.add(name);
        facts.requires.add(name);
      }
    }
    for (const [name, isRequired] of settings(text)) {
      facts.reads.add(name);
      if (isRequired) facts.requires.add(name);
    }
    // A router's path lies beneath a prefix that stands elsewhere.
    if (
      /FastAPI\(|FastMCP\(|Starlette\(|Flask\(|express\(|fastify\(|Fastify\(|new Hono/.test(text)
    ) {
      for (const [, python, node, starlette] of text.matchAll(ROUTE))
        paths.add(python ?? node ?? starlette ?? "");
    }
    for (const [, path = ""] of text.matchAll(COMPARED)) paths.add(path);
    facts.isAsync ||= /create_async_engine|asyncpg\.(connect|create_pool)/.test(text);
    facts.choosesDriver ||= /replace\([^)]*postgres(ql)?(\+\w+)?:/.test(text);
    facts.connectsItself ||= /\bpsycopg2?\.connect\(/.test(text);
    const [address] = /sqlite(\+\w+)?:\/\/\/(?!:memory:)[^\s"'`{$]+/.exec(text) ?? [];
    if (address !== undefined) facts.sqliteAddress ??= address;
    facts.usesSqlite ||=
      address !== undefined ||
      /sqlite(\+\w+)?:\/\/\/(?!:memory:)|^\s*import (aio)?sqlite3?\b|["'](better-sqlite3|node:sqlite)["']/m.test(
        text,
      );
    facts.usesLibpq ||=
      /\bpsycopg2?\.connect\(\s*(""|'')?\s*\)|\basyncpg\.(connect|create_pool)\(\s*\)|\bnew (pg\.)?(Pool|Client)\(\s*\)/.test(
        text,
      );
    for (const pattern of IMPORTS) {
      for (const [, name = ""] of text.matchAll(pattern))
        facts.imports.add(
          name.split(/[/.]/).findLast((part) => !/^([cm]?[jt]sx?|)$/.test(part)) ?? "",
        );
    }
  }
  const order = [
    /^\/ready|^\/readyz$/,
    /^\/(api\/)?health(z|check)?\/?$/,
    /health|ready|^\/livez?$|^\/ping$/,
  ];
  facts.healthPaths = order
    .flatMap((wanted) => [...paths].filter((path) => wanted.test(path) && !path.includes("{")))
    .filter((path, index, all) => all.indexOf(path) === index);
  return facts;
}

/** Fields of pydantic's settings, which are variables of the same name in capitals. */
function settings(text: string): [name: string, isRequired: boolean][] {
  const classes = text.matchAll(/^class \w+\([^)]*BaseSettings[^)]*\):\n((?:[ \t]+.*\n|\s*\n)+)/gm);
  return [...classes].flatMap(([, body = ""]) =>
    [...body.matchAll(/^ {4}([a-zA-Z_]\w*)\s*:\s*([^=\n#]+)(=|#|$)/gm)]
      .filter(([, name = ""]) => name !== "model_config")
      .map(([, name = "", type = "", after = ""]): [string, boolean] => [
        name.toUpperCase(),
        after !== "=" && !/None|Optional/.test(type),
      ]),
  );
}
