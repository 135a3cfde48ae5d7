/**
 * Reads reviews that a job without rights has written, for a job with rights to comment. Such a file can hold
 * anything: every field is checked, bounded and copied, and what is not expected is dropped.
 */
import type { Action, Change, Field, ImageChange, Review, SecretChange } from "./model";

/** A file is refused above this many bytes; a real one has some ten thousand. */
export const LARGEST_FILE = 2_000_000;

const MOST_ITEMS = 2_000;
const LONGEST_TEXT = 20_000;

export class UntrustedError extends Error {}

type Raw = Record<string, unknown>;

function object(value: unknown, what: string): Raw {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new UntrustedError(`${what} is not an object`);
  }
  return value as Raw;
}

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value)) throw new UntrustedError(`${what} is not a list`);
  if (value.length > MOST_ITEMS)
    throw new UntrustedError(`${what} has more than ${MOST_ITEMS} items`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value !== "string") throw new UntrustedError(`${what} is not text`);
  return value.slice(0, LONGEST_TEXT);
}

function optional<K extends string>(raw: Raw, key: K): Partial<Record<K, string>> {
  return raw[key] === undefined ? {} : ({ [key]: text(raw[key], key) } as Record<K, string>);
}

function texts(value: unknown, what: string): string[] {
  return list(value, what).map((item) => text(item, what));
}

function field(value: unknown): Field {
  const raw = object(value, "field");
  return { path: text(raw["path"], "path"), ...optional(raw, "before"), ...optional(raw, "after") };
}

const actions: readonly Action[] = ["destroyed", "replaced", "created", "changed"];

function change(value: unknown): Change {
  const raw = object(value, "change");
  const action = actions.find((known) => known === raw["action"]);
  if (action === undefined) throw new UntrustedError("a change has an unknown action");
  return {
    action,
    kind: text(raw["kind"], "kind"),
    name: text(raw["name"], "name"),
    fields: list(raw["fields"], "fields").map(field),
    ...optional(raw, "loses"),
    ...(raw["rolls"] === undefined ? {} : { rolls: texts(raw["rolls"], "rolls") }),
  };
}

function image(value: unknown): ImageChange {
  const raw = object(value, "image");
  return { name: text(raw["name"], "name"), ...optional(raw, "before"), ...optional(raw, "after") };
}

function secret(value: unknown): SecretChange {
  const raw = object(value, "secret");
  return { name: text(raw["name"], "name"), keys: texts(raw["keys"], "keys") };
}

function review(value: unknown): Review {
  const raw = object(value, "review");
  const { unchanged, source } = raw;
  if (typeof unchanged !== "number" || !Number.isSafeInteger(unchanged) || unchanged < 0) {
    throw new UntrustedError("unchanged is not a count");
  }
  if (source !== "preview" && source !== "diff") throw new UntrustedError("unknown source");
  const stack = text(raw["stack"], "stack");
  if (!/^[A-Za-z0-9][\w.-]{0,99}$/.test(stack)) throw new UntrustedError("no name of a stack");
  const failure = raw["failure"] === undefined ? undefined : object(raw["failure"], "failure");
  return {
    stack,
    source,
    images: list(raw["images"], "images").map(image),
    changes: list(raw["changes"], "changes").map(change),
    secrets: list(raw["secrets"], "secrets").map(secret),
    unchanged,
    warnings: texts(raw["warnings"], "warnings"),
    ...(failure === undefined
      ? {}
      : {
          failure: {
            reason: text(failure["reason"], "reason"),
            next: texts(failure["next"], "next"),
          },
        }),
  };
}

/**
 * The reviews in the text of a file.
 * @throws UntrustedError naming what is not as expected; nothing of the content is repeated
 */
export function parseReviews(content: string): Review[] {
  if (Buffer.byteLength(content) > LARGEST_FILE) throw new UntrustedError("the file is too large");
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    throw new UntrustedError("the file is not JSON");
  }
  const reviews = (Array.isArray(value) ? list(value, "file").slice(0, 20) : [value]).map(review);
  if (new Set(reviews.map(({ stack }) => stack)).size < reviews.length) {
    throw new UntrustedError("a stack is there twice");
  }
  return reviews;
}
