/**
 * Days and moments as people see them: in the browser's zone, in the person's language.
 *
 * A day is `YYYY-MM-DD` and the same everywhere; a moment is an instant. Where a `locale` can be
 * given, the browser's own is meant if it is not.
 */

/** The browser's IANA zone: `Europe/Berlin`. */
export function timeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The day of a moment in an IANA zone; in the browser's own if none is given. */
export function dayOf(moment: Date, zone?: string): string {
  // Sweden writes dates as computers do.
  if (zone !== undefined) return format({ dateStyle: "short" }, "sv-SE", zone).format(moment);
  const year = String(moment.getFullYear()).padStart(4, "0");
  return `${year}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The time of a moment, `HH:MM`, in an IANA zone; in the browser's own if none is given. */
export function timeOf(moment: Date, zone?: string): string {
  if (zone !== undefined) return format({ timeStyle: "short" }, "sv-SE", zone).format(moment);
  return `${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The day that comes `days` after another. */
export function addDays(day: string, days: number): string {
  const noon = noonOf(day);
  noon.setUTCDate(noon.getUTCDate() + days);
  return noon.toISOString().slice(0, 10);
}

/** Whether there is such a day: browsers take 30 February for 2 March, or refuse it. */
export function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const noon = noonOf(day);
  return !Number.isNaN(noon.getTime()) && noon.toISOString().startsWith(day);
}

/** The instant (ISO 8601) at which it is `time`, `HH:MM`, on that day here; null if there is none. */
export function instantAt(day: string, time: string): string | null {
  const moment = new Date(`${day}T${time}`);
  return isDay(day) && !Number.isNaN(moment.getTime()) ? moment.toISOString() : null;
}

/** "Today", "Tomorrow", "Fri 27 Nov", "3 Feb 2027". */
export function dayInWords(day: string, now: Date, locale?: string): string {
  const today = dayOf(now);
  for (const days of [0, 1, -1]) {
    if (day === addDays(today, days)) return capitalised(near(locale).format(days, "day"), locale);
  }
  const sameYear = day.slice(0, 4) === today.slice(0, 4);
  return format(sameYear ? DAY_OF_THIS_YEAR : DAY_OF_ANOTHER, locale, "UTC").format(noonOf(day));
}

/** "Today, 17:00", "Fri 27 Nov, 17:00". */
export function momentInWords(moment: Date, now: Date, locale?: string): string {
  const time = format({ timeStyle: "short" }, locale);
  return dayInWords(dayOf(moment), now, locale) + separator(locale) + time.format(moment);
}

/** "27 Nov 2026": the local day of a moment. */
export function dateInWords(moment: Date, dateStyle: "medium" | "long", locale?: string): string {
  return format({ dateStyle }, locale).format(moment);
}

/** "27 Nov 2026, 17:00" */
export function dateAndTimeInWords(moment: Date, locale?: string): string {
  return format({ dateStyle: "medium", timeStyle: "short" }, locale).format(moment);
}

type Options = Intl.DateTimeFormatOptions;

const DAY_OF_THIS_YEAR: Options = { weekday: "short", day: "numeric", month: "short" };
const DAY_OF_ANOTHER: Options = { day: "numeric", month: "short", year: "numeric" };

/** Making one costs more than using it a hundred times, and a long list uses it for each row. */
const made = new Map<string, Intl.DateTimeFormat>();

function format(options: Options, locale: string | undefined, zone = timeZone()) {
  const key = JSON.stringify([locale, zone, options]);
  const kept = made.get(key) ?? new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  made.set(key, kept);
  return kept;
}

const nears = new Map<string | undefined, Intl.RelativeTimeFormat>();

function near(locale: string | undefined): Intl.RelativeTimeFormat {
  const kept = nears.get(locale) ?? new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  nears.set(locale, kept);
  return kept;
}

/** What this language writes between a day and a time: ", " or "، ". */
function separator(locale: string | undefined): string {
  const parts = format(
    { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" },
    locale,
    "UTC",
  ).formatToParts(0);
  const time = parts.findIndex(({ type }) => ["hour", "minute", "dayPeriod"].includes(type));
  const before = parts[time - 1];
  return before?.type === "literal" ? before.value : ", ";
}

function capitalised(words: string, locale: string | undefined): string {
  return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
}

function noonOf(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
