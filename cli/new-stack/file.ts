/** The file of a new stack: a template of the project with other values, checked before anything is made. */
import { isMap, parse, parseDocument } from "yaml";
import { ConfigError } from "../../config/reader";
import { secretKeys, type SecretKey } from "../../config/stack";
import { parseStackFile, type StackFile } from "../../config/stack-file";
import { UserError } from "../../tools/errors";

/** `KEY=VALUE` as it was typed. */
export type Assignment = [key: string, value: string];

/** @throws UserError for what is no KEY=VALUE, and for a secret: it would stand in the shell's history */
export function assignment(text: string): Assignment {
  const [, key, value] = /^([A-Za-z]\w*)=([^]*)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new UserError(`${text} is not KEY=VALUE.`, ["npm run new-stack -- --help"], 2);
  }
  if (isSecretKey(key)) {
    throw new UserError(
      `${key} is a secret: as an argument it stands in your shell's history and in the process list.`,
      [
        "Leave it out: it is asked for on a terminal,",
        `or give it on standard input: printf '${key}=%s\\n' "$VALUE" | npm run new-stack -- NAME --secrets stdin`,
      ],
      2,
    );
  }
  return [key, value];
}

export function isSecretKey(key: string): key is SecretKey {
  return (secretKeys as readonly string[]).includes(key);
}

/** Secrets from lines of KEY=VALUE; a value is everything up to the line's end. */
export function secretLines(text: string): Map<SecretKey, string> {
  const secrets = new Map<SecretKey, string>();
  for (const line of text.split(/\r?\n/).filter((each) => each.trim() !== "")) {
    const separator = line.indexOf("=");
    const key = line.slice(0, Math.max(0, separator)).trim();
    // The line itself is not repeated: it holds a secret, whatever is wrong with it.
    if (!isSecretKey(key)) {
      throw new UserError(
        "A line on standard input does not begin with the name of a secret and =.",
        [`The names are: ${secretKeys.join(", ")}`],
        2,
      );
    }
    const value = line.slice(separator + 1);
    if (value !== "") secrets.set(key, value);
  }
  return secrets;
}

/** Numbers and booleans as what they are, so that the engine's own check of types accepts them. */
function typed(value: string): unknown {
  return /^(true|false|-?\d+)$/.test(value) ? (parse(value) as unknown) : value;
}

/**
 * The text of `Pulumi.NAME.yaml`; pure. Comments and order of the template stay; what it has encrypted does not, since
 * another stack cannot decrypt it.
 */
export function newStackFile(
  template: string,
  name: string,
  context: string,
  values: readonly Assignment[],
): string {
  const document = parseDocument(template.replace(/^(#.*\n)+/, ""));
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  document.delete("encryptionsalt");
  document.delete("secretsprovider");
  document.delete("encryptedkey");
  const config = (document.toJS() as { config: Record<string, unknown> }).config;
  for (const [key, value] of Object.entries(config)) {
    if (JSON.stringify(value).includes('"secure":')) document.deleteIn(["config", key]);
  }
  document.setIn(["config", "kubernetes:context"], context);
  for (const [key, value] of values) document.setIn(["config", `todo-app:${key}`], typed(value));
  return `# The stack ${name}, made by npm run new-stack. Each key is explained in Pulumi.yaml.\n${document.toString({ lineWidth: 0 })}`;
}

/** @throws UserError with everything that the program would refuse */
export function checkStackFile(file: StackFile): ReturnType<typeof parseStackFile> {
  try {
    return parseStackFile(file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const lines = error.problems.map(({ key, allowed }) => `  ${key} must be ${allowed}`);
    throw new UserError(`The new stack would not work:\n${lines.join("\n")}`, [
      "npm run new-stack -- NAME KEY=VALUE …   (with other values; nothing was made)",
    ]);
  }
}
