/** Fields of objects: where two values differ, and their values as short text. */
import type { Field } from "./model";

/** Longest value shown; the rest is cut, because a whole script in a table helps nobody. */
const LONGEST = 200;

/** A value on one line: text as it is, anything else as JSON. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const line = text.replace(/\s*\n\s*/g, " ⏎ ");
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** `a.b[0].c` → `["a", "b", 0, "c"]`; `a["x.y"].b` → `["a", "x.y", "b"]`, as the engine writes it. */
export function pathParts(path: string): (string | number)[] {
  const parts: (string | number)[] = [];
  for (const [, quoted, index, word] of path.matchAll(
    /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g,
  )) {
    if (quoted !== undefined) parts.push(quoted);
    else if (index !== undefined) parts.push(Number(index));
    else if (word !== undefined) parts.push(word);
  }
  return parts;
}

/** The value at a path, or undefined. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const part of pathParts(path)) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** Names by which the entries of a list are told apart, so that an inserted one is not a change of all. */
function keyed(list: unknown[]): Map<string, unknown> | undefined {
  const entries = list.map((item): [string, unknown] | undefined => {
    if (typeof item !== "object" || item === null) return undefined;
    const { name, containerPort, port } = item as Record<string, unknown>;
    const key = name ?? containerPort ?? port;
    return typeof key === "string" || typeof key === "number" ? [String(key), item] : undefined;
  });
  if (entries.some((entry) => entry === undefined)) return undefined;
  const map = new Map(entries as [string, unknown][]);
  return map.size === list.length ? map : undefined;
}

function children(value: unknown): Map<string, unknown> | undefined {
  if (Array.isArray(value)) {
    const named = keyed(value);
    return named === undefined ? undefined : new Map([...named].map(([k, v]) => [`[${k}]`, v]));
  }
  if (typeof value !== "object" || value === null) return undefined;
  return new Map(Object.entries(value).map(([key, item]) => [key, item]));
}

function joined(path: string, key: string): string {
  if (path === "") return key;
  return key.startsWith("[") ? path + key : `${path}.${key}`;
}

/** Every leaf in which two values differ. Pure; the order is that of the objects. */
export function differences(before: unknown, after: unknown, path = ""): Field[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [left, right] = [children(before), children(after)];
  // An empty list on one side has no names to go by and still is a list of named things.
  const comparable =
    left !== undefined && right !== undefined && Array.isArray(before) === Array.isArray(after);
  if (!comparable) {
    return [
      {
        path,
        ...(before === undefined ? {} : { before: shown(before) }),
        ...(after === undefined ? {} : { after: shown(after) }),
      },
    ];
  }
  const keys = [...new Set([...left.keys(), ...right.keys()])];
  return keys.flatMap((key) => differences(left.get(key), right.get(key), joined(path, key)));
}
