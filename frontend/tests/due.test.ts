/** Days and moments, in the zones and languages that people have. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { asTypedDue, describeDue, dueFrom, isOverdue } from "@/features/tasks/due";
import { dueGroup, isInView, readFilters, tasksFor } from "@/features/tasks/views";
import {
  addDays,
  dateAndTimeInWords,
  dateInWords,
  dayInWords,
  dayOf,
  instantAt,
  isDay,
  momentInWords,
  timeZone,
} from "@/lib/dates";
import { readQuickEntry } from "@/features/tasks/quick-entry";

afterEach(() => {
  vi.unstubAllEnvs();
});

const ZONES = [
  "Pacific/Auckland",
  "Pacific/Kiritimati",
  "America/Los_Angeles",
  "Europe/Berlin",
  "Asia/Kolkata",
];

/** Moments on both sides of a change of the clocks, of midnight, and of the date line. */
const MOMENTS = [
  "2026-11-25T10:49:00Z",
  "2026-11-25T23:30:00Z",
  "2026-03-28T12:00:00Z",
  "2026-03-29T00:59:00Z",
  "2026-10-24T23:30:00Z",
  "2026-10-25T01:30:00Z",
  "2026-03-08T09:59:00Z",
  "2026-11-01T08:30:00Z",
  "2026-04-04T13:30:00Z",
  "2026-09-26T13:59:00Z",
  "2026-12-31T10:30:00Z",
];

/** In that zone from here on: Node.js takes the variable over at once. */
function inZone(zone: string) {
  vi.stubEnv("TZ", zone);
  // India's zone has two names.
  const { timeZone: known } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
  expect(timeZone()).toBe(known);
}

describe.each(ZONES)("in %s", (zone) => {
  test.each(MOMENTS)("a day stays that day (%s)", (at) => {
    inZone(zone);
    const now = new Date(at);
    const today = dayOf(now);
    const task = (day: string) => ({
      ...dueFrom(day),
      id: 1,
      title: "",
      description: null,
      priority: "medium" as const,
      completed: false,
      created_at: "",
      updated_at: "",
    });
    const clock = { now, zone };
    expect(describeDue(dueFrom(today), now, "en-GB")).toEqual({ words: "Today", tone: "today" });
    expect(describeDue(dueFrom(addDays(today, 1)), now, "en-GB")?.words).toBe("Tomorrow");
    expect(describeDue(dueFrom(addDays(today, -1)), now, "en-GB")).toEqual({
      words: "Yesterday",
      tone: "overdue",
    });
    expect(isInView(task(today), "today", clock)).toBe(true);
    expect(isInView(task(addDays(today, 1)), "upcoming", clock)).toBe(true);
    expect(dueGroup(task(addDays(today, -1)), clock)).toBe("overdue");
    expect(asTypedDue(dueFrom(today))).toEqual({ day: today, time: "" });
  });

  test.each(MOMENTS)("what is typed is what is shown (%s)", (at) => {
    inZone(zone);
    const now = new Date(at);
    const tomorrow = addDays(dayOf(now), 1);
    expect(readQuickEntry("Call Ada today", now).due).toEqual(dueFrom(dayOf(now)));
    expect(readQuickEntry("Call Ada tomorrow", now).due).toEqual(dueFrom(tomorrow));
    const { due } = readQuickEntry("Call Ada tomorrow at 6pm", now);
    expect(due).toEqual(dueFrom(tomorrow, "18:00"));
    expect(describeDue(due ?? dueFrom(""), now, "en-GB")?.words).toBe("Tomorrow, 18:00");
  });

  test("a day is not overdue before it is over, to its last second", () => {
    inZone(zone);
    const lastSecond = new Date(2026, 10, 25, 23, 59, 59, 999);
    expect(isOverdue(dueFrom("2026-11-25"), lastSecond)).toBe(false);
    expect(isOverdue(dueFrom("2026-11-25"), new Date(lastSecond.getTime() + 1))).toBe(true);
    expect(isOverdue(dueFrom("2026-11-25", "17:00"), new Date(2026, 10, 25, 17, 0, 1))).toBe(true);
  });
});

test("a day comes after what is due at a time of that day, and before the next day", () => {
  const inOrder = [
    dueFrom("2026-11-25", "00:01"),
    dueFrom("2026-11-25", "23:58"),
    dueFrom("2026-11-25"),
    dueFrom("2026-11-26", "00:00"),
    dueFrom(""),
  ];
  const tasks = inOrder.map((due, id) => ({
    ...due,
    id,
    title: "",
    description: null,
    priority: "medium" as const,
    completed: false,
    created_at: "",
    updated_at: "",
  }));
  const clock = { now: new Date(), zone: timeZone() };
  const shown = tasksFor(tasks.toReversed(), readFilters({}), clock);
  expect(shown.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
});

test("a day that was kept as its last minute, before there were days, is shown as a day", () => {
  inZone("Europe/Berlin");
  const old = { due_date: null, due_at: "2026-11-25T22:59:00Z" };
  const evening = new Date("2026-11-25T22:59:30Z");
  expect(describeDue(old, evening, "en-GB")).toEqual({ words: "Today", tone: "today" });
});

test.each(["2026-02-30", "2026-13-01", "2027-02-29", "2026-1-1", "", "x"])(
  "there is no day %j",
  (day) => {
    expect(isDay(day)).toBe(false);
    expect(instantAt(day, "10:00")).toBeNull();
    expect(dueFrom(day, "10:00")).toEqual({ due_date: null, due_at: null });
  },
);

describe("in the person's language", () => {
  const now = new Date("2026-11-25T10:00:00Z");
  const moment = new Date("2026-11-25T16:05:00Z");

  test.each([
    ["en-GB", "Today, 17:05", "Fri 4 Dec", "3 Feb 2027", "25 November 2026"],
    ["en-US", "Today, 5:05 PM", "Fri, Dec 4", "Feb 3, 2027", "November 25, 2026"],
    ["de", "Heute, 17:05", "Fr., 4. Dez.", "3. Feb. 2027", "25. November 2026"],
  ])("%s", (locale, today, soon, far, long) => {
    inZone("Europe/Berlin");
    expect(plain(momentInWords(moment, now, locale))).toBe(today);
    expect(plain(dayInWords("2026-12-04", now, locale)).replace(/^Fri,? 4/, "Fri 4")).toBe(soon);
    expect(plain(dayInWords("2027-02-03", now, locale))).toBe(far);
    expect(plain(dateInWords(moment, "long", locale))).toBe(long);
  });

  test.each([
    ["en-GB", "Tomorrow, 09:00"],
    ["en-US", "Tomorrow, 9:00 AM"],
    ["de", "Morgen, 09:00"],
  ])("%s writes the hours of the morning as it does everywhere", (locale, words) => {
    inZone("Europe/Berlin");
    const morning = new Date("2026-11-26T08:00:00Z");
    expect(plain(momentInWords(morning, now, locale))).toBe(words);
  });

  test("ar: Arabic words, digits and comma", () => {
    inZone("Africa/Cairo");
    const words = plain(momentInWords(moment, now, "ar-EG"));
    expect(words).toMatch(/^اليوم، /);
    expect(words).toContain("٦:٠٥");
    expect(plain(dayInWords("2027-02-03", now, "ar-EG"))).toBe("٣ فبراير ٢٠٢٧");
    expect(dateAndTimeInWords(moment, "ar-EG")).toContain("٢٠٢٦");
  });
});

/** Languages have blanks and marks of their own, which change with the browser's version. */
function plain(words: string): string {
  return words.replace(/[\u00a0\u202f]/g, " ").replace(/[\u200e\u200f]/g, "");
}
