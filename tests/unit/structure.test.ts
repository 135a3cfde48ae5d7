import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import ts from "typescript";

const root = path.join(__dirname, "..", "..");

/** Folders of the program, and of which others each may import; what is not named here may import everything. */
const allowed: Record<string, readonly string[]> = {
  tools: [],
  manifests: [],
  config: ["manifests"],
  images: ["tools"],
  hooks: ["manifests", "tools"],
  components: ["hooks", "images", "manifests"],
  stack: ["config", "images", "manifests"],
  render: ["components", "config", "manifests", "stack"],
  review: ["config", "images", "render", "stack", "tools"],
  automation: ["review", "tools"],
  cli: ["automation", "config", "images", "manifests", "render", "review", "stack", "tools"],
  policy: [],
};

/** What is taken for its types alone. */
const typesOnly = [
  ["stack", "components"],
  ["cli", "components"],
] as const;

/** The sandbox cluster, which `npm start` starts where no other cluster can be had. */
const doors = [["cli/clusters/sandbox.ts", "dev/sandbox/index.ts"]] as const;

interface Import {
  from: string;
  to: string;
  typesOnly: boolean;
}

function sources(folder = "."): string[] {
  return fs.readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    const isOther =
      entry.name.startsWith(".") ||
      ["node_modules", "artifacts", ...(folder === "." ? ["frontend", "backend"] : [])].includes(
        entry.name,
      );
    if (isOther) return [];
    if (entry.isDirectory()) return sources(name);
    return entry.name.endsWith(".ts") ? [name] : [];
  });
}

function resolved(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const target = path.normalize(path.join(path.dirname(from), specifier));
  return [`${target}.ts`, path.join(target, "index.ts")].find((file) =>
    fs.existsSync(path.join(root, file)),
  );
}

/** Whether nothing of an import is left once the types are removed. */
function isOfTypes(node: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(node)) {
    const clause = node.exportClause;
    if (node.isTypeOnly) return true;
    return (
      clause !== undefined &&
      ts.isNamedExports(clause) &&
      clause.elements.every((e) => e.isTypeOnly)
    );
  }
  const clause = node.importClause;
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    clause.name === undefined &&
    names !== undefined &&
    ts.isNamedImports(names) &&
    names.elements.every((element) => element.isTypeOnly)
  );
}

function importsOf(file: string): (Import & { specifier: string })[] {
  const text = fs.readFileSync(path.join(root, file), "utf8");
  const parsed = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const found: (Import & { specifier: string })[] = [];
  const add = (specifier: string, typesOnly: boolean): void => {
    found.push({ from: file, to: resolved(file, specifier) ?? "", specifier, typesOnly });
  };
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier !== undefined &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      add(node.moduleSpecifier.text, isOfTypes(node));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument !== undefined && ts.isStringLiteral(argument)) add(argument.text, false);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}

/** Files that import one another, directly or through others; types count. */
function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): void => {
    index.set(file, index.size);
    low.set(file, index.get(file) ?? 0);
    stack.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) {
        low.set(file, Math.min(low.get(file) ?? 0, low.get(next) ?? 0));
      }
    }
    if (low.get(file) !== index.get(file)) return;
    const group = stack.splice(stack.indexOf(file));
    if (group.length > 1) found.push(group.sort());
  };
  for (const file of graph.keys()) if (!index.has(file)) visit(file);
  return found;
}

function folderOf(file: string): string {
  return file.includes(path.sep) ? (file.split(path.sep)[0] ?? "") : "";
}

describe("the structure of the program", () => {
  const files = sources();
  const all = files.flatMap(importsOf);
  const own = all.filter(({ to }) => to !== "");

  it("lets imports go one way only", () => {
    const wrong = own.filter(({ from, to, typesOnly: isTypes }) => {
      const [source, target] = [folderOf(from), folderOf(to)];
      const may = allowed[source];
      if (source === target || may === undefined) return false;
      if (doors.some(([file, door]) => file === from && door === to)) return false;
      if (typesOnly.some(([a, b]) => a === source && b === target)) return !isTypes;
      return !may.includes(target);
    });
    assert.deepEqual(
      wrong.map(({ from, to }) => `${from} imports ${to}`),
      [],
    );
  });

  it("has no cycle of imports, of types neither", () => {
    const graph = new Map(
      files.map((file) => [file, own.filter(({ from }) => from === file).map(({ to }) => to)]),
    );
    assert.deepEqual(cycles(graph), []);
  });

  it("starts other programs in tools/ alone, but for two that outlive or hold a run", () => {
    const starters = all
      .filter(({ specifier }) => /^(node:)?child_process$/.test(specifier))
      .map(({ from }) => from)
      .filter((file) => !["tools", "tests"].includes(folderOf(file)))
      .sort();
    assert.deepEqual(starters, ["dev/sandbox/engine.ts", "dev/sandbox/lock.ts"]);
  });
});
