/**
 * Due dates as people see them: days, with a time where somebody gave one, in the browser's zone.
 *
 * A day without a time is kept as that day's last minute, so that "overdue" is simply "before now".
 */

const LAST_MINUTE = "23:59";

/** The first and the last day that the back end takes in every time zone, `YYYY-MM-DD`. */
export const FIRST_DAY = "1970-01-02";
export const LAST_DAY = "8999-12-30";

/** `day` is `YYYY-MM-DD`, `time` is `HH:MM` or empty; both local. Gives ISO 8601, or null. */
export function dueAt(day: string, time = ""): string | null {
  const date = new Date(`${day}T${time === "" ? LAST_MINUTE : time}`);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

/** The local day, `YYYY-MM-DD`, of a moment. */
export function dayOf(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The local time, `HH:MM`, of a moment; empty for a day's last minute. */
export function timeOf(moment: Date): string {
  const time = `${two(moment.getHours())}:${two(moment.getMinutes())}`;
  return time === LAST_MINUTE ? "" : time;
}

/** The day that comes `days` after that of `moment`, `YYYY-MM-DD`. */
export function dayAfter(moment: Date, days: number): string {
  return dayOf(new Date(moment.getFullYear(), moment.getMonth(), moment.getDate() + days));
}

export type DueTone = "overdue" | "today" | "later";

/** "Today, 17:00", "Tomorrow", "Fri 27 Nov", "3 Feb 2027": `due` is ISO 8601. */
export function describeDue(due: string, now: Date): { words: string; tone: DueTone } {
  const moment = new Date(due);
  const day = dayOf(moment);
  const time = timeOf(moment);
  const words = dayInWords(moment, day, now) + (time === "" ? "" : `, ${time}`);
  if (moment < now) return { words, tone: "overdue" };
  return { words, tone: day === dayOf(now) ? "today" : "later" };
}

function dayInWords(moment: Date, day: string, now: Date): string {
  if (day === dayOf(now)) return "Today";
  if (day === dayAfter(now, 1)) return "Tomorrow";
  if (day === dayAfter(now, -1)) return "Yesterday";
  return new Intl.DateTimeFormat(
    "en-GB",
    moment.getFullYear() === now.getFullYear()
      ? { weekday: "short", day: "numeric", month: "short" }
      : { day: "numeric", month: "short", year: "numeric" },
  ).format(moment);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
