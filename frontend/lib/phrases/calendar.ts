/**
 * Days as numbers, counted from 1 January 1970 (which is 0), so that they can be added to. What does
 * not exist is NaN.
 */

export type Day = number;

export const [MONDAY, FRIDAY, SATURDAY, SUNDAY] = [0, 4, 5, 6];

const MILLISECONDS = 86_400_000;

/** The day of a year, month (1 to 12) and number; NaN where there is none such. */
export function dayFrom(year: number, month: number, number: number): Day {
  const date = new Date(0);
  // Not Date.UTC: that takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, number);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === number;
  return exists && year >= 1 && year <= 9999 ? date.getTime() / MILLISECONDS : NaN;
}

export function yearOf(day: Day): number {
  return dateOf(day).getUTCFullYear();
}

/** 1 to 12. */
export function monthOf(day: Day): number {
  return dateOf(day).getUTCMonth() + 1;
}

/** Monday is 0. */
export function weekdayOf(day: Day): number {
  return (dateOf(day).getUTCDay() + 6) % 7;
}

/** `YYYY-MM-DD` */
export function isoOf(day: Day): string {
  return dateOf(day).toISOString().slice(0, 10);
}

/** The next such weekday that is not past: today counts. */
export function nextWeekday(today: Day, weekday: number): Day {
  return today + ((weekday - weekdayOf(today) + 7) % 7);
}

/** Weeks begin on Monday. */
export function weekdayOfNextWeek(today: Day, weekday: number): Day {
  return today + 7 - weekdayOf(today) + weekday;
}

/** Friday; at the weekend Sunday. */
export function endOfWeek(today: Day): Day {
  return nextWeekday(today, weekdayOf(today) <= FRIDAY ? FRIDAY : SUNDAY);
}

/** Saturday; on Sunday today. */
export function weekend(today: Day): Day {
  return weekdayOf(today) === SUNDAY ? today : nextWeekday(today, SATURDAY);
}

export function startOfMonth(day: Day): Day {
  return dayFrom(yearOf(day), monthOf(day), 1);
}

export function endOfMonth(day: Day): Day {
  const [year, month] = [yearOf(day), monthOf(day)];
  return [31, 30, 29, 28].map((number) => dayFrom(year, month, number)).find(isDay) ?? NaN;
}

/** The same day of a later month, or that month's last. */
export function monthsLater(day: Day, months: number): Day {
  const count = yearOf(day) * 12 + monthOf(day) - 1 + months;
  const first = dayFrom(Math.floor(count / 12), (count % 12) + 1, 1);
  if (!isDay(first)) return NaN;
  return Math.min(first + dateOf(day).getUTCDate() - 1, endOfMonth(first));
}

/** The next 3rd (or 31st) that is not past; NaN if no month has it. */
export function nextDayOfMonth(today: Day, number: number): Day {
  if (number < 1 || number > 31) return NaN;
  for (let month = startOfMonth(today); isDay(month); month = monthsLater(month, 1)) {
    const found = dayFrom(yearOf(month), monthOf(month), number);
    if (found >= today) return found;
  }
  return NaN;
}

/** The next 25 December that is not past; NaN if no year has it. */
export function nextDate(today: Day, month: number, number: number): Day {
  for (let year = yearOf(today); year < yearOf(today) + 9; year++) {
    const found = dayFrom(year, month, number);
    if (found >= today) return found;
  }
  return NaN;
}

export function isDay(day: Day): boolean {
  return !Number.isNaN(day);
}

function dateOf(day: Day): Date {
  return new Date(day * MILLISECONDS);
}
