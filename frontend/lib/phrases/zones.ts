/** From a day and a time in somebody's zone to an instant, and back. */
import type { Day } from "./calendar";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The day that the calendar on the wall shows in `zone` at this instant. */
export function localDay(instant: Date, zone: string): Day {
  return Math.floor((instant.getTime() + offsetAt(instant.getTime(), zone)) / DAY);
}

/**
 * The instant of a time of day, given in minutes from midnight. A time that the clocks skip is as
 * much later as they skip (02:30 is 03:30), of one that they show twice it is the first: as
 * calendars do (RFC 5545, section 3.3.5).
 */
export function atLocalTime(day: Day, minutes: number, zone: string): Date {
  const wall = day * DAY + minutes * MINUTE;
  // Before a change of the clocks; there the first of two equal times lies, and, taken by this
  // offset, one that is skipped comes out after the gap.
  const before = wall - offsetAt(wall - DAY, zone);
  if (offsetAt(before, zone) === wall - before) return new Date(before);
  const after = wall - offsetAt(wall + DAY, zone);
  return new Date(offsetAt(after, zone) === wall - after ? after : before);
}

/** Milliseconds by which the clocks of `zone` are ahead of UTC at an instant. */
function offsetAt(instant: number, zone: string): number {
  const shown: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of clockOf(zone).formatToParts(instant)) shown[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = shown;
  const date = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  date.setUTCFullYear(year);
  return date.getTime() - Math.floor(instant / 1000) * 1000;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-u-ca-iso8601-nu-latn", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  clocks.set(zone, clock);
  return clock;
}
