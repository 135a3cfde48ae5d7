import { yaml } from "../yaml";
import type { Token, Tokens } from "./tokens";
import { type Entry, grouped, type Item, type Node, type Scalar } from "./tree";

/** Exact texts that follow from tokens by a calculation of the components, and Helm's calculation of the same. */
export type Calculations = ReadonlyMap<string, string>;

/** Writes a tree as a template. */
export class Emitter {
  /** Named templates of this file: the lines of a list of variables → name. */
  private readonly variables = new Map<string, string>();
  /** Conditions of the blocks around what is being written. */
  private around: string[] = [];

  /** @param name of the file, for the names of its templates */
  constructor(
    private readonly tokens: Tokens,
    private readonly calculations: Calculations,
    private readonly name: string,
  ) {}

  /** Objects of one file, each a YAML document. */
  file(items: readonly Item[]): string {
    const documents = items.flatMap((item) =>
      this.block(item.when, "", () => ["---", ...this.node(item.node, "")]),
    );
    const defined = [...this.variables].flatMap(([lines, name]) => [
      `{{- define "${name}" }}`,
      lines,
      "{{- end }}",
    ]);
    return `${[...defined, ...documents].join("\n")}\n`;
  }

  private node(node: Node, indent: string): string[] {
    if (node.type === "map") return this.map(node.entries, indent);
    if (node.type === "list") return this.list(node.items, indent);
    return [indent + this.scalar(node)];
  }

  private block(when: readonly string[], indent: string, lines: () => string[]): string[] {
    // A block inside one with the same condition needs none of its own.
    const all = [...new Set(when)].filter((condition) => !this.around.includes(condition));
    const before = this.around;
    this.around = [...before, ...all];
    const inner = lines();
    this.around = before;
    if (all.length === 0) return inner;
    const condition = all.length === 1 ? all[0] : `and ${all.map(grouped).join(" ")}`;
    return [`${indent}{{- if ${condition} }}`, ...inner, `${indent}{{- end }}`];
  }

  private map(entries: readonly Entry[], indent: string): string[] {
    return runs(entries).flatMap(({ when, parts }) =>
      this.block(when, indent, () => parts.flatMap((entry) => this.entry(entry, indent))),
    );
  }

  private entry({ key, node }: Entry, indent: string): string[] {
    const repeated = this.tokens.within(key).find(({ each }) => each !== undefined);
    if (repeated !== undefined) {
      return [
        `${indent}{{- range ${repeated.each} }}`,
        `${indent}{{ ${repeated.expression} | quote }}: ${this.scalar(node as Scalar)}`,
        `${indent}{{- end }}`,
      ];
    }
    if (node.type === "scalar") return this.field(key, node, indent);
    if (key === "env" && node.type === "list" && node.items.some((item) => this.repetition(item))) {
      return this.environment(node, indent);
    }
    const inner = node.type === "map" ? node.entries : node.items;
    if (inner.length === 0) return [`${indent}${key}: ${node.type === "map" ? "{}" : "[]"}`];
    return [`${indent}${key}:`, ...this.node(node, `${indent}  `)];
  }

  /** A variable of the user's takes the place of one of the same name, as in the components. */
  private environment(node: Node, indent: string): string[] {
    const lines = this.node(node, "").join("\n");
    const count = this.variables.size;
    const name =
      this.variables.get(lines) ?? `todo-app.${this.name}.env${count === 0 ? "" : count + 1}`;
    this.variables.set(lines, name);
    const include = `include "todo-app.lastWins" (include "${name}" .)`;
    return [`${indent}env:`, `${indent}  {{- ${include} | nindent ${indent.length + 2} }}`];
  }

  private field(key: string, node: Scalar, indent: string): string[] {
    const { value } = node;
    if (typeof value === "string" && value.includes("\n")) {
      const lines = escaped(value).split("\n");
      const end = lines.at(-1) === "" ? "|" : "|-";
      if (end === "|") lines.pop();
      return [`${indent}${key}: ${end}`, ...lines.map((line) => line && `${indent}  ${line}`)];
    }
    return [`${indent}${key}: ${this.scalar(node)}`];
  }

  private list(items: readonly Item[], indent: string): string[] {
    if (items.length === 0) return [`${indent}[]`];
    const [only] = items;
    if (only !== undefined && items.length === 1 && only.when.length === 0) {
      const each = this.repetition(only);
      if (each !== undefined && !this.around.includes(each.replace(/^.*:= /, ""))) {
        // A list that may be empty stays one: an empty field would be null.
        return [
          `${indent}{{- range ${each} }}`,
          ...this.item(only.node, indent).map(rooted),
          `${indent}{{- else }}`,
          `${indent}[]`,
          `${indent}{{- end }}`,
        ];
      }
    }
    const lines = runs(items).flatMap(({ when, parts }) =>
      this.block(when, indent, () =>
        parts.flatMap((item) => {
          const each = this.repetition(item);
          const lines = this.item(item.node, indent);
          if (each === undefined) return lines;
          return [`${indent}{{- range ${each} }}`, ...lines.map(rooted), `${indent}{{- end }}`];
        }),
      ),
    );
    const present = this.presence(items);
    if (present === undefined) return lines;
    return [`${indent}{{- if not ${present} }}`, `${indent}[]`, `${indent}{{- end }}`, ...lines];
  }

  /** What holds while a list of several parts has an item; undefined where it always has one. */
  private presence(items: readonly Item[]): string | undefined {
    if (items.length === 1) return undefined;
    const each = items.map((item) => {
      const repeated = this.repetition(item)?.replace(/^.*:= /, "");
      return [...item.when, ...(repeated === undefined ? [] : [repeated])].filter(
        (condition) => !this.around.includes(condition),
      );
    });
    const alone = each.flatMap((conditions) => (conditions.length === 1 ? conditions : []));
    const isOneOrTheOther = alone.some((when) => alone.includes(`not ${grouped(when)}`));
    if (isOneOrTheOther || each.some((conditions) => conditions.length === 0)) return undefined;
    const present = each.map((conditions) =>
      conditions.length > 1
        ? `(and ${conditions.map(grouped).join(" ")})`
        : grouped(conditions[0] ?? ""),
    );
    return `(or ${[...new Set(present)].join(" ")})`;
  }

  private item(node: Node, indent: string): string[] {
    if (node.type === "map") {
      // A list's dash stands on a line that is always there.
      const always = node.entries.findIndex(({ when }) => when.length === 0);
      const first = node.entries[always];
      if (first === undefined) throw new Error("a list item has no field that is always there");
      const rest = node.entries.filter((_, index) => index !== always);
      const [head = "", ...more] = this.entry(first, `${indent}  `);
      return [`${indent}- ${head.trimStart()}`, ...more, ...this.map(rest, `${indent}  `)];
    }
    if (node.type === "scalar" && String(node.value).includes("\n")) {
      const [head = "", ...more] = this.field("x", node, indent);
      return [`${indent}- ${head.trim().slice("x: ".length)}`, ...more];
    }
    if (node.type === "scalar") return [`${indent}- ${this.scalar(node)}`];
    throw new Error("a list in a list");
  }

  /** The range of a list item that is repeated. */
  private repetition({ node, raw }: Item): string | undefined {
    return node.type === "list"
      ? undefined
      : this.tokens.beside(raw).find(({ each }) => each !== undefined)?.each;
  }

  private scalar({ value, otherwise }: Scalar): string {
    const base = this.value(value);
    if (otherwise.length === 0) return base;
    const [only] = otherwise;
    if (only !== undefined && otherwise.length === 1 && value === true && only.value === false) {
      if (/^([^\s()]+$|(eq|ne|ge) )/.test(only.when)) return `{{ ${only.when} }}`;
    }
    const branches = otherwise.map(
      ({ when, value: other }, index) =>
        `{{ ${index === 0 ? "" : "else "}if not ${grouped(when)} }}${this.value(other)}`,
    );
    return `${branches.join("")}{{ else }}${base}{{ end }}`;
  }

  private value(value: Scalar["value"]): string {
    const calculation = this.calculations.get(String(value));
    if (calculation !== undefined) return `{{ ${calculation} }}`;
    const parts = this.tokens.split(value);
    const [first] = parts;
    if (parts.length === 1 && typeof first === "object") {
      if (typeof value === "number") return `{{ ${first.expression} | int64 }}`;
      if (first.kind === "text") return `{{ ${first.expression} | quote }}`;
    }
    if (parts.every((part) => typeof part === "string")) {
      return escaped(yaml(value).trimEnd());
    }
    const inner = parts.map((part) => (typeof part === "string" ? quotable(part) : inline(part)));
    return `"${inner.join("")}"`;
  }
}

/** Within a repetition the dot is its item: the chart's values are asked for by `$`. */
function rooted(line: string): string {
  return line.replace(/(?<=[\s(])\.(?=Values\b)/g, "$.");
}

function inline({ expression, kind }: Token): string {
  return kind === "number" ? `{{ ${expression} | int64 }}` : `{{ ${expression} }}`;
}

function quotable(text: string): string {
  if (/["\\]/.test(text)) throw new Error(`a calculation is missing for the text ${text}`);
  return escaped(text);
}

/** Braces that are no template's. */
function escaped(text: string): string {
  return text.replaceAll("{{", '{{ "{{" }}');
}

/** Neighbours under the same conditions, which stand in one block. */
function runs<T extends { when: string[] }>(parts: readonly T[]): { when: string[]; parts: T[] }[] {
  const result: { when: string[]; parts: T[] }[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (last !== undefined && last.when.join() === part.when.join()) last.parts.push(part);
    else result.push({ when: part.when, parts: [part] });
  }
  return result;
}
