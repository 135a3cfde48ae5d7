/** A review as the comment on a pull request: short, the dangerous first. */
import { isEmpty, type Action, type Change, type Review } from "./model";
import { cell, code, fence } from "./text";

/** GitHub refuses bodies above 65,536 characters; the rest of the room is for what we add ourselves. */
export const LONGEST_COMMENT = 64_000;

/** Longest reason of a failure; an engine's message can hold a whole build log. */
const LONGEST_REASON = 6_000;

/** The hidden first line by which the comment is found again. */
export function marker({ source, stack }: Pick<Review, "source" | "stack">): string {
  return `<!-- todo-app ${source}: ${stack.replace(/[^\w.-]/g, "_")} -->`;
}

function nameOf({ kind, name }: Change): string {
  return `${kind} ${name}`;
}

function of(review: Review, ...actions: Action[]): Change[] {
  return review.changes.filter(({ action }) => actions.includes(action));
}

/** "2 destroyed, 1 replaced, 3 changed, 27 unchanged". */
export function counts(review: Review): string {
  const words = (["destroyed", "replaced", "created", "changed"] as const).map(
    (action) => [of(review, action).length, action] as const,
  );
  const images = review.images.length;
  const secrets = review.secrets.length;
  return [
    ...words.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`),
    ...(images > 0 ? [`${images} ${images === 1 ? "image" : "images"} rebuilt`] : []),
    ...(secrets > 0 ? [`${secrets} ${secrets === 1 ? "secret" : "secrets"} changed`] : []),
    `${review.unchanged} unchanged`,
  ].join(", ");
}

/** Lines of a diff that begin with `-` are red on GitHub. */
function danger(review: Review): string[] {
  const lines = of(review, "destroyed", "replaced").map((change) => {
    const verb = change.action === "destroyed" ? "destroyed" : "destroyed and made again";
    const reasons = change.action === "replaced" ? change.fields.map(({ path }) => path) : [];
    const why = reasons.length > 0 ? ` (${reasons.slice(0, 3).join(", ")})` : "";
    const loss = change.loses === undefined ? "" : `: with it goes ${change.loses}`;
    return `- ${nameOf(change)} is ${verb}${why}${loss}`;
  });
  if (lines.length === 0) return [];
  return [`:warning: **Destroyed or replaced**\n\n${fence(lines.join("\n"), "diff")}`];
}

function failed(review: Review): string[] {
  if (review.failure === undefined) return [];
  const { reason, next } = review.failure;
  const what = review.source === "preview" ? "The preview failed" : "The stack does not render";
  const cut = reason.length > LONGEST_REASON;
  const shownReason = cut ? `${reason.slice(0, LONGEST_REASON)}\n… (cut here)` : reason;
  const steps = next.length === 0 ? [] : [`What to do next:\n\n${fence(next.join("\n"))}`];
  return [[`:x: **${what}.**`, fence(shownReason), ...steps].join("\n\n")];
}

function images({ images }: Review): string[] {
  if (images.length === 0) return [];
  const rows = images.map(
    ({ name, before, after }) =>
      `| ${cell(name)} | ${before === undefined ? "–" : cell(before)} | ${after === undefined ? "–" : cell(after)} |`,
  );
  return [`**Images**\n\n| image | now | then |\n| --- | --- | --- |\n${rows.join("\n")}`];
}

function rolls(review: Review): string[] {
  const lines = review.changes.flatMap((change) =>
    change.rolls === undefined
      ? []
      : [`- ${code(nameOf(change))}: ${change.rolls.map((reason) => plain(reason)).join(", ")}`],
  );
  return lines.length === 0 ? [] : [`**Pods that roll**\n\n${lines.join("\n")}`];
}

/** Our own words stay words; a path of a field is somebody else's text. */
function plain(reason: string): string {
  return /^[a-z ]+$/.test(reason) ? reason : code(reason);
}

function secrets({ secrets }: Review): string[] {
  if (secrets.length === 0) return [];
  const lines = secrets.map(
    ({ name, keys }) =>
      `- ${code(name)}${keys.length === 0 ? "" : `: ${keys.map(code).join(", ")}`}`,
  );
  return [`**Secrets that change** (names only)\n\n${lines.join("\n")}`];
}

function created(review: Review): string[] {
  const names = of(review, "created").map((change) => `- ${code(nameOf(change))}`);
  return names.length === 0 ? [] : [`**Created**\n\n${names.join("\n")}`];
}

/** Fields of one object; an image's tag stands in its own table already. */
function fieldTable(change: Change, review: Review): string[] {
  const tags = review.images.map(({ after }) => after).filter((tag) => tag !== undefined);
  const rows = change.fields
    .filter(
      ({ path, after }) => !(/\.image$/.test(path) && tags.some((tag) => after?.endsWith(tag))),
    )
    .map(
      ({ path, before, after }) =>
        `| ${cell(path)} | ${before === undefined ? "–" : cell(before)} | ${after === undefined ? "–" : cell(after)} |`,
    );
  if (rows.length === 0) return [];
  return [
    `${code(nameOf(change))}\n\n| field | now | then |\n| --- | --- | --- |\n${rows.join("\n")}`,
  ];
}

function fields(review: Review): string[] {
  const tables = of(review, "changed", "replaced").flatMap((change) => fieldTable(change, review));
  return tables.length === 0 ? [] : ["**Fields**", ...tables];
}

function warnings({ warnings }: Review): string[] {
  return warnings.length === 0 ? [] : [`**Warnings**\n\n${fence(warnings.join("\n\n"))}`];
}

/** Whole blocks while they fit, then one sentence that says what is missing. */
function fitted(blocks: string[], limit: number): string {
  const cut = (left: number): string =>
    `:scissors: **Cut here:** ${left} more ${left === 1 ? "part" : "parts"} of this comment did not fit. ` +
    "The whole is in the log of the run.";
  const room = limit - cut(blocks.length).length - 2;
  let text = "";
  for (const [index, block] of blocks.entries()) {
    const longer = text === "" ? block : `${text}\n\n${block}`;
    if (longer.length > (index === blocks.length - 1 ? limit : room)) {
      // The first blocks (what is destroyed, why it failed) are worth a half more than nothing.
      const rest = room - text.length - 2;
      const part = index <= 2 && rest > 500 ? `\n\n${halved(block, rest)}` : "";
      return `${text}${part}\n\n${cut(blocks.length - index)}`;
    }
    text = longer;
  }
  return text;
}

/** The first lines of a block, with its fence closed again. */
function halved(block: string, room: number): string {
  const ticks = /^(`{3,})[^`\n]*$/m.exec(block)?.[1] ?? "";
  const lines = block.slice(0, room - ticks.length - 2).split("\n");
  const whole = lines.slice(0, -1).join("\n");
  const open =
    ticks !== "" && whole.split("\n").filter((line) => line.startsWith(ticks)).length === 1;
  return open ? `${whole}\n${ticks}` : whole;
}

/**
 * The comment's text.
 * @param footer one line below everything, for instance where the run is; our own text
 */
export function comment(review: Review, footer = "", limit = LONGEST_COMMENT): string {
  const title = review.source === "preview" ? "Preview of stack" : "Objects of stack";
  const summary = isEmpty(review) ? "nothing changes" : counts(review);
  const state = review.failure === undefined ? summary : "failed";
  const blocks = [
    `${marker(review)}\n### ${title} ${code(review.stack)}: ${state}`,
    ...failed(review),
    ...danger(review),
    ...images(review),
    ...rolls(review),
    ...secrets(review),
    ...created(review),
    ...fields(review),
    ...warnings(review),
  ];
  const end = footer === "" ? "" : `\n\n<sub>${footer}</sub>`;
  return `${fitted(blocks, limit - end.length)}${end}\n`;
}
