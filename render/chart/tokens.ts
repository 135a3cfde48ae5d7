import { ConfigReader } from "../../config/reader";

/**
 * A value that stands for one that the chart's user gives. It travels through the configuration and the components as
 * any other value would, and where it comes out, the template asks for the user's.
 */
export interface Token {
  /** The configuration key, or what the token stands for: one name, one token. */
  name: string;
  /** `text` is quoted where it stands alone, `number` never is. */
  kind: "text" | "number";
  /** Repeats the list item or map entry that it stands in, once for each element: `.Values.a.b` → `$item`. */
  each?: string;
  /** For the template: `.Values.a.b`, or the variable of a repetition. */
  expression: string;
}

/** Numbers that no component contains by itself. */
const firstNumber = 9_100_000;
const inText = /(?:https:\/\/)?zq(\d{3})q(?:\.invalid)?|(91\d{5})/;

/** All tokens of one rendering. */
export class Tokens {
  readonly #all: Token[] = [];
  readonly #indices = new Map<string, number>();

  text(token: Omit<Token, "kind">): string {
    return `zq${String(this.add({ ...token, kind: "text" })).padStart(3, "0")}q`;
  }

  /** Text that can be parsed as an address. */
  url(token: Omit<Token, "kind">): string {
    return `https://${this.text(token)}.invalid`;
  }

  number(token: Omit<Token, "kind">): number {
    return firstNumber + this.add({ ...token, kind: "number" });
  }

  /** Text between the tokens of a value, and the tokens. */
  split(value: string | number | boolean | null): (string | Token)[] {
    const parts: (string | Token)[] = [];
    let rest = String(value);
    for (;;) {
      const found = inText.exec(rest);
      if (found === null) return rest === "" ? parts : [...parts, rest];
      const index = found[1] === undefined ? Number(found[2]) - firstNumber : Number(found[1]);
      const token = this.#all[index];
      if (token === undefined) throw new Error(`${found[0]} is no token`);
      if (found.index > 0) parts.push(rest.slice(0, found.index));
      parts.push(token);
      rest = rest.slice(found.index + found[0].length);
    }
  }

  /** The tokens in a value of any form. */
  within(value: unknown): Token[] {
    if (typeof value === "string" || typeof value === "number") {
      return this.split(value).filter((part) => typeof part !== "string");
    }
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => [
      ...this.within(key),
      ...this.within(inner),
    ]);
  }

  /** The tokens in a list's item that belong to it alone: not those of lists in it, nor of repeated map entries. */
  beside(value: unknown): Token[] {
    if (Array.isArray(value)) return [];
    if (typeof value !== "object" || value === null) return this.within(value);
    return Object.entries(value).flatMap(([key, inner]) =>
      this.within(key).length > 0 ? [] : this.beside(inner),
    );
  }

  /** The same name is the same token in every variant. */
  private add(token: Token): number {
    const known = this.#indices.get(token.name);
    if (known !== undefined) return known;
    this.#indices.set(token.name, this.#all.length);
    return this.#all.push(token) - 1;
  }
}

/** What the chart's user writes in place of a configuration key. */
export type ExpressionOf = (key: string) => string;

/**
 * Gives the configuration a token for every key, so that it is read, and the components are called, as always. Flags and
 * secrets count as set: what they turn on is there. `fixed` keys keep the value that a variant gives them.
 */
export class TokenReader extends ConfigReader {
  constructor(
    private readonly tokens: Tokens,
    private readonly fixed: Readonly<Record<string, unknown>>,
    private readonly expressionOf: ExpressionOf,
  ) {
    super({});
  }

  override text(key: string, _pattern: RegExp, allowed: string): string {
    return this.get(key, () => {
      const token = { name: key, expression: this.expressionOf(key) };
      return allowed.includes("URL") ? this.tokens.url(token) : this.tokens.text(token);
    });
  }

  override oneOf<T extends string>(key: string, _choices: readonly [T, ...T[]]): T {
    const token = { name: key, expression: this.expressionOf(key) };
    return this.get(key, () => this.tokens.text(token) as T);
  }

  override integer(key: string): number {
    return this.get(key, () =>
      this.tokens.number({ name: key, expression: this.expressionOf(key) }),
    );
  }

  override flag(key: string): boolean {
    return this.get(key, () => true);
  }

  override list(key: string): string[] {
    const each = `$item := ${this.expressionOf(key)}`;
    return this.get(key, () => [this.tokens.text({ name: key, each, expression: "$item" })]);
  }

  override integers(key: string): number[] {
    const each = `$item := ${this.expressionOf(key)}`;
    return this.get(key, () => [this.tokens.number({ name: key, each, expression: "$item" })]);
  }

  override map(key: string): Record<string, string> {
    const each = `$name, $value := ${this.expressionOf(key)}`;
    return this.get(key, () => {
      const name = this.tokens.text({ name: key, each, expression: "$name" });
      const expression = '(include "todo-app.text" $value)';
      return { [name]: this.tokens.text({ name: `${key} value`, each, expression }) };
    });
  }

  override secret(key: string): boolean {
    return this.get(key, () => true);
  }

  override problem(): void {
    // Tokens are no values: the rules over them are for the user's.
  }

  override finish(): void {
    // Nothing was given, so nothing is unknown.
  }

  private get<T>(key: string, token: () => T): T {
    return Object.hasOwn(this.fixed, key) ? (this.fixed[key] as T) : token();
  }
}
