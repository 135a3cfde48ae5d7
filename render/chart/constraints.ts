import { parseConfig } from "../../config/stack";
import { ConfigReader, type RawConfig } from "../../config/reader";

export type Schema = Record<string, unknown>;

/** JSON schema of what each configuration key may be, taken from the code that reads it. */
export function constraints(defaults: RawConfig): Map<string, Schema> {
  const schemas = new Map<string, Schema>();
  const reader = new RecordingReader(defaults, schemas);
  parseConfig(defaults, { context: "chart", isSecret: () => false }, reader);
  return schemas;
}

/** The usual reader, which also writes down what it was asked to accept. */
class RecordingReader extends ConfigReader {
  constructor(
    raw: RawConfig,
    private readonly schemas: Map<string, Schema>,
  ) {
    super(raw);
  }

  override text(key: string, pattern: RegExp, allowed: string, example: string): string {
    this.schemas.set(key, { type: "string", ...matching(pattern) });
    return super.text(key, pattern, allowed, example);
  }

  override oneOf<T extends string>(key: string, choices: readonly [T, ...T[]]): T {
    this.schemas.set(key, { enum: choices });
    return super.oneOf(key, choices);
  }

  override integer(key: string, minimum: number, maximum: number, example: number): number {
    this.schemas.set(key, { type: "integer", minimum, maximum });
    return super.integer(key, minimum, maximum, example);
  }

  override flag(key: string, example: boolean): boolean {
    this.schemas.set(key, { type: "boolean" });
    return super.flag(key, example);
  }

  override list(key: string, pattern: RegExp, allowed: string, example: string): string[] {
    this.schemas.set(key, { type: "array", items: { type: "string", ...matching(pattern) } });
    return super.list(key, pattern, allowed, example);
  }

  override integers(key: string, minimum: number, maximum: number, example: number): number[] {
    this.schemas.set(key, { type: "array", items: { type: "integer", minimum, maximum } });
    return super.integers(key, minimum, maximum, example);
  }

  override map(
    key: string,
    pattern: RegExp,
    allowed: string,
    example: string,
  ): Record<string, string> {
    this.schemas.set(key, {
      type: "object",
      propertyNames: matching(pattern),
      additionalProperties: {
        type: ["string", "number", "boolean"],
        // Helm would read a larger one as another number.
        minimum: Number.MIN_SAFE_INTEGER,
        maximum: Number.MAX_SAFE_INTEGER,
      },
    });
    return super.map(key, pattern, allowed, example);
  }

  override secret(...[key, isSecret, fit]: Parameters<ConfigReader["secret"]>): boolean {
    this.schemas.set(key, { type: "string" });
    return super.secret(key, isSecret, fit);
  }
}

/** JSON schema knows no flags: a pattern that has one is left to the components. */
function matching({ source, flags }: RegExp): Schema {
  return flags === "" ? { pattern: source } : {};
}
