/** What people type into the new task's field, beyond its title: when it is due, how urgent it is. */
import { dayOf, timeZone } from "@/lib/dates";
import { readPhrase, type Problem } from "@/lib/phrases/read";
import type { Due } from "./due";
import type { Priority } from "./task";

export interface QuickEntry {
  /** What is left when the words below are taken out. */
  title: string;
  /** The same with the words of the date left in, for somebody who wants no date. */
  undated: string;
  due?: Due;
  priority?: Priority;
  /** A date that was not understood, in words for people. */
  problem?: string;
  /** Words left in the title that may be meant as a date, and when that would be. */
  unsure?: { words: string; day: string };
}

const PRIORITIES: Record<string, Priority> = {
  high: "high",
  normal: "medium",
  medium: "medium",
  low: "low",
};

const PRIORITY = new RegExp(`(?:^|\\s)!(${Object.keys(PRIORITIES).join("|")})(?=\\s|$)`, "i");

/** Reads a line as of `now`, here or in `zone`: "Pay the rent friday !high" is due on Friday. */
export function readQuickEntry(line: string, now: Date, zone = timeZone()): QuickEntry {
  const text = line.trim().replace(/\s+/g, " ");
  const urgency = PRIORITY.exec(text);
  const priority = PRIORITIES[urgency?.[1]?.toLowerCase() ?? ""];
  const rest = urgency === null ? text : text.replace(PRIORITY, "").trim();
  const read = readPhrase(rest, now, zone);
  // Words that leave no title are the title.
  if (read.title === "") return { title: text, undated: text };
  return {
    title: read.title,
    undated: rest,
    ...(read.day !== undefined && { due: { due_date: read.day, due_at: null } }),
    ...(read.instant !== undefined && {
      due: { due_date: null, due_at: read.instant.toISOString() },
    }),
    ...(priority !== undefined && { priority }),
    ...(read.problem !== undefined && { problem: explained(read.problem) }),
    ...(read.unsure !== undefined && doubtful(read.unsure, now, zone)),
  };
}

function doubtful(words: string, now: Date, zone: string): Pick<QuickEntry, "unsure"> {
  const { day, instant } = readPhrase(words, now, zone);
  const meant = day ?? (instant === undefined ? undefined : dayOf(instant));
  return meant === undefined ? {} : { unsure: { words, day: meant } };
}

function explained({ kind, words }: Problem): string {
  switch (kind) {
    case "impossible":
      return `There is no such date or time as “${words}”.`;
    case "repeating":
      return `Repeating tasks are not supported (“${words}”).`;
    case "several":
      return `“${words}” could be more than one date or time.`;
    case "other_zone":
      return `Times are taken in your own time zone; “${words}” names another.`;
  }
}
