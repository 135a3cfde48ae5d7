/** A review as lines for a terminal; the same order as in the comment, the dangerous first. */
import { paint } from "./terminal";
import { counts } from "../review/markdown";
import { isEmpty, type Change, type Review } from "../review/model";

function label({ kind, name }: Change): string {
  return `${kind} ${name}`;
}

function arrow(before: string | undefined, after: string | undefined): string {
  return `${before ?? "(none)"} → ${after ?? "(none)"}`;
}

function dangerous(review: Review): string[] {
  return review.changes
    .filter(({ action }) => action === "destroyed" || action === "replaced")
    .map((change) => {
      const sign = change.action === "destroyed" ? "-" : "±";
      const loss = change.loses === undefined ? "" : `; with it goes ${change.loses}`;
      const verb = change.action === "destroyed" ? "destroyed" : "destroyed and made again";
      return paint("red", `${sign} ${label(change)}: ${verb}${loss}`);
    });
}

function fieldsOf(change: Change): string[] {
  return change.fields.map(({ path, before, after }) => `    ${path}: ${arrow(before, after)}`);
}

function harmless(review: Review): string[] {
  return review.changes.flatMap((change) => {
    if (change.action === "created") return [paint("green", `+ ${label(change)}: created`)];
    if (change.action === "replaced") return fieldsOf(change);
    if (change.action === "destroyed") return [];
    const rolls = change.rolls === undefined ? "" : `: its pods roll (${change.rolls.join(", ")})`;
    return [paint("yellow", `~ ${label(change)}${rolls}`), ...fieldsOf(change)];
  });
}

/** The lines, without indentation; the first names the stack and the counts. */
export function reviewLines(review: Review): string[] {
  const title = `${paint("bold", review.stack)}: `;
  if (isEmpty(review)) {
    return [`${title}nothing changes`, ...review.warnings.map((text) => paint("yellow", text))];
  }
  const { failure } = review;
  return [
    title + (failure === undefined ? counts(review) : paint("red", "failed")),
    ...(failure === undefined ? [] : failure.reason.split("\n")),
    ...(failure?.next ?? []),
    ...dangerous(review),
    ...review.images.map(({ name, before, after }) => `~ image ${name}: ${arrow(before, after)}`),
    ...review.secrets.map(({ name, keys }) =>
      paint("yellow", `~ secret: ${name}${keys.length === 0 ? "" : ` (${keys.join(", ")})`}`),
    ),
    ...harmless(review),
    ...review.warnings.map((text) => paint("yellow", text)),
  ];
}
