import { parse } from "yaml";

/** What `package.json`, `pyproject.toml` or `requirements.txt` say of an application. */
export interface Packages {
  language: "node" | "python";
  /** Names of what it depends on, in lower case, with `-` for `_`. */
  names: Set<string>;
  /** Of `requirements.txt`: those without an upper bound of their version. */
  unpinned?: string[];
  /** Of `package.json`. */
  scripts?: Record<string, string>;
}

/** @throws SyntaxError where it is no JSON */
export function readPackageJson(text: string): Packages {
  const { dependencies, scripts } = JSON.parse(text) as {
    dependencies?: Record<string, string>;
    scripts?: Record<string, string>;
  };
  return {
    language: "node",
    names: new Set(Object.keys(dependencies ?? {})),
    scripts: map(scripts),
  };
}

/** Names at the beginning of the lines of `requirements.txt`. */
export function readRequirements(text: string): Packages {
  const lines = text.split(/\r?\n/).flatMap((line) => {
    const [, name, rest = ""] = /^\s*([A-Za-z0-9][\w.-]*)([^#;]*)/.exec(line) ?? [];
    return name === undefined ? [] : [{ name: normal(name), isBound: /[=~]=|<|@/.test(rest) }];
  });
  return {
    language: "python",
    names: new Set(lines.map(({ name }) => name)),
    unpinned: lines.filter(({ isBound }) => !isBound).map(({ name }) => name),
  };
}

/**
 * The dependencies of `pyproject.toml`: those of the standard's `[project]` and of Poetry. Only these lists are read, so that
 * no reader of the whole of TOML is needed.
 */
export function readPyproject(text: string): Packages {
  const names = new Set<string>();
  const [, list = ""] = /^\s*dependencies\s*=\s*\[([^]*?)^\s*\]/m.exec(text) ?? [];
  const [, line = ""] = /^\s*dependencies\s*=\s*\[([^\n]*)\]/m.exec(text) ?? [];
  for (const [, name = ""] of `${list}\n${line}`.matchAll(/["']\s*([A-Za-z0-9][\w.-]*)/g)) {
    names.add(normal(name));
  }
  const [, poetry = ""] =
    /^\[tool\.poetry\.dependencies\]\s*\n([^]*?)(?:^\[|(?![^]))/m.exec(text) ?? [];
  for (const [, name = ""] of poetry.matchAll(/^\s*["']?([A-Za-z0-9][\w.-]*)["']?\s*=/gm)) {
    names.add(normal(name));
  }
  return { language: "python", names };
}

function normal(name: string): string {
  return name.toLowerCase().replaceAll(/[_.]/g, "-");
}

/** Variables of a file such as `.env.example`; the last one of a name counts. */
export function readEnvFile(text: string): Record<string, string> {
  const lines = text.matchAll(/^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=[^\S\n]*(.*?)\s*$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, envValue(value)]));
}

function envValue(value: string): string {
  const quoted = /^"([^"]*)"/.exec(value) ?? /^'([^']*)'/.exec(value);
  return quoted?.[1] ?? value.replace(/\s+#.*$/, "").replace(/^#.*$/, "");
}

/** A service of a Compose file, as far as a stack can have it. */
export interface ComposeService {
  name: string;
  image: string;
  /** Absent where it is not built. */
  build?: { context: string; dockerfile: string; target: string; args: Record<string, string> };
  /** Ports of the container. */
  ports: number[];
  environment: Record<string, string>;
  /** Folders of the container that are kept or come from the host. */
  volumes: string[];
  command: string;
  healthcheck: string;
  dependsOn: string[];
}

/** @throws Error where it is no YAML */
export function readCompose(text: string): ComposeService[] {
  const content = parse(text, { merge: true }) as { services?: Record<string, unknown> } | null;
  return Object.entries(content?.services ?? {}).map(([name, value]) =>
    service(name, object(value)),
  );
}

function service(name: string, raw: Record<string, unknown>): ComposeService {
  const build = typeof raw["build"] === "string" ? { context: raw["build"] } : raw["build"];
  const { context, dockerfile, target, args } = object(build);
  return {
    name,
    image: string(raw["image"]),
    ...(build === undefined
      ? {}
      : {
          build: {
            context: string(context) || ".",
            dockerfile: string(dockerfile) || "Dockerfile",
            target: string(target),
            args: map(args),
          },
        }),
    ports: list(raw["ports"]).flatMap((port) => {
      const inside =
        typeof port === "object" ? object(port)["target"] : string(port).split(":").at(-1);
      const number = parseInt(string(inside), 10);
      return Number.isFinite(number) ? [number] : [];
    }),
    environment: map(raw["environment"]),
    volumes: list(raw["volumes"]).map((volume) =>
      typeof volume === "object"
        ? string(object(volume)["target"])
        : (string(volume).split(":")[1] ?? ""),
    ),
    command: Array.isArray(raw["command"]) ? raw["command"].join(" ") : string(raw["command"]),
    healthcheck: test(object(raw["healthcheck"])["test"]),
    dependsOn: Array.isArray(raw["depends_on"])
      ? raw["depends_on"].map(string)
      : Object.keys(object(raw["depends_on"])),
  };
}

function test(value: unknown): string {
  return Array.isArray(value) ? value.join(" ") : string(value);
}

/** What the values of a Helm chart say of one application. */
export interface ChartValues {
  /** The key that the application stands under; empty for a chart of one application. */
  name: string;
  image: string;
  port?: number;
  environment: Record<string, string>;
  livenessPath: string;
  readinessPath: string;
}

/** Applications in a chart's values: the whole of them, or each key that has an image of its own. */
export function readChartValues(text: string): ChartValues[] {
  const values = object(parse(text));
  const found = Object.entries(values).filter(([, value]) => "image" in object(value));
  const all: [string, unknown][] = "image" in values ? [["", values], ...found] : found;
  return all.map(([name, value]) => {
    const raw = object(value);
    const { repository } = object(raw["image"]);
    const { port, targetPort } = object(raw["service"]);
    const number = parseInt(string(raw["containerPort"] ?? targetPort ?? port), 10);
    return {
      name,
      image: string(repository) || string(raw["image"]),
      ...(Number.isFinite(number) ? { port: number } : {}),
      environment: Object.fromEntries(
        // Some charts have keys of their own here, which their templates make variables of.
        Object.entries(map(raw["env"])).filter(([name]) => /^[A-Z][A-Z0-9_]*$/.test(name)),
      ),
      livenessPath: string(object(object(raw["livenessProbe"])["httpGet"])["path"]),
      readinessPath: string(object(object(raw["readinessProbe"])["httpGet"])["path"]),
    };
  });
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function string(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}

/** `{ A: 1 }`, `["A=1", "B"]`, or `[{ name: A, value: 1 }]`. */
function map(value: unknown): Record<string, string> {
  if (!Array.isArray(value)) {
    return Object.fromEntries(
      Object.entries(object(value)).map(([name, each]) => [name, string(each)]),
    );
  }
  return Object.fromEntries(
    value.map((each: unknown) => {
      if (typeof each === "object")
        return [string(object(each)["name"]), string(object(each)["value"])];
      const [name = "", ...rest] = string(each).split("=");
      return [name, rest.join("=")];
    }),
  );
}
