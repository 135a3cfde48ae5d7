/** A review from two sets of rendered objects: what an update would do, as far as the objects tell. */
import { differences } from "./fields";
import { forcesReplacement, losesWith } from "./kinds";
import type { Change, ImageChange, Review, SecretChange } from "./model";
import type { Rendered, RenderedObject, Unrenderable } from "./rendered";
import { isChecksum, rollReasons } from "./rolling";

/** Two objects with the same identity are the same object in the cluster. */
function identity({ apiVersion = "", kind = "", metadata }: RenderedObject): string {
  return [apiVersion, kind, metadata?.namespace ?? "", metadata?.name ?? ""].join("|");
}

function label(object: RenderedObject): { kind: string; name: string } {
  return { kind: object.kind ?? "object", name: object.metadata?.name ?? "" };
}

/** Destroyed, created, or changed; undefined for an object that stays as it is. */
function changeOf(before?: RenderedObject, after?: RenderedObject): Change | undefined {
  if (before === undefined || after === undefined) {
    const object = before ?? after;
    if (object === undefined) return undefined;
    const { kind, name } = label(object);
    const loses = after === undefined ? losesWith(kind) : undefined;
    return {
      action: after === undefined ? "destroyed" : "created",
      kind,
      name,
      fields: [],
      ...(loses === undefined ? {} : { loses }),
    };
  }
  const fields = differences(before, after);
  if (fields.length === 0) return undefined;
  const { kind, name } = label(after);
  const replaced = fields.some(({ path }) => forcesReplacement(kind, path));
  const rolls = replaced ? undefined : rollReasons(kind, fields);
  const loses = replaced ? losesWith(kind) : undefined;
  return {
    action: replaced ? "replaced" : "changed",
    kind,
    name,
    fields: fields.filter(({ path }) => !isChecksum(path)),
    ...(rolls === undefined ? {} : { rolls }),
    ...(loses === undefined ? {} : { loses }),
  };
}

function imageChanges(before: Rendered["images"], after: Rendered["images"]): ImageChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => before[name] !== after[name])
    .map((name) => ({
      name,
      ...(before[name] === undefined ? {} : { before: before[name] }),
      ...(after[name] === undefined ? {} : { after: after[name] }),
    }));
}

/** Ciphertexts differ whenever a value is set, even to what it was: so these were set, whatever to. */
function secretChanges(
  before: Rendered["encrypted"],
  after: Rendered["encrypted"],
): SecretChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => before[key] !== after[key])
    .map((key) => ({
      name: `configuration ${key}`,
      keys: [before[key] === undefined ? "set" : after[key] === undefined ? "removed" : "set anew"],
    }));
}

const nothing = (stack: string): Rendered => ({
  format: 1,
  stack,
  objects: [],
  images: {},
  encrypted: {},
});

/**
 * @param base the stack before; undefined where it did not exist
 * @param head the stack after; undefined where its file is gone
 */
export function compare(
  stack: string,
  base: Rendered | Unrenderable | undefined,
  head: Rendered | Unrenderable | undefined,
): Review {
  const review: Review = {
    stack,
    source: "diff",
    images: [],
    changes: [],
    secrets: [],
    unchanged: 0,
    warnings: [],
  };
  if (head !== undefined && "problem" in head) {
    review.failure = { reason: head.problem, next: ["npm run diff   (after setting it right)"] };
    return review;
  }
  if (base !== undefined && "problem" in base) {
    review.warnings.push(
      `The base itself does not render, so everything counts as new: ${base.problem}`,
    );
  }
  const [left, right] = [
    base === undefined || "problem" in base ? nothing(stack) : base,
    head ?? nothing(stack),
  ];
  if (head === undefined) {
    review.warnings.push(
      `Pulumi.${stack}.yaml is gone, but its objects stay in the cluster until somebody destroys the stack.`,
    );
  }
  const [before, after] = [left, right].map(
    ({ objects }) => new Map(objects.map((object) => [identity(object), object])),
  );
  for (const key of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
    const change = changeOf(before?.get(key), after?.get(key));
    if (change === undefined) review.unchanged++;
    else review.changes.push(change);
  }
  review.images = imageChanges(left.images, right.images);
  review.secrets = secretChanges(left.encrypted, right.encrypted);
  return review;
}
