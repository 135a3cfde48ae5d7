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
  /** Answers only under certain host names. */
  checksHost: boolean;
  usesSqlite: boolean;
}

const READS = [
  /process\.env\.([A-Za-z_]\w*)/g,
  /process\.env\[["'](\w+)["']\]/g,
  /os\.(?:getenv|environ\.get)\(\s*["'](\w+)["']/g,
  /(?:import\.meta\.env)\.([A-Z_]\w*)/g,
];
const REQUIRES = [/os\.environ\[["'](\w+)["']\]/g, /process\.env\.([A-Za-z_]\w*)!/g];
const ROUTE =
  /@\w+\.(?:get|api_route|route)\(\s*["'](\/[^"']*)["']|\bapp\.get\(\s*["'](\/[^"']*)["']/g;

/** @param texts the source files' texts */
export function readSources(texts: Iterable<string>): SourceFacts {
  const facts: SourceFacts = {
    reads: new Set(),
    requires: new Set(),
    healthPaths: [],
    isAsync: false,
    choosesDriver: false,
    connectsItself: false,
    checksHost: false,
    usesSqlite: false,
  };
  const paths = new Set<string>();
  for (const text of texts) {
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
    if (/FastAPI\(|Flask\(|express\(/.test(text)) {
      for (const [, python, node] of text.matchAll(ROUTE)) paths.add(python ?? node ?? "");
    }
    facts.isAsync ||= /create_async_engine|asyncpg\.(connect|create_pool)/.test(text);
    facts.choosesDriver ||= /replace\([^)]*postgres(ql)?(\+\w+)?:/.test(text);
    facts.connectsItself ||= /\bpsycopg2?\.connect\(/.test(text);
    facts.checksHost ||= /TrustedHostMiddleware\(|allowed_hosts\s*=|ALLOWED_HOSTS\s*=/.test(text);
    facts.usesSqlite ||= /sqlite(\+\w+)?:\/\/\//.test(text);
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
