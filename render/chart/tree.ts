import type { Token, Tokens } from "./tokens";

/** A part that a value of the chart turns on or off, or that follows from one. */
export interface Condition {
  /** Helm's expression that holds while the part is as in the base. */
  when: string;
  /** Names of the tokens that the variant has other values for: what holds them follows by itself. */
  follows: readonly string[];
}

export interface Entry {
  key: string;
  node: Node;
  /** All must hold for the entry to be there. */
  when: string[];
}

export interface Item {
  /** The value that it was made from. */
  raw: unknown;
  node: Node;
  when: string[];
}

export interface Scalar {
  type: "scalar";
  value: string | number | boolean | null;
  /** What it is instead where the condition does not hold. */
  otherwise: { when: string; value: string | number | boolean | null }[];
}

/** Objects as the template shows them: one tree that holds what every variant has. */
export type Node = Scalar | { type: "map"; entries: Entry[] } | { type: "list"; items: Item[] };

/** A value that is there only while Helm's condition holds. */
export class Only {
  constructor(
    readonly when: string,
    readonly value: unknown,
  ) {}
}

export function build(value: unknown): Node {
  if (Array.isArray(value)) {
    return {
      type: "list",
      items: value.map((item: unknown) => ({ raw: item, ...conditional(item) })),
    };
  }
  if (typeof value === "object" && value !== null) {
    return {
      type: "map",
      entries: Object.entries(value).map(([key, inner]) => ({ key, ...conditional(inner) })),
    };
  }
  return { type: "scalar", value: value as Scalar["value"], otherwise: [] };
}

function conditional(value: unknown): { node: Node; when: string[] } {
  return value instanceof Only
    ? { node: build(value.value), when: [value.when] }
    : { node: build(value), when: [] };
}

/** Takes into the tree what a variant has and has not, under its condition. */
export class Merge {
  constructor(
    private readonly tokens: Tokens,
    private readonly condition: Condition,
  ) {}

  into(node: Node, variant: unknown, at: string): void {
    const value = variant instanceof Only ? variant.value : variant;
    if (node.type === "list" && Array.isArray(value)) this.list(node.items, value, at);
    else if (node.type === "map" && typeof value === "object" && value !== null) {
      this.map(node.entries, value as Record<string, unknown>, at);
    } else if (node.type === "scalar" && (typeof value !== "object" || value === null)) {
      this.scalar(node, value as Scalar["value"]);
    } else throw new Error(`${at} is of another type where not ${this.condition.when}`);
  }

  private map(entries: Entry[], value: Record<string, unknown>, at: string): void {
    for (const entry of entries) {
      if (entry.key in value) this.into(entry.node, value[entry.key], `${at}.${entry.key}`);
      else this.absent(entry);
    }
    let position = 0;
    for (const [key, inner] of Object.entries(value)) {
      const found = entries.findIndex((entry) => entry.key === key);
      if (found >= 0) position = found + 1;
      else entries.splice(position++, 0, { key, node: build(inner), when: [this.not()] });
    }
  }

  private list(items: Item[], value: unknown[], at: string): void {
    const pairs = this.align(items, value);
    let position = 0;
    const partners = new Map(pairs.map(([item, index]) => [index, item]));
    const matched = new Set(pairs.map(([item]) => item));
    for (const item of items) if (!matched.has(item)) this.absent(item);
    value.forEach((inner, index) => {
      const partner = partners.get(index);
      if (partner === undefined) {
        items.splice(position++, 0, { raw: inner, node: build(inner), when: [this.not()] });
        return;
      }
      this.into(partner.node, inner, `${at}[${index}]`);
      position = items.indexOf(partner) + 1;
    });
  }

  /** Which item of the base is which of the variant: by name where there are names, else in order. */
  private align(items: Item[], value: unknown[]): [Item, number][] {
    const repeats = (item: unknown) => this.tokens.beside(item).some(({ each }) => each);
    const alike =
      items.length === value.length &&
      items.every(({ raw }, index) => repeats(raw) === repeats(value[index])) &&
      !items.some(({ raw }) => identity(raw) !== undefined);
    if (alike) return items.map((item, index) => [item, index]);
    const pairs: [Item, number][] = [];
    let from = 0;
    for (const item of items) {
      const own = identity(item.raw) ?? JSON.stringify(item.raw);
      const index = value.findIndex(
        (other, position) => position >= from && (identity(other) ?? JSON.stringify(other)) === own,
      );
      if (index < 0) continue;
      pairs.push([item, index]);
      from = index + 1;
    }
    return pairs;
  }

  private scalar(node: Scalar, value: Scalar["value"]): void {
    if (node.value === value) return;
    const follows = ({ name }: Token) => this.condition.follows.includes(name);
    if (this.tokens.within(node.value).some(follows)) return;
    node.otherwise.push({ when: this.condition.when, value });
  }

  /** What is there only where another condition does not hold says nothing about this one. */
  private absent(part: { when: string[] }): void {
    if (part.when.some((when) => when.startsWith("not "))) return;
    part.when.push(this.condition.when);
  }

  private not(): string {
    return `not ${grouped(this.condition.when)}`;
  }
}

/** An expression as an argument. */
export function grouped(expression: string): string {
  return /^[^\s()]+$/.test(expression) ? expression : `(${expression})`;
}

/** By what an object in a list is known: an object of Kubernetes, a container, a variable, a volume. */
function identity(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, metadata, name, mountPath } = value as {
    kind?: string;
    metadata?: { name?: string };
    name?: string;
    mountPath?: string;
  };
  if (metadata !== undefined) return `${kind}/${metadata.name}`;
  return name === undefined ? undefined : `${name} ${mountPath ?? ""}`;
}
