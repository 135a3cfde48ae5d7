/** When a task is due: on a day, at an instant, or at no time in particular. */
import { dayInWords, dayOf, isDay, instantAt, momentInWords, timeOf } from "@/lib/dates";

export interface Due {
  /** `YYYY-MM-DD`: due on that day, everywhere. */
  due_date: string | null;
  /** ISO 8601: due at that instant; it says nothing where there is a `due_date`. */
  due_at: string | null;
}

export const NOT_DUE: Due = { due_date: null, due_at: null };

/** The first and the last day that the back end takes in every time zone, `YYYY-MM-DD`. */
export const FIRST_DAY = "1970-01-02";
export const LAST_DAY = "8999-12-30";

/** Before there were days, a day was kept as its last minute: such instants are shown as days. */
const LAST_MINUTE = "23:59";

/** As it is typed: `day` is `YYYY-MM-DD` or empty, `time` is `HH:MM` or empty for the whole day. */
export function dueFrom(day: string, time = ""): Due {
  if (!isDay(day)) return NOT_DUE;
  return time === ""
    ? { due_date: day, due_at: null }
    : { due_date: null, due_at: instantAt(day, time) };
}

/** The contrary, in an IANA zone; in the browser's own if none is given. */
export function asTypedDue(due: Due, zone?: string): { day: string; time: string } {
  // A back end of the version before, while an update rolls out, has no such field at all.
  if (due.due_date) return { day: due.due_date, time: "" };
  if (due.due_at === null) return { day: "", time: "" };
  const moment = new Date(due.due_at);
  const time = timeOf(moment, zone);
  return { day: dayOf(moment, zone), time: time === LAST_MINUTE ? "" : time };
}

/** The day on which it is due here, `YYYY-MM-DD`; empty when it is due at no time. */
export function dueDay(due: Due, zone?: string): string {
  return asTypedDue(due, zone).day;
}

/** Whether it is due at all. */
export function isDue(due: Due): boolean {
  return Boolean(due.due_date) || due.due_at !== null;
}

/** A day is overdue when it is over, an instant when it has passed. */
export function isOverdue(due: Due, now: Date, zone?: string): boolean {
  const { day, time } = asTypedDue(due, zone);
  if (day === "") return false;
  return time === "" ? day < dayOf(now, zone) : new Date(due.due_at ?? "") < now;
}

export type DueTone = "overdue" | "today" | "later";

/** "Today, 17:00", "Tomorrow", "Fri 27 Nov"; undefined when it is due at no time. */
export function describeDue(
  due: Due,
  now: Date,
  locale?: string,
): { words: string; tone: DueTone } | undefined {
  const { day, time } = asTypedDue(due);
  if (day === "") return undefined;
  const words =
    time === ""
      ? dayInWords(day, now, locale)
      : momentInWords(new Date(due.due_at ?? ""), now, locale);
  const tone = isOverdue(due, now) ? "overdue" : day === dayOf(now) ? "today" : "later";
  return { words, tone };
}
