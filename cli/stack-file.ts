/**
 * `Pulumi.local.yaml`: made from `Pulumi.dev.yaml` once, then only the facts of this machine are kept
 * right in it. Comments, order and everything that the user set stay (yaml's Document API).
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { isMap, parseDocument, type Document } from "yaml";
import { parseToWriteBack } from "../config/written";
import { UserError } from "../tools/errors";
import { LOCAL_STACK } from "../automation/environment";
import { root, state } from "../tools/paths";

/** Full keys, prefix included: `kubernetes:context`, `todo-app:platform`. */
export type Facts = Record<string, string | number>;

export function stackFile(stack: string, folder = root): string {
  return path.join(folder, `Pulumi.${stack}.yaml`);
}

/**
 * The text of the stack's file with this machine's facts in it; pure.
 * @param current the file's text, or that of `Pulumi.dev.yaml` the first time
 * @param before facts that were written the last time: a value that still is one is ours to change, any other
 *   value is the user's, except on the first time, when everything is the template's
 */
export function withFacts(current: string, facts: Facts, before: Facts | "template"): string {
  const document: Document = parseToWriteBack(current);
  if (document.errors[0] !== undefined) {
    throw new UserError(`Pulumi.${LOCAL_STACK}.yaml is not YAML: ${document.errors[0].message}`, [
      `Set it right, or delete it: npm start makes it anew.`,
    ]);
  }
  if (!isMap(document.get("config"))) document.set("config", document.createNode({}));
  const ours = (key: string): boolean => {
    const value: unknown = document.getIn(["config", key]);
    return before === "template" || value === undefined || value === before[key];
  };
  for (const key of before === "template" ? [] : Object.keys(before)) {
    if (!(key in facts) && ours(key)) document.deleteIn(["config", key]);
  }
  for (const [key, value] of Object.entries(facts)) {
    if (ours(key)) document.setIn(["config", key], value);
  }
  return document.toString({ lineWidth: 0 });
}

/** The value of a key in the stack's file, or undefined. */
export function stackValue(stack: string, key: string): unknown {
  if (!fs.existsSync(stackFile(stack))) return undefined;
  const value: unknown = parseDocument(fs.readFileSync(stackFile(stack), "utf8")).getIn([
    "config",
    key,
  ]);
  return value;
}

/** The namespace that a stack's objects are in. */
export function namespaceOf(stack: string): string {
  const value = stackValue(stack, "todo-app:namespace");
  return typeof value === "string" ? value : "todo-app";
}

/** Makes or updates `Pulumi.local.yaml`. */
export function writeLocalStack(facts: Facts, before: Facts): void {
  const file = stackFile(LOCAL_STACK);
  const exists = fs.existsSync(file);
  // A value that the template has too was not chosen by the user, whoever copied it.
  const untouched = { ...valuesOf("dev", Object.keys(facts)), ...before };
  const current = fs.readFileSync(exists ? file : stackFile("dev"), "utf8");
  const text = exists
    ? withFacts(current, facts, untouched)
    : withFacts(withHeader(current), facts, "template");
  if (!exists || text !== current) fs.writeFileSync(file, text);
}

function valuesOf(stack: string, keys: string[]): Facts {
  const values = keys.map((key) => [key, stackValue(stack, key)] as const);
  return Object.fromEntries(
    values.filter((pair): pair is [string, string | number] => pair[1] !== undefined),
  );
}

function withHeader(template: string): string {
  const own = template.replace(/^(#.*\n)+/, "");
  return `# Your own stack, made by npm start from Pulumi.dev.yaml; git ignores it. Change what you like.\n${own}`;
}

/** Keys whose values are encrypted, in the order of the file. */
export function encryptedKeys(text: string): string[] {
  const config: unknown = (parseDocument(text).toJS() as { config?: unknown } | null)?.config;
  if (typeof config !== "object" || config === null) return [];
  return Object.entries(config)
    .filter(([, value]) => JSON.stringify(value).includes('{"secure":'))
    .map(([key]) => key);
}

/**
 * A stack's file can outlive the passphrase that it was salted with (`.stack` deleted, file kept), and
 * Pulumi then says "incorrect passphrase" about a passphrase nobody knows. Without encrypted values
 * the salt is dropped; with some, only the user can set them again.
 */
export function dropOrphanedSalt(): void {
  const file = stackFile(LOCAL_STACK);
  if (fs.existsSync(state("passphrase")) || !fs.existsSync(file)) return;
  const document = parseToWriteBack(fs.readFileSync(file, "utf8"));
  if (!document.has("encryptionsalt")) return;
  const encrypted = encryptedKeys(document.toString());
  if (encrypted.length > 0) {
    throw new UserError(
      `Pulumi.${LOCAL_STACK}.yaml holds values encrypted with a passphrase that was in .stack, which is gone: ` +
        `${encrypted.join(", ")}.`,
      [
        `Put .stack/passphrase back, or remove these keys and the line encryptionsalt from Pulumi.${LOCAL_STACK}.yaml,`,
        "run npm start, and set them again: npm run pulumi -- config set --secret KEY",
      ],
    );
  }
  document.delete("encryptionsalt");
  fs.writeFileSync(file, document.toString({ lineWidth: 0 }));
}
