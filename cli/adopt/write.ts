import { isMap, parseDocument, type Scalar, YAMLMap } from "yaml";
import { ConfigError } from "../../config/reader";
import { parseStackFile, stackFileOf } from "../../config/stack-file";
import { UserError } from "../../tools/errors";
import type { Plan, Setting } from "./plan";

export interface Written {
  text: string;
  /** What the configuration's own reader refuses of the guesses; it is not in the text. */
  refused: string[];
}

/**
 * The text of a stack's file with the plan's settings, each under its comment. What the project's own reader would refuse is
 * left out: what is written is always accepted.
 * @param template the stack's file to start from
 * @param before the stack's file that this one replaces; what is encrypted in it stays
 * @param given values that somebody gave, by key
 * @throws UserError where a given value is refused
 */
export function stackText(
  plan: Plan,
  about: {
    template: string;
    header: string;
    before?: string;
    given: ReadonlyMap<string, string>;
    /** The text of Pulumi.yaml: its defaults hold where nothing is set. */
    project: string;
  },
): Written {
  const refused: string[] = [];
  const settings = plan.settings.filter(({ key }) => !about.given.has(key));
  for (;;) {
    const text = compose(settings, about);
    try {
      parseStackFile(stackFileOf(about.project, text));
      return { text, refused };
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // The first problem's setting goes, and all is looked at again: one may follow from another.
      const at = settings.findIndex((setting) =>
        error.problems.some(({ key }) => key.split(/[.[]/)[0] === setting.key),
      );
      if (at === -1) {
        const lines = error.problems.map(({ key, allowed }) => `  ${key} must be ${allowed}`);
        throw new UserError(`The stack would not work:\n${lines.join("\n")}`, [], 2);
      }
      const [{ key, value } = { key: "", value: "" }] = settings.splice(at, 1);
      const problem = error.problems.find((each) => each.key.split(/[.[]/)[0] === key);
      refused.push(
        `${key}: ${JSON.stringify(value)} was found, but it must be ${problem?.allowed ?? ""}`,
      );
    }
  }
}

function compose(
  settings: readonly Setting[],
  about: { template: string; header: string; before?: string; given: ReadonlyMap<string, string> },
): string {
  const document = parseDocument(about.template.replace(/^(#.*\n)+/, ""));
  if (!isMap(document.get("config"))) document.set("config", new YAMLMap());
  const config = document.get("config") as YAMLMap;
  const put = (key: string, value: unknown, comment?: string): void => {
    config.delete(key);
    const pair = document.createPair(key, value);
    if (comment !== undefined) {
      (pair.key as Scalar).commentBefore = comment
        .split("\n")
        .map((line) => ` ${line}`)
        .join("\n");
    }
    config.add(pair);
  };
  for (const { key, value, why } of settings) put(`todo-app:${key}`, value, why);
  for (const [key, value] of about.given) put(`todo-app:${key}`, typed(value), "As it was given.");
  if (about.before !== undefined) keepEncrypted(about.before, document, put);
  return `${about.header}\n${document.toString({ lineWidth: 0 })}`;
}

/** Secrets, and what they are encrypted with: nobody could write them again. */
function keepEncrypted(
  before: string,
  document: ReturnType<typeof parseDocument>,
  put: (key: string, value: unknown) => void,
): void {
  const old = parseDocument(before).toJS() as Record<string, unknown> | null;
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) {
    if (old !== null && key in old) document.set(key, old[key]);
  }
  for (const [key, value] of Object.entries((old?.["config"] ?? {}) as Record<string, unknown>)) {
    if (JSON.stringify(value).includes('"secure":')) put(key, value);
  }
}

/** Numbers and booleans as what they are, so that the engine's own check of types accepts them. */
function typed(value: string): unknown {
  return /^(true|false|-?\d{1,15})$/.test(value) ? (JSON.parse(value) as unknown) : value;
}
