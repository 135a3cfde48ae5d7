import type { Application } from "./survey";
import type { Role } from "./roles";

/** Where a variable's value would come from, and what it may be. */
export interface Variable {
  name: string;
  value: string;
  /** The file that it stands in; the sources alone where it is only read. */
  from: string;
  isRequired: boolean;
}

/** The stack gives these itself. */
const GIVEN: Record<Role, readonly string[]> = {
  frontend: ["BACKEND_URL", "NEXT_PUBLIC_API_URL", "HOSTNAME", "PUBLIC_URL", "MCP_URL"],
  backend: ["JWT_SECRET", "OPENAI_API_KEY", "OPENAI_BASE_URL", "CORS_ORIGINS", "MCP_URL"],
  mcp: ["JWT_SECRET"],
};
const OF_THE_PLATFORM =
  /^(PORT|NODE_ENV|PATH|HOME|PWD|USER|CI|TZ|PYTHON\w+|PIP_\w+|NEXT_RUNTIME|NEXT_PHASE|VERCEL\w*|RENDER\w*|RAILWAY\w*|HOSTNAME|KUBERNETES_\w+)$/;
const SECRET =
  /SECRET|TOKEN(?!S|_?(EXP|TTL|LIFE|LIMIT))|PASSW|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIAL|_DSN$|CONNECTION_STRING|ENCRYPTION_KEY|SIGNING_KEY/i;

/** All that an application reads or is given elsewhere, the stack's own variables left out. */
export function variablesOf(role: Role, application: Application): Variable[] {
  const { compose, chart, examples, sources } = application;
  const found = new Map<string, Variable>();
  const add = (name: string, value: string, from: string): void => {
    const before = found.get(name);
    if (before !== undefined && before.value !== "") return;
    found.set(name, { name, value, from, isRequired: sources.requires.has(name) });
  };
  for (const [name, value] of Object.entries(compose?.environment ?? {}))
    add(name, value, "the Compose file");
  for (const [name, value] of Object.entries(chart?.environment ?? {}))
    add(name, value, "the chart's values");
  for (const [name, { value, file }] of Object.entries(examples)) add(name, value, file);
  for (const name of sources.requires) add(name, "", "the sources");
  // What is not required may still be wanted; a secret is worth a line.
  for (const name of sources.reads) {
    if (isSecret({ name, value: "" })) add(name, "", "the sources");
  }
  return [...found.values()].filter(
    ({ name }) => !GIVEN[role].includes(name) && !OF_THE_PLATFORM.test(name),
  );
}

export function isSecret({ name, value }: Pick<Variable, "name" | "value">): boolean {
  return (
    !name.startsWith("NEXT_PUBLIC_") &&
    (SECRET.test(name) || /:\/\/[^/\s:@]+:[^/\s@]+@/.test(value))
  );
}

/** DATABASE_URL as other files have it; never from a real `.env`. */
export function addressOf({ compose, chart, examples }: Application): string | undefined {
  return (
    compose?.environment["DATABASE_URL"] ??
    chart?.environment["DATABASE_URL"] ??
    examples["DATABASE_URL"]?.value
  );
}

export function isDatabaseAddress(value: string): boolean {
  return /^postgres(ql)?(\+\w+)?:\/\//.test(value);
}

/** A value that only says what should stand there. */
export function isPlaceholder(value: string): boolean {
  return (
    value === "" ||
    /^<.*>$|^\$\{?\w+\}?$|your|change.?me|replace|xxx|\.\.\.|example\.(com|org)|here$|placeholder/i.test(
      value,
    )
  );
}

/** Whether it is part of what browsers load, and so decided when the image is built. */
export function isForBrowsers(name: string): boolean {
  return /^(NEXT_PUBLIC|VITE|REACT_APP|PUBLIC|NUXT_PUBLIC)_/.test(name);
}
