/** Compares the stacks of two trees by what they render. */
import { compare } from "./compare";
import type { Review } from "./model";
import { renderTree, stacksOf, type Tree } from "./trees";

/**
 * One review a stack, in the order of their names.
 * @param only the stacks to compare; all that either tree has by default
 */
export async function diffTrees(
  base: Pick<Tree, "folder" | "label">,
  head: Pick<Tree, "folder" | "label">,
  signal: AbortSignal,
  only?: readonly string[],
): Promise<Review[]> {
  const [before, after] = [base, head].map(({ folder }) => stacksOf(folder));
  const all = [...new Set([...(before ?? []), ...(after ?? [])])].sort();
  const wanted = all.filter((stack) => only?.includes(stack) ?? true);
  const [left, right] = await Promise.all([
    renderTree(
      base,
      wanted.filter((stack) => before?.includes(stack)),
      signal,
    ),
    renderTree(
      head,
      wanted.filter((stack) => after?.includes(stack)),
      signal,
    ),
  ]);
  return wanted.map((stack) => compare(stack, left.get(stack), right.get(stack)));
}
