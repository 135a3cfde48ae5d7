/** One comment for each marker on a pull request: made once, then changed in place. */
import type { Comment, GitHub } from "./github";

export interface Placed {
  id: number;
  done: "created" | "updated" | "unchanged";
}

/**
 * Whether a comment is ours: it begins with the marker, and a machine wrote it. Somebody who quotes the
 * comment, or copies its marker to have it overwritten, is left alone.
 */
function isOurs({ body, user }: Comment, marker: string): boolean {
  return user?.type === "Bot" && (body ?? "").startsWith(marker);
}

/** Puts the text in the place of the last one with the same first line. */
export async function placeComment(
  github: Pick<GitHub, "comments" | "createComment" | "updateComment">,
  pullRequest: number,
  body: string,
): Promise<Placed> {
  const marker = body.split("\n", 1)[0] ?? "";
  const ours = (await github.comments(pullRequest)).find((comment) => isOurs(comment, marker));
  if (ours === undefined) {
    const { id } = await github.createComment(pullRequest, body);
    return { id, done: "created" };
  }
  // GitHub stores the text without the end of the last line.
  if (ours.body?.trimEnd() === body.trimEnd()) return { id: ours.id, done: "unchanged" };
  await github.updateComment(ours.id, body);
  return { id: ours.id, done: "updated" };
}
