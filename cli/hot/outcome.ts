/** What is said of an edit once the pods have answered. Pure. */
import { seconds } from "../format";
import type { Outcome } from "./fleet";

export interface Line {
  text: string;
  isBad?: boolean;
}

/** Names beyond this are counted. */
const NAMED = 3;

export function outcomeLines(outcome: Outcome, now = new Date()): Line[] {
  const { application, content, files, serving, failed, took } = outcome;
  const clock = now.toTimeString().slice(0, 8);
  const what =
    files.length === 0
      ? `${application.app} ${content.tag}`
      : listed(files.map((file) => `${application.shown}/${file}`.replace(/^\.\//, "")));
  const lines: Line[] = [];
  if (serving.length > 0) {
    const pods = serving.length === 1 ? (serving[0] ?? "") : `${serving.length} pods`;
    const time = files.length === 0 ? "" : ` (${seconds(took)})`;
    lines.push({ text: `${clock} ${what}: served by ${pods}${time}` });
  }
  // The pods of one application say the same, most of the time.
  const messages = new Map<string, number>();
  for (const { message } of failed) messages.set(message, (messages.get(message) ?? 0) + 1);
  for (const [message, count] of messages) {
    const pods = count === 1 ? "a pod does not run with it" : `${count} pods do not run with it`;
    lines.push({
      text: `${clock} ${what}: ${pods}, what was served before goes on\n${indented(message)}`,
      isBad: true,
    });
  }
  return lines;
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED;
  const shown = names.slice(0, NAMED).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}`)
    .join("\n");
}
