/** What differs between the state and the cluster, in words for the person who is asked to put it right. */
import type { Change, Field, Review } from "./model";

/** A value in the state and the one that the cluster has. */
function fieldLine({ path, before, after }: Field): string {
  return `    ${path}: ${before ?? "(none)"} → ${after ?? "(none)"} in the cluster`;
}

function changeLines(change: Change): string[] {
  const name = `${change.kind} ${change.name}`;
  if (change.action === "destroyed") return [`${name} is gone from the cluster`];
  return [`${name} was changed`, ...change.fields.map(fieldLine)];
}

/** One paragraph of lines; empty when nothing differs. */
export function driftLines({ changes, secrets }: Review): string[] {
  return [
    ...changes.flatMap(changeLines),
    ...secrets.map(
      ({ name, keys }) =>
        `${name}: ${keys.length === 0 ? "its values were" : `${keys.join(", ")} was`} changed`,
    ),
  ];
}
