import { closest, distance } from "fastest-levenshtein";

/** A stack's configuration as it was written: key without the project's prefix → text or parsed value. */
export type RawConfig = Readonly<Record<string, unknown>>;

/** One thing that is wrong in the configuration, in words for the person who wrote it. */
export interface ConfigProblem {
  key: string;
  /** What was found, as text; absent for secrets, whose values are never repeated. */
  value?: string;
  /** What is allowed, as the end of the sentence "KEY must be …". */
  allowed: string;
  /** The command that sets it right. */
  remedy: string;
}

/** Every problem of a configuration at once, so that it is set right in one go. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly ConfigProblem[]) {
    super(
      [
        `The stack's configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:`,
        ...problems.map(
          ({ key, value, allowed, remedy }) =>
            `  ${key}${value === undefined ? "" : ` is ${value}; it`} must be ${allowed}\n      ${remedy}`,
        ),
      ].join("\n"),
    );
    this.name = "ConfigError";
  }
}

/** An address without a user and password in it, or nothing. */
const url = /^(https?:\/\/[^\s/@]+(\/\S*)?)?$/;

/** The largest number of edits between an unknown key and the one that is suggested for it. */
const typos = 3;

/**
 * Reads typed values out of a raw configuration and collects what is wrong instead of stopping at the first.
 * A method that finds a problem returns a harmless value of its type; `finish` then throws.
 */
export class ConfigReader {
  readonly #problems: ConfigProblem[] = [];
  readonly #known = new Set<string>();

  constructor(private readonly raw: RawConfig) {}

  /**
   * Text that `pattern` accepts.
   * @param allowed describes the pattern
   * @param example a value that fits
   * @param meant the value that was most likely meant by one that does not
   */
  text(
    key: string,
    pattern: RegExp,
    allowed: string,
    example: string,
    meant?: (value: string) => string,
  ): string {
    const value = this.value(key);
    if (typeof value === "string" && pattern.test(value)) return value;
    const guess = typeof value === "string" ? meant?.(value) : undefined;
    this.reject(key, value, allowed, guess !== undefined && pattern.test(guess) ? guess : example);
    return example;
  }

  /** An http or https address, or empty. It is no secret, so it may hold none. */
  url(key: string, example: string): string {
    const allowed = "an http or https URL without user and password, or empty";
    return this.text(key, url, allowed, example);
  }

  oneOf<T extends string>(key: string, choices: readonly [T, ...T[]]): T {
    const value = this.value(key);
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    this.reject(key, value, `one of ${choices.join(", ")}`, choices[0]);
    return choices[0];
  }

  integer(key: string, minimum: number, maximum: number, example: number): number {
    const value = this.value(key);
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number === "number" && Number.isInteger(number)) {
      if (number >= minimum && number <= maximum) return number;
    }
    this.reject(
      key,
      Number.isNaN(number) ? value : number,
      `a whole number from ${minimum} to ${maximum}`,
      String(example),
    );
    return example;
  }

  flag(key: string, example: boolean): boolean {
    const value = this.value(key);
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    this.reject(key, value, "true or false", String(example));
    return example;
  }

  /** A list of strings each of which `pattern` accepts. */
  list(key: string, pattern: RegExp, allowed: string, example: string): string[] {
    const value = this.structure(key);
    if (Array.isArray(value)) {
      const items: unknown[] = value;
      const texts = items.filter((item) => typeof item === "string" && pattern.test(item));
      if (texts.length === items.length) return texts as string[];
    }
    this.problem({
      key,
      value: JSON.stringify(value),
      allowed: `a list of ${allowed}`,
      remedy: `pulumi config set --path '${key}[0]' ${example}`,
    });
    return [];
  }

  /** A list of whole numbers. */
  integers(key: string, minimum: number, maximum: number, example: number): number[] {
    const value = this.structure(key);
    if (Array.isArray(value)) {
      const numbers = value.map(Number);
      const fits = (number: number) =>
        Number.isInteger(number) && number >= minimum && number <= maximum;
      if (numbers.every(fits)) return numbers;
    }
    this.problem({
      key,
      value: JSON.stringify(value),
      allowed: `a list of whole numbers from ${minimum} to ${maximum}`,
      remedy: `pulumi config set --path '${key}[0]' ${example}`,
    });
    return [];
  }

  /** A map of strings whose names `pattern` accepts; numbers and booleans are taken as text. */
  map(key: string, pattern: RegExp, allowed: string, example: string): Record<string, string> {
    const value = this.structure(key);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      const entries = Object.entries(value as Record<string, unknown>);
      const good = entries.filter(
        ([name, item]) =>
          pattern.test(name) && ["string", "number", "boolean"].includes(typeof item),
      );
      const inexact = good.find(
        ([, item]) => Number.isInteger(item) && !Number.isSafeInteger(item),
      );
      if (inexact !== undefined) {
        this.problem({
          key: `${key}.${inexact[0]}`,
          allowed: "text: so large a number is read as another one",
          remedy: `pulumi config set --path '${key}.${inexact[0]}' --type string VALUE`,
        });
      }
      if (good.length === entries.length) {
        // In the order of their names, as the engine and Helm have them: pods of the same variables in another order are others.
        return Object.fromEntries(
          good.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, String(item)]),
        );
      }
    }
    this.problem({
      key,
      allowed: `a map from ${allowed} to text`,
      remedy: `pulumi config set --path '${key}.${example}' VALUE`,
    });
    return {};
  }

  /**
   * Whether a secret is set, and that it is fit for use. Its value is never part of a message.
   * @param isSecret whether the configuration holds it encrypted
   * @param fit returns what is wrong with the value as the end of "KEY must be …", or undefined
   */
  secret(key: string, isSecret: boolean, fit: (value: string) => string | undefined): boolean {
    const value = this.value(key);
    if (value === "" || value === undefined) return false;
    const remedy = `pulumi config set --secret ${key}`;
    if (typeof value !== "string") this.problem({ key, allowed: "text", remedy });
    else if (!isSecret) {
      this.problem({ key, allowed: "encrypted; it stands in the stack's file in clear", remedy });
    } else {
      const allowed = fit(value);
      if (allowed !== undefined) this.problem({ key, allowed, remedy });
    }
    return true;
  }

  /** Adds a problem that concerns more than one key. */
  problem(problem: ConfigProblem): void {
    this.#problems.push(problem);
  }

  /** Throws a {@link ConfigError} if anything was wrong or a key is unknown. */
  finish(): void {
    for (const key of Object.keys(this.raw)) {
      if (!this.#known.has(key)) {
        this.#problems.push({
          key,
          allowed: `removed: there is no such key${this.suggestion(key)}`,
          remedy: `pulumi config rm ${key}`,
        });
      }
    }
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }

  /** The known key that was most likely meant, if one is near. */
  private suggestion(key: string): string {
    const known = [...this.#known];
    const start = known.find((other) => other.startsWith(key) || key.startsWith(other));
    const plain = new Map(known.map((other) => [other.toLowerCase(), other]));
    const near = closest(key.toLowerCase(), [...plain.keys()]);
    const guess = distance(key.toLowerCase(), near) <= typos ? plain.get(near) : start;
    return guess === undefined ? "" : `, did you mean ${guess}?`;
  }

  private value(key: string): unknown {
    this.#known.add(key);
    return this.raw[key];
  }

  /** Lists and maps come from the engine as JSON text. */
  private structure(key: string): unknown {
    const value = this.value(key);
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }

  private reject(key: string, value: unknown, allowed: string, example: string): void {
    this.problem({
      key,
      value: value === undefined ? "missing" : JSON.stringify(value),
      allowed,
      remedy: `pulumi config set ${key} ${example === "" ? '""' : example}`,
    });
  }
}
