/**
 * The words that name a day or a time of day, and what each says.
 *
 * A table of patterns: where a text is read, the first that fits there wins, so longer ones come
 * first. Nothing is decided here about whether a word is meant as a date; `firmness` says how much
 * its surroundings must tell.
 *
 * The same table as in backend/app/dates/parts.py; the tests hold both to the same cases.
 */
import * as calendar from "./calendar";
import type { Day } from "./calendar";
import { Firmness, type Clock, type Here, type Meaning, type Part } from "./meaning";

/** Minutes from midnight. */
const [MORNING, END_OF_WORK, EVENING] = [9 * 60, 17 * 60, 20 * 60];
export const AFTERNOON = 15 * 60;

const DAY_PARTS: Record<string, number> = {
  morning: MORNING,
  afternoon: AFTERNOON,
  evening: EVENING,
  night: EVENING,
};
const NUMBERS = " one two three four five six seven eight nine ten eleven twelve".split(" ");
const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");

const ANY_WEEKDAY =
  "(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?" +
  "|sat(?:urday)?|sun(?:day)?)";
const ANY_MONTH =
  "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?" +
  "|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const WEEKDAY = String.raw`(?<weekday>${ANY_WEEKDAY})\.?`;
const MONTH = String.raw`(?<month>${ANY_MONTH})\.?`;
const COUNT =
  String.raw`(?<count>\d{1,6}(?:\.\d)?|an?(?: couple(?: of)?)?|one|two|three|four|five|six|seven` +
  "|eight|nine|ten|eleven|twelve|half an)";
const UNIT = "(?<unit>min(?:ute)?s?|hours?|hrs?|days?|weeks?|fortnights?|months?|years?)";
const NTH = String.raw`(?<number>\d{1,2})(?:st|nd|rd|th)`;
const YEAR = String.raw`(?:,? (?<year>\d{4}))?`;
const PERIOD = "(?<period>day|week|month|year)";
/** After a part: no letter or digit, no unit, and no sign that goes on ("12/25/1", "friday's"). */
const END = String.raw`(?![\p{L}\p{N}_%€$£°]|[\-.\/:,'’](?=[\p{L}\p{N}_]))`;
/** More often than the days that they could be. */
const FRACTIONS = ["1/2", "1/3", "2/3", "1/4", "3/4"];
/** Shown by the clocks of others: nothing says which of the two clocks a time is meant on. */
const OTHER_ZONES =
  "(?:[AECMP][SD]T|[ECMP]T|CES?T|EES?T|WES?T|BST|IST|JST|KST|HKT|SGT|MSK|AE[SD]T|NZ[SD]T)";

type Found = Partial<Record<string, string>>;
type Say = (found: Found, here: Here, text: string) => Meaning | undefined;

/** The part of a date that begins exactly there. */
export function partAt(text: string, position: number, here: Here): Part | undefined {
  for (const [pattern, say] of RULES) {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    const meaning = found === null ? undefined : say(found.groups ?? {}, here, found[0]);
    if (meaning !== undefined) return { start: position, end: pattern.lastIndex, meaning };
  }
  return undefined;
}

function dated(day: Day, firmness: Firmness = Firmness.usual): Meaning {
  return calendar.isDay(day) ? { firmness, day } : { firmness, impossible: true };
}

const numberIn = (found: Found, name: string) => Number(found[name]);
const wordIn = (found: Found, name: string) => (found[name] ?? "").toLowerCase();

const isoDate: Say = (found) => {
  const day = calendar.dayFrom(
    numberIn(found, "year"),
    numberIn(found, "month"),
    numberIn(found, "number"),
  );
  if (!calendar.isDay(day) || found.hour === undefined) return dated(day, Firmness.firm);
  const [hour, minute] = [numberIn(found, "hour"), numberIn(found, "minute")];
  if (hour > 23 || minute > 59) return { firmness: Firmness.firm, impossible: true };
  if (found.offset === undefined) return { firmness: Firmness.firm, day, clock: { hour, minute } };
  const [, sign, hours, minutes] = /([+-])(\d\d):?(\d\d)/.exec(found.offset) ?? [];
  const offset = (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
  if (Math.abs(offset) >= 24 * 60) return { firmness: Firmness.firm, impossible: true };
  const instant = new Date(((day * 24 + hour) * 60 + minute - offset) * 60_000);
  return { firmness: Firmness.firm, instant };
};

/** 25.12.2026, 12/25/2026, 25-12-2026 and the like. */
const withYear: Say = (found) => {
  const [first, second] = [numberIn(found, "first"), numberIn(found, "second")];
  const sign = wordIn(found, "sign").charAt(0);
  const short = found.year?.length === 2;
  const year = numberIn(found, "year") + (short ? 2000 : 0);
  if (sign === "-" && first <= 12 && second <= 12 && first !== second) {
    // 03-04-2026: nothing says which of them is the month.
    return { firmness: Firmness.weak, several: true };
  }
  const [number, month] = sign === "." || first > 12 ? [first, second] : [second, first];
  // Of three short numbers with dots between them most are versions.
  const firmness = sign === "." && short ? Firmness.weak : Firmness.firm;
  return dated(calendar.dayFrom(year, month, number), firmness);
};

/** 25.12. and 25.12: perhaps a price. */
const dotted: Say = (found, here) => {
  const [number, month] = [numberIn(found, "first"), numberIn(found, "second")];
  if (!isDayAndMonth(number, month)) return undefined;
  return dated(calendar.nextDate(here.today, month, number), Firmness.weak);
};

/** 12/25, or 25/12 when the first cannot be a month. */
const slashed: Say = (found, here, text) => {
  const [first, second] = [numberIn(found, "first"), numberIn(found, "second")];
  const [number, month] = first > 12 ? [first, second] : [second, first];
  if (text === "24/7" || !isDayAndMonth(number, month)) return undefined;
  const firmness = FRACTIONS.includes(text) ? Firmness.weak : Firmness.usual;
  return dated(calendar.nextDate(here.today, month, number), firmness);
};

function isDayAndMonth(number: number, month: number): boolean {
  return month >= 1 && month <= 12 && number >= 1 && number <= 31;
}

const monthAndDay: Say = (found, here) => {
  const [month, number] = [monthIn(found), numberIn(found, "number")];
  return found.year === undefined
    ? dated(calendar.nextDate(here.today, month, number))
    : dated(calendar.dayFrom(numberIn(found, "year"), month, number), Firmness.firm);
};

const endOfNamedMonth: Say = (found, here) => {
  const year = found.year === undefined ? calendar.yearOf(here.today) : numberIn(found, "year");
  const endIn = (each: number) => {
    const first = calendar.dayFrom(each, monthIn(found), 1);
    return calendar.isDay(first) ? calendar.endOfMonth(first) : NaN;
  };
  const end = endIn(year);
  if (!calendar.isDay(end)) return { firmness: Firmness.firm, impossible: true };
  return dated(found.year === undefined && end < here.today ? endIn(year + 1) : end);
};

function monthIn(found: Found): number {
  return MONTHS.indexOf(wordIn(found, "month").slice(0, 3)) + 1;
}

const dayOfMonth: Say = (found, here) => {
  const [number, which] = [numberIn(found, "number"), wordIn(found, "which")];
  if (which === "") return dated(calendar.nextDayOfMonth(here.today, number), Firmness.weak);
  const month = calendar.monthsLater(calendar.startOfMonth(here.today), which === "next" ? 1 : 0);
  return dated(calendar.dayFrom(calendar.yearOf(month), calendar.monthOf(month), number));
};

const near: Say = (found, here) => {
  const word = wordIn(found, "near");
  const ahead = word.includes("after") ? 2 : word.endsWith("today") ? 0 : 1;
  return { firmness: Firmness.plain, day: here.today + ahead, nameable: true };
};

/** "in 3 days", "two weeks from friday". */
const fromNow: Say = (found, here) => {
  const [unit, anchor] = [wordIn(found, "unit"), wordIn(found, "anchor")];
  const number = countOf(wordIn(found, "count"));
  if (unit.startsWith("min") || unit.startsWith("h")) {
    if (anchor !== "" && anchor !== "now") return undefined;
    const later = here.now.getTime() + number * (unit.startsWith("m") ? 60_000 : 3_600_000);
    return { firmness: Firmness.firm, instant: new Date(Math.floor(later / 60_000) * 60_000) };
  }
  if (!Number.isInteger(number)) return undefined;
  const weekday = WEEKDAYS.indexOf(anchor.slice(0, 3));
  const start = anchor.startsWith("tom")
    ? here.today + 1
    : weekday >= 0
      ? calendar.nextWeekday(here.today, weekday)
      : here.today;
  const day = laterBy(start, number, unit);
  const exists = calendar.isDay(day) && day <= calendar.dayFrom(9999, 12, 31);
  return dated(exists ? day : NaN, Firmness.firm);
};

function countOf(words: string): number {
  if (words === "half an") return 0.5;
  if (words.includes("couple")) return 2;
  if (words === "a" || words === "an") return 1;
  const written = NUMBERS.indexOf(words);
  return written > 0 ? written : Number(words);
}

function laterBy(start: Day, number: number, unit: string): Day {
  if (unit.startsWith("month")) return calendar.monthsLater(start, number);
  if (unit.startsWith("year")) return calendar.monthsLater(start, 12 * number);
  return start + number * (unit.startsWith("d") ? 1 : unit.startsWith("w") ? 7 : 14);
}

const weekday: Say = (found, here) => {
  const index = WEEKDAYS.indexOf(wordIn(found, "weekday").slice(0, 3));
  const which = wordIn(found, "which") || wordIn(found, "week");
  if (which === "next") {
    return { day: calendar.weekdayOfNextWeek(here.today, index), weekday: index };
  }
  // "Sit in the sun", "the cat sat": these are words of their own.
  const doubtful = which === "" && ["sat", "sun", "wed", "mon"].includes(found.weekday ?? "");
  return {
    firmness: doubtful ? Firmness.weak : Firmness.usual,
    day: calendar.nextWeekday(here.today, index),
    weekday: index,
    adjective: which === "",
  };
};

const weekend: Say = (found, here) =>
  wordIn(found, "which") === "next"
    ? { day: calendar.weekdayOfNextWeek(here.today, calendar.SATURDAY) }
    : { day: calendar.weekend(here.today) };

/** "next week", "the end of the month", "the start of next year". */
const period: Say = (found, here) => {
  const [edge, upcoming] = [wordIn(found, "edge"), wordIn(found, "which") === "next"];
  const { today } = here;
  let start = today;
  let end: Day;
  switch (wordIn(found, "period")) {
    case "day":
      // "this day" and "the start of the day" say nothing.
      return edge === "end" && !upcoming ? { dayPart: END_OF_WORK, today: true } : undefined;
    case "week":
      if (upcoming) start = calendar.weekdayOfNextWeek(today, calendar.MONDAY);
      end = calendar.endOfWeek(start);
      break;
    case "month":
      if (upcoming) start = calendar.monthsLater(calendar.startOfMonth(today), 1);
      end = calendar.endOfMonth(start);
      break;
    default:
      if (upcoming) start = calendar.dayFrom(calendar.yearOf(today) + 1, 1, 1);
      end = calendar.dayFrom(calendar.yearOf(start), 12, 31);
  }
  if (edge === "start" || edge === "beginning") return upcoming ? { day: start } : undefined;
  return { day: upcoming && edge === "" ? start : end };
};

const shortened: Say = (_, { today }, text) => {
  switch (text.toLowerCase()) {
    case "eow":
      return { day: calendar.endOfWeek(today) };
    case "eom":
      return { day: calendar.endOfMonth(today) };
    default:
      return { day: calendar.dayFrom(calendar.yearOf(today), 12, 31) };
  }
};

const endOfNamedDay: Say = (found, here) => ({
  day: here.today + (wordIn(found, "near").startsWith("tom") ? 1 : 0),
  dayPart: END_OF_WORK,
});

/** 5pm */
const halfDay: Say = (found) => {
  const [hour, minute] = [numberIn(found, "hour"), Number(found.minute ?? 0)];
  if (hour < 1 || hour > 12 || minute > 59) return { impossible: true };
  const half = wordIn(found, "half").startsWith("p") ? 12 : 0;
  return timed(found, { clock: { hour: (hour % 12) + half, minute } });
};

/** 17:00, or 5:30 without a half. */
const twentyFour: Say = (found) => {
  const [hour, minute] = [numberIn(found, "hour"), numberIn(found, "minute")];
  const said = (found.at ?? "") !== "";
  if (hour === 24 && minute === 0) return { endOfDay: true };
  if (hour > 23 || minute > 59) {
    return { firmness: said ? Firmness.usual : Firmness.weak, impossible: true };
  }
  // 13:34 may be a verse or a score; people meet at 13:30.
  const firmness = said || minute % 5 === 0 ? Firmness.usual : Firmness.weak;
  return timed(found, { firmness, clock: { hour, minute, openHalf: isOpen(found) } });
};

/** "at 5", "5 o'clock". */
const bareHour: Say = (found) => {
  const hour = numberIn(found, "hour");
  if (hour > 24) return undefined;
  if (hour === 24) return { endOfDay: true };
  return timed(found, { clock: { hour, minute: 0, openHalf: isOpen(found) } });
};

function isOpen({ hour = "" }: Found): boolean {
  return !hour.startsWith("0") && Number(hour) >= 1 && Number(hour) <= 12;
}

function timed({ zone }: Found, meaning: Meaning): Meaning {
  if (zone === undefined) return meaning;
  if (!["UTC", "GMT"].includes(zone.toUpperCase())) {
    return { firmness: Firmness.firm, otherZone: true };
  }
  return { ...meaning, firmness: Firmness.firm, utc: true };
}

const noon: Say = (found) => {
  const firmness = found.at === undefined ? Firmness.weak : Firmness.usual;
  const clock: Clock = { hour: 12, minute: 0 };
  return wordIn(found, "word") === "midnight" ? { firmness, endOfDay: true } : { firmness, clock };
};

const partOfDay: Say = (found) => {
  const [which, dayPart] = [wordIn(found, "which"), DAY_PARTS[wordIn(found, "part")] ?? 0];
  if (which === "this") return { dayPart, today: true };
  return { firmness: which === "" ? Firmness.weak : Firmness.usual, dayPart, adjective: true };
};

const always =
  (meaning: Meaning): Say =>
  () =>
    meaning;
const repeating = always({ firmness: Firmness.firm, repeating: true });
const several = always({ firmness: Firmness.firm, several: true });

function rule(pattern: string, say: Say): [RegExp, Say] {
  // Blanks are counted: of open repetitions side by side a long run of blanks costs the square.
  const bounded = pattern
    .replaceAll(" ", String.raw`\s{1,4}`)
    .replaceAll(String.raw`\s*`, String.raw`\s{0,4}`);
  return [new RegExp(bounded + END, "iuy"), say];
}

const AT = String.raw`(?<at>(?:at|@)\s*)?`;
const ZONE = String.raw`(?:\s*(?<zone>UTC|GMT|${OTHER_ZONES}))?`;
const TOMORROW = "tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr";
const EVERY =
  "(?:every|each) " +
  String.raw`(?:(?:other|single|second|third|last|first|\d+(?:st|nd|rd|th)?|two|three|four|six) )*` +
  String.raw`(?:${ANY_WEEKDAY}\.?s?|${ANY_MONTH}\.?` +
  "|minutes?|hours?|days?|weekdays?|weekends?|weeks?|fortnight|months?|quarter|years?" +
  String.raw`|mornings?|afternoons?|evenings?|nights?|\d{1,2}(?:st|nd|rd|th)|noon|midnight)`;
const DAYS = "(?:mon|tues|wednes|thurs|fri|satur|sun)days";
const HALF = String.raw`(?<half>a\.?m\.?|p\.?m\.?)`;
const TIME_OF_RANGE = String.raw`\d{1,2}(?:[:.]\d\d)?\s*(?:a\.?m\.?|p\.?m\.?)?`;
/** Nothing but punctuation follows: else "weekly" describes something. */
const LAST = String.raw`(?=[\s.!?,;:\)]*$)`;

const RULES: readonly [RegExp, Say][] = [
  rule(EVERY, repeating),
  rule(`(?:on|over) (?:${DAYS}|weekdays|weekends)|(?:${DAYS}|weekdays)${LAST}`, repeating),
  rule(
    String.raw`(?:once|twice|(?:\d+|two|three|four) times) (?:an?|per|every) ` +
      "(?:hour|day|week|month|year)",
    repeating,
  ),
  rule(
    String.raw`(?:every\s*day|daily|weekly|biweekly|fortnightly|monthly|quarterly|yearly|annually` +
      `|nightly)${LAST}`,
    repeating,
  ),
  rule(
    String.raw`(?<year>\d{4})[\-\/](?<month>\d{1,2})[\-\/](?<number>\d{1,2})` +
      String.raw`(?:(?:T| )(?<hour>\d{1,2}):(?<minute>\d\d)(?::\d\d(?:\.\d+)?)?` +
      String.raw`\s*(?<offset>Z|[+\-]\d\d:?\d\d)?)?`,
    isoDate,
  ),
  rule(
    String.raw`(?<first>\d{1,2})(?<sign>\.\s*)(?<second>\d{1,2})\.\s*(?<year>\d{4}|\d\d)`,
    withYear,
  ),
  rule(
    String.raw`(?<first>\d{1,2})(?<sign>[\-\/])(?<second>\d{1,2})\k<sign>(?<year>\d{4}|\d\d)`,
    withYear,
  ),
  // "3-5pm", "from 9:00 to 17:00": a stretch of time has two ends.
  rule(
    String.raw`(?:from )?${TIME_OF_RANGE}\s*(?:-|–|to|until|till|and)\s*` +
      String.raw`(?:\d{1,2}(?::\d\d)?\s*${HALF}|\d{1,2}:\d\d)`,
    several,
  ),
  rule(String.raw`${MONTH} (?:the )?(?<number>\d{1,2})(?:st|nd|rd|th)?${YEAR}`, monthAndDay),
  rule(
    String.raw`(?:the )?(?<number>\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? ${MONTH}${YEAR}`,
    monthAndDay,
  ),
  rule(String.raw`(?:the )?end of ${MONTH}(?: (?<year>\d{4}))?`, endOfNamedMonth),
  rule(`the ${NTH}(?: (?:of (?<which>this|next) month))?`, dayOfMonth),
  rule(String.raw`(?:in|within) ${COUNT} ${UNIT}(?:['’]?\s+time)?`, fromNow),
  rule(
    String.raw`${COUNT} ${UNIT} from (?<anchor>now|today|${TOMORROW}|${ANY_WEEKDAY}\.?)`,
    fromNow,
  ),
  rule("(?:the )?end of (?<near>today|tomorrow)", endOfNamedDay),
  rule(`(?<near>(?:the )?day after (?:${TOMORROW})|(?:later )?today|${TOMORROW})`, near),
  rule(
    "tonight",
    always({ firmness: Firmness.plain, dayPart: EVENING, today: true, nameable: true }),
  ),
  rule(
    `(?:(?<which>this|next|coming|upcoming|this coming) )?${WEEKDAY}` +
      "(?: (?:of )?(?<week>next|this) week)?",
    weekday,
  ),
  rule(`(?<week>next|this) week (?:on )?${WEEKDAY}`, weekday),
  rule("(?:(?:on|at|over) )?(?<which>this|next|the|coming|this coming) weekend", weekend),
  rule(`(?:the )?(?<edge>end|start|beginning) of (?:(?<which>the|this|next) )?${PERIOD}`, period),
  rule("(?<which>this|next) (?<period>week|month|year)", period),
  rule("eow|eom|eoy", shortened),
  rule("eod|cob|close of business|end of business", always({ dayPart: END_OF_WORK, today: true })),
  rule(String.raw`${AT}(?<hour>\d{1,2})(?:[:.](?<minute>\d\d))?\s*${HALF}${ZONE}`, halfDay),
  rule(String.raw`${AT}(?<hour>\d{1,2}):(?<minute>\d\d)(?::\d\d)?(?:\s*h)?${ZONE}`, twentyFour),
  rule(String.raw`${AT}(?<hour>\d{1,2})\s*o['’]?clock${ZONE}`, bareHour),
  rule(String.raw`(?:at |@\s*)(?<hour>\d{1,2})${ZONE}`, bareHour),
  rule(String.raw`(?<first>\d{1,2})\/(?<second>\d{1,2})`, slashed),
  rule(String.raw`(?<first>\d{1,2})\.\s*(?<second>\d{1,2})\.?`, dotted),
  rule("(?<at>at )?(?<word>noon|midnight)", noon),
  rule("(?:(?<which>this|in the|at) )?(?<part>morning|afternoon|evening|night)", partOfDay),
];
