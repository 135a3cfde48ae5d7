import { type Document, isMap, isScalar, isSeq, parseDocument, type Node, visit } from "yaml";

/**
 * YAML with the numbers within a key's map or list as they are written: `1.10` and `251985589757358482` are texts for the
 * one who wrote them, and no number of JavaScript's.
 */
export function parseWritten(text: string): unknown {
  const document = parseDocument(text);
  for (const error of document.errors) throw error;
  keepWritten(document.contents, 0);
  return document.toJS();
}

/** Levels above a map's values: the file, its configuration, the key. */
const valueDepth = 3;

function keepWritten(node: Node | null, depth: number): void {
  if (isScalar(node)) {
    const { value, source } = node;
    const isNumber = typeof value === "number" && source !== undefined;
    if (depth >= valueDepth && isNumber && String(value) !== source) node.value = source;
  } else if (isMap(node)) {
    for (const { value } of node.items) keepWritten(value as Node | null, depth + 1);
  } else if (isSeq(node)) {
    for (const item of node.items) keepWritten(item as Node | null, depth + 1);
  }
}

/** What was read with each number as the file has it. */
export function asWritten(read: unknown, written: unknown): unknown {
  if (typeof read === "number" && typeof written === "string") return written;
  if (!isObject(read) || !isObject(written)) return read;
  const entries = Object.entries(read).map(([key, value]) => [key, asWritten(value, written[key])]);
  return Object.fromEntries(entries);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A document that is written back with whatever it holds: numbers that JavaScript cannot hold stay what they are. */
export function parseToWriteBack(text: string): Document {
  const document = parseDocument(text);
  visit(document, {
    Scalar(_, node) {
      const { value, source = "" } = node;
      if (typeof value === "number" && !Number.isSafeInteger(value) && /^[-+]?\d+$/.test(source)) {
        node.value = BigInt(source);
      }
    },
  });
  return document;
}
