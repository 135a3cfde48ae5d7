/** What people type into the new task's field, beyond its title: when it is due, how urgent it is. */
import { dayAfter, dayOf } from "./due";
import type { Priority } from "./task";

export interface QuickEntry {
  /** What is left when the words below are taken out. */
  title: string;
  /** `YYYY-MM-DD`, local. */
  day?: string;
  priority?: Priority;
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

const PRIORITY = /(?:^|\s)!(high|medium|low)(?=\s|$)/i;

/**
 * Days are understood at the end only: "Call Ada tomorrow", but not "Prepare tomorrow's meeting".
 * Short names of weekdays are left alone: "Buy a hat for the sun".
 */
const DAY = new RegExp(
  `\\s(?:on |by )?(today|tomorrow|next week|in (\\d{1,3}) days?|(?:next )?(${WEEKDAYS.join("|")})|\\d{4}-\\d{2}-\\d{2})$`,
  "i",
);

/** Reads `text` as of `now`: "Pay the rent friday !high" is due on Friday, and urgent. */
export function readQuickEntry(text: string, now: Date): QuickEntry {
  let title = text.trim().replace(/\s+/g, " ");
  const entry: Omit<QuickEntry, "title"> = {};

  const urgency = PRIORITY.exec(title);
  if (urgency !== null) {
    entry.priority = urgency[1]?.toLowerCase() as Priority;
    title = title.replace(PRIORITY, "").trim();
  }
  const when = DAY.exec(title);
  const day = when === null ? undefined : dayMeant(when, now);
  if (when !== null && day !== undefined) {
    entry.day = day;
    title = title.slice(0, when.index).trim();
  }
  // Words that leave no title are the title.
  return title === "" ? { title: text.trim() } : { title, ...entry };
}

function dayMeant([, words = "", days, weekday]: RegExpExecArray, now: Date): string | undefined {
  const said = words.toLowerCase();
  if (said === "today") return dayOf(now);
  if (said === "tomorrow") return dayAfter(now, 1);
  if (said === "next week") return dayAfter(now, 7);
  if (days !== undefined) return dayAfter(now, Number(days));
  if (weekday !== undefined) {
    const ahead = (WEEKDAYS.indexOf(weekday.toLowerCase()) - now.getDay() + 7) % 7;
    return dayAfter(now, ahead === 0 ? 7 : ahead);
  }
  return Number.isNaN(new Date(said).getTime()) ? undefined : said;
}
