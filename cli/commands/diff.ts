/** `npm run diff`: what a branch changes in every stack's objects, without engine, cluster or secret. */
import * as fs from "node:fs";
import { diffTrees } from "../../review/diff";
import { comment } from "../../review/markdown";
import { reviewLines } from "../review-lines";
import { baseTree, stacksOf } from "../../review/trees";
import { given, text, type Command, type Invocation } from "../command";
import { UserError } from "../../tools/errors";
import { root } from "../../tools/paths";
import { note, print } from "../terminal";

export const command: Command = {
  usage: `Usage: npm run diff -- [flags]

  --base REF       what to compare with (default: main); from where the branch left it
  --stack NAME     one stack only (default: every committed Pulumi.NAME.yaml)
  --json FILE      also write the result as data, for npm run review
  --markdown       print it as the comment on a pull request

Renders the base and the working tree, each with its own code, and compares the objects. Values of
secrets are not part of it: only that one was set, and its name. Exit code 1 if a stack does not render.`,
  flags: {
    base: { type: "string" },
    stack: { type: "string" },
    json: { type: "string" },
    markdown: { type: "boolean" },
  },
  run: diff,
};

async function diff(invocation: Invocation): Promise<number> {
  const { signal } = invocation;
  const stack = text(invocation, "stack");
  const base = await baseTree(root, text(invocation, "base") ?? "main", signal);
  try {
    const known = new Set([...stacksOf(root), ...stacksOf(base.folder)]);
    if (stack !== undefined && !known.has(stack)) {
      throw new UserError(`There is no stack ${stack}.`, [
        `npm run diff -- --stack NAME   (${[...known].join(", ")})`,
      ]);
    }
    const head = { folder: root, label: "the working tree" };
    const only = stack === undefined ? undefined : [stack];
    const reviews = await diffTrees(base, head, signal, only);
    const file = text(invocation, "json");
    if (file !== undefined) fs.writeFileSync(file, `${JSON.stringify(reviews, null, 2)}\n`);
    if (given(invocation, "markdown"))
      reviews.forEach((review) => {
        print(comment(review));
      });
    else {
      note(`${base.label} → ${head.label}`);
      for (const review of reviews) {
        const [title = "", ...lines] = reviewLines(review);
        print(title);
        lines.forEach((line) => {
          print(`  ${line}`);
        });
      }
    }
    return reviews.some(({ failure }) => failure !== undefined) ? 1 : 0;
  } finally {
    await base.remove();
  }
}
