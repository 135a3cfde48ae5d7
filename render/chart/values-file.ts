import { yaml } from "../yaml";
import { constraints, type Schema } from "./constraints";
import { type ChartValue, chartValues } from "./values";

/** The configuration keys as Pulumi.yaml declares them. */
export type Declarations = Readonly<
  Record<string, { type?: string; default?: unknown; description?: string }>
>;

/** Headings of the top level. */
const headings: Record<string, string> = {
  namespace: "Namespace",
  frontend: "Frontend Configuration",
  backend: "Backend Configuration",
  config: "Configuration",
  secrets: "Secrets (to be provided at install time; each has an embedded default)",
  mcp: "The MCP server",
  ingress: "An Ingress before the front end",
  resourceQuota: "What the namespace may use",
  kubectlAi: "Access for kubectl-ai",
  database: "The embedded database, while secrets.databaseUrl is empty",
  registry: "A registry that needs a password",
  networkPolicies: "Who may talk to whom; the cluster's network plugin must enforce it",
};

interface Folder {
  [key: string]: Folder | ChartValue;
}

function isValue(entry: Folder | ChartValue): entry is ChartValue {
  return typeof entry["path"] === "string";
}

/** The keys as a tree, in their order. */
function tree(declared: Declarations): Folder {
  const root: Folder = {};
  for (const value of chartValues) {
    if (value.config !== undefined && !(value.config in declared)) {
      throw new Error(`Pulumi.yaml declares no ${value.config}, which ${value.path} means`);
    }
    const steps = value.path.split(".");
    const last = steps.pop() ?? "";
    const folder = steps.reduce<Folder>((at, step) => (at[step] ??= {}) as Folder, root);
    folder[last] = value;
  }
  return root;
}

/** What a key is when the chart's user says nothing. */
export function defaultOf(value: ChartValue, declared: Declarations): unknown {
  return value.default ?? declared[value.config ?? ""]?.default;
}

/** Text of values.yaml. */
export function valuesFile(declared: Declarations): string {
  const lines = (folder: Folder, indent: string): string[] =>
    Object.entries(folder).flatMap(([key, entry]) => {
      const heading = indent === "" ? headings[key] : undefined;
      const above = heading === undefined ? [] : ["", `# ${heading}`];
      if (!isValue(entry)) return [...above, `${indent}${key}:`, ...lines(entry, `${indent}  `)];
      const comment = entry.comment ?? declared[entry.config ?? ""]?.description;
      const text = yaml({ [key]: defaultOf(entry, declared) }).trimEnd();
      return [
        ...above,
        ...(comment === undefined ? [] : [`${indent}# ${comment}`]),
        ...text.split("\n").map((line) => indent + line),
      ];
    });
  const text = lines(tree(declared), "").join("\n").trim();
  return `# Rendered by \`npm run render\` from Pulumi.yaml: change it there, or pass a file of your own with --values.\n\n${text}\n`;
}

/** Text of values.schema.json: a misspelt key or a wrong value is refused before anything is made. */
export function schemaFile(declared: Declarations): string {
  const defaults = Object.fromEntries(
    Object.entries(declared).map(([key, { default: value }]) => [key, value]),
  );
  const allowed = constraints(defaults);
  const schema = (entry: Folder | ChartValue): Schema =>
    isValue(entry)
      ? (entry.schema ?? allowed.get(entry.config ?? "") ?? {})
      : {
          type: "object",
          properties: Object.fromEntries(
            Object.entries(entry).map(([key, inner]) => [key, schema(inner)]),
          ),
          additionalProperties: false,
        };
  const root = schema(tree(declared));
  const properties = { ...(root["properties"] as Schema), global: {} }; // Helm adds it for subcharts
  return `${JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", ...root, properties }, null, 2)}\n`;
}
