/**
 * Finds the date in what somebody wrote, and says what it means where they are.
 *
 * The same grammar as the back end's (backend/app/dates), for the same meaning of "next friday" in
 * the quick entry and in the assistant; the tests hold both to backend/tests/vectors/dates.json.
 * chrono-node, the library for browsers, gives another day or time in a third of those cases: it
 * takes "next month" for the same day a month on and "every monday" for one Monday, and knows no EOD.
 */
import { isDay, isoOf, weekdayOf, yearOf, type Day } from "./calendar";
import { Firmness, type Clock, type Here, type Meaning, type Part } from "./meaning";
import { AFTERNOON, partAt } from "./parts";
import { atLocalTime, localDay } from "./zones";

/** Why no date was taken although there is one in the text. */
export interface Problem {
  kind: ProblemKind;
  words: string;
}

export type ProblemKind =
  /** There is no such day or time. */
  | "impossible"
  | "repeating"
  /** More than one day or time, or a stretch of time. */
  | "several"
  /** A time with the name of a zone, which may not be the person's. */
  | "other_zone";

/** A text and the date in it: a day, or an instant, or neither. */
export interface Reading {
  /** The text without the words of the date; may be empty. With a problem nothing is taken out. */
  title: string;
  /** `YYYY-MM-DD` */
  day?: string;
  instant?: Date;
  /** The words of the date. */
  words: string[];
  problem?: Problem;
  /** Words left in the title that look like a date and may be something else. */
  unsure?: string;
}

/** Parts that stand beside one another and make one date: "friday", "at 5pm". */
interface Group {
  parts: readonly Part[];
  /** Of the first part, or of the words before it that belong to it ("due by"). */
  start: number;
  lead: string;
  /** Of the first part. */
  first: number;
  end: number;
  meanings: readonly Meaning[];
  /** What its first part says. */
  head: Meaning;
}

interface Span {
  start: number;
  end: number;
}

const QUOTED = /"[^"]*"|“[^”]*”|«[^»]*»|`[^`]*`/gu;
const JOINT =
  /^\s{0,4},?\s{0,4}(?:(?:at|on|by|the|in the|around|of|before|until|till)\s{1,4}|@\s{0,4}){0,3}$/iu;
const BETWEEN_TWO =
  /^\s*(?:-|–|—|\/|&|,?\s*\b(?:to|and|or|through|thru|till|until)\b)\s*(?:(?:on|by|at)\s+)?$/iu;
const DUE =
  String.raw`(?:(?:is|are)\s+)?(?:due(?:\s+date)?|deadline)\s*(?:is\b\s*)?:?` +
  String.raw`(?:\s+(?:on\s+or\s+before|on|by|at|before|until|for))?`;
const LEAD = String.raw`${DUE}|by|no\s+later\s+than|(?:on\s+or\s+)?before|until|till|til`;
const leadOr = (more: string) =>
  new RegExp(String.raw`(?:^|(?<=[\s(\[,;:–—\-]))(?:${LEAD}|${more})\s*$`, "iu");
// "turn the heating on tomorrow": "on" belongs to what follows only before a name or a number.
const LEAD_BEFORE_NEAR = leadOr("for");
const LEAD_BEFORE_DAY = leadOr("for|on|at");
const LEAD_BEFORE_TIME = leadOr("for|at|around|about");
const DECISIVE_AT_END = new RegExp(String.raw`(?:${LEAD})\s*$`, "iu");
const DECISIVE = new RegExp(String.raw`^(?:${LEAD})\s*$`, "iu");
/** Before these a day is told about, not set. */
const TOLD =
  /\b(?:last|past|previous|since|after|from|starting|to|between|through|than|as\s+of)\s+$/iu;
const ARTICLE = /(?:\b(?:the|an?|my|our|your|his|her|their|its|that|every|each)|['’]s)\s+$/iu;
const GOES_ON = new RegExp(
  String.raw`^\s*(?:$|[^\p{L}\p{N}_\s'"“]|(?:about|with|at|in|to|for|and|or|from|after|because|so` +
    "|if|when|while|i|i'm|we|via|on|by|until|till|but|then|regarding|re|as|near|before|unless" +
    String.raw`|please|due|high|medium|low)(?![\p{L}\p{N}_]))`,
  "iu",
);
const AT_THE_LATEST = /\s{1,4}at\s{1,4}the\s{1,4}latest(?![\p{L}\p{N}_])/iuy;
const SEPARATORS = " \t\n\r,;:–—-";

/** The date in this text, as written at `now` by somebody in this zone (an IANA name). */
export function readPhrase(text: string, now: Date, zone: string): Reading {
  const here: Here = { now, zone, today: localDay(now, zone) };
  const groups = groupsIn(text, here);
  let unsure: string | undefined;
  const taken: Group[] = [];
  for (const [index, group] of groups.entries()) {
    const before = groups[index - 1];
    const isAll = stripped(text.slice(group.end), " .!?") === "" && group.first === 0;
    if (isAll && groups.length === 1) {
      taken.push(group);
    } else if (group.meanings.some(({ repeating }) => repeating)) {
      return refused(text, "repeating", group);
    } else if (before !== undefined && BETWEEN_TWO.test(text.slice(before.end, group.first))) {
      // "monday to friday": two days are named, none is the one.
      return refused(text, "several", { first: before.first, end: group.end });
    } else if (isMeant(text, group)) {
      taken.push(group);
    } else if (!isAdjective(text, group)) {
      unsure ??= text.slice(group.first, group.end);
    }
  }
  return result(text, here, taken, unsure);
}

function groupsIn(text: string, here: Here): Group[] {
  const hidden = Array.from(text.matchAll(QUOTED), ({ 0: words, index }) => ({
    start: index,
    end: index + words.length,
  })).filter(({ start, end }) => start !== 0 || end !== text.length);
  const groups: Group[] = [];
  for (let position = 0; position < text.length;) {
    const quoted = hidden.find(({ start, end }) => start <= position && position < end);
    const part =
      quoted === undefined && mayBegin(text, position) ? partAt(text, position, here) : undefined;
    if (part === undefined) {
      position = quoted?.end ?? position + 1;
      continue;
    }
    const last = groups.at(-1);
    if (last !== undefined && belongTogether(text, last, part)) {
      groups[groups.length - 1] = group([...last.parts, part], last);
    } else {
      groups.push(group([part], leadOf(text, part)));
    }
    position = part.end;
  }
  return groups;
}

function group(parts: readonly Part[], lead: Pick<Group, "start" | "lead">): Group {
  const meanings = parts.map(({ meaning }) => meaning);
  const { start, lead: words } = lead;
  const first = parts[0]?.start ?? start;
  const end = parts.at(-1)?.end ?? start;
  return { parts, start, lead: words, first, end, meanings, head: meanings[0] ?? {} };
}

function belongTogether(text: string, { end, meanings }: Group, part: Part): boolean {
  const joint = text.slice(end, part.start);
  if (!JOINT.test(joint)) return false;
  // "for 2 May by friday": the day that it is for, and the day by which.
  return !(
    part.meaning.day !== undefined &&
    meanings.some(({ day }) => day !== undefined) &&
    DECISIVE_AT_END.test(joint.trimEnd())
  );
}

/** Whether a word or number begins there. */
function mayBegin(text: string, position: number): boolean {
  if (!/[\p{L}\p{N}@]/u.test(text.charAt(position))) return false;
  if (position === 0) return true;
  const before = text.charAt(position - 1);
  if (/[\p{L}\p{N}_./#$€£%'’+]/u.test(before)) return false;
  // Part of something longer: "v-2", "3:16".
  const earlier = text.charAt(position - 2);
  return !(
    (before === "-" && /[\p{L}\p{N}]/u.test(earlier)) ||
    (before === ":" && /\p{N}/u.test(earlier))
  );
}

/** Where the words before it that belong to the date begin, and those words. */
function leadOf(text: string, { start, meaning }: Part): Pick<Group, "start" | "lead"> {
  const { clock, dayPart, endOfDay, nameable, instant } = meaning;
  const pattern =
    clock !== undefined || dayPart !== undefined || endOfDay === true
      ? LEAD_BEFORE_TIME
      : nameable === true || instant !== undefined
        ? LEAD_BEFORE_NEAR
        : LEAD_BEFORE_DAY;
  // A lead is short: a longer look back would cost the square of the text's length.
  const begin = Math.max(0, start - 40);
  const found = pattern.exec(text.slice(begin, start));
  return found === null ? { start, lead: "" } : { start: begin + found.index, lead: found[0] };
}

function isAdjective(text: string, { head, start }: Group): boolean {
  return head.adjective === true && ARTICLE.test(text.slice(Math.max(0, start - 20), start));
}

/** Whether the surroundings say that this is when, and not what. */
function isMeant(text: string, each: Group): boolean {
  const before = text.slice(Math.max(0, each.start - 20), each.start);
  const after = text.slice(each.end);
  if (isAdjective(text, each) || TOLD.test(before)) return false;
  const firmness = firmnessOf(each);
  const insideASentence = before.trim() !== "";
  if (
    firmness < Firmness.firm &&
    insideASentence &&
    each.head.nameable === true &&
    isUpper(text.charAt(each.first)) &&
    !isUpper(text)
  ) {
    return false;
  }
  if (each.lead !== "" && each.lead.trim().toLowerCase() !== "for") {
    // "on the 3rd floor", "by May 5 people": a weak one must end what it stands in.
    const firmEnough = firmness !== Firmness.weak || GOES_ON.test(after);
    return firmEnough && (firmness !== Firmness.usual || !namesAThing(each, after));
  }
  if (firmness === Firmness.firm) return true;
  if (firmness === Firmness.weak) return each.lead !== "" && GOES_ON.test(after);
  if (firmness === Firmness.plain && !insideASentence) return true;
  return GOES_ON.test(after);
}

function isUpper(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase();
}

/** "at 5 houses": a bare number before a word counts something. */
function namesAThing({ parts, meanings }: Group, after: string): boolean {
  const clock = meanings.at(-1)?.clock;
  const bare = clock?.openHalf === true && clock.minute === 0;
  return bare && parts.length === 1 && !GOES_ON.test(after);
}

function firmnessOf({ parts, meanings }: Group): Firmness {
  const each = meanings.map(({ firmness }) => firmness ?? Firmness.usual);
  if (parts.length === 1) return each[0] ?? Firmness.usual;
  const hasDay = meanings.some(({ day, today }) => day !== undefined || today === true);
  const hasClock = meanings.some(({ clock, endOfDay }) => clock !== undefined || endOfDay === true);
  if (hasDay && hasClock) return Firmness.firm;
  return Math.max(Firmness.usual, ...each) as Firmness;
}

function result(
  text: string,
  here: Here,
  found: readonly Group[],
  unsure: string | undefined,
): Reading {
  const doubt = unsure === undefined ? {} : { unsure };
  if (found.length === 0) return { title: text.trim(), words: [], ...doubt };
  const taken = theDueOne(found);
  const everything = taken.flatMap(({ meanings }) => meanings);
  const whole = { first: taken[0]?.first ?? 0, end: taken.at(-1)?.end ?? 0 };
  const says = (name: keyof Meaning) => everything.some((meaning) => meaning[name] === true);
  if (says("repeating")) return refused(text, "repeating", whole);
  if (says("impossible")) return refused(text, "impossible", whole);
  if (says("several")) return refused(text, "several", whole);
  if (says("otherZone")) return refused(text, "other_zone", whole);
  const meant = combined(everything, here);
  if (typeof meant === "string") return refused(text, meant, whole);
  const spans = taken.map((each) => wholeSpan(text, each));
  return {
    title: withoutSpans(text, spans),
    ...(meant instanceof Date ? { instant: meant } : { day: isoOf(meant) }),
    words: spans.map(({ start, end }) => text.slice(start, end).trim()),
    ...doubt,
  };
}

/** Of several days the one that is said to be the due one: "book for 2 May by friday". */
function theDueOne(taken: readonly Group[]): readonly Group[] {
  const days = taken.filter(({ meanings }) =>
    meanings.some(
      ({ day, today, instant }) => day !== undefined || today === true || instant !== undefined,
    ),
  );
  const due = days.filter(({ lead }) => DECISIVE.test(lead.trim()));
  if (days.length < 2 || due.length !== 1) return taken;
  return taken.filter((each) => !days.includes(each) || each === due[0]);
}

function refused(
  text: string,
  kind: ProblemKind,
  { first, end }: Pick<Group, "first" | "end">,
): Reading {
  return {
    title: text.trim(),
    words: [],
    problem: { kind, words: text.slice(first, end).trim() },
  };
}

/** One day or one instant out of all that was said. */
function combined(meanings: readonly Meaning[], here: Here): Day | Date | ProblemKind {
  const instants = meanings.flatMap(({ instant }) => instant ?? []);
  const clocks = meanings.filter(({ clock }) => clock !== undefined);
  const parts = meanings.flatMap(({ dayPart }) => dayPart ?? []);
  const ends = meanings.filter(({ endOfDay }) => endOfDay === true);
  const day = oneDay(meanings, here);
  if (typeof day === "string") return day;
  if (instants[0] !== undefined) return meanings.length === 1 ? inRange(instants[0]) : "several";
  if (clocks.length + ends.length > 1 || parts.length > 1) return "several";
  if (ends.length > 0) return inRange(day ?? here.today);
  if (clocks[0] !== undefined) return inRange(atClock(clocks[0], parts[0], day, here));
  if (parts[0] !== undefined) return inRange(inPart(parts[0], day, here));
  return day === undefined ? "several" : inRange(day);
}

/** The day, if one is named. A weekday may stand beside the date that falls on it. */
function oneDay(meanings: readonly Meaning[], here: Here): Day | ProblemKind | undefined {
  const days = meanings.filter(({ day }) => day !== undefined);
  const [exact, ...others] = days.filter(({ weekday }) => weekday === undefined);
  if (meanings.some(({ today, dayPart }) => today === true && dayPart === undefined)) {
    return here.today;
  }
  if (days.length === 0) {
    return meanings.some(({ today }) => today === true) ? here.today : undefined;
  }
  if (days.length === 1) return days[0]?.day;
  if (days.length === 2 && exact?.day !== undefined && others.length === 0) {
    const weekday = days.find((each) => each.weekday !== undefined)?.weekday;
    return weekdayOf(exact.day) === weekday ? exact.day : "impossible";
  }
  return "several";
}

/** A time of day: on its day, or when it comes next. */
function atClock(
  { clock = { hour: 0, minute: 0 }, utc }: Meaning,
  part: number | undefined,
  day: Day | undefined,
  here: Here,
): Date {
  const hours = hoursOf(clock, part);
  const zone = utc === true ? "UTC" : here.zone;
  const today = localDay(here.now, zone);
  const at = (on: Day, hour: number) => atLocalTime(on, hour * 60 + clock.minute, zone);
  if (day === undefined || day === here.today) {
    const next = hours.map((hour) => at(day ?? today, hour)).find((found) => found > here.now);
    if (next !== undefined) return next;
  }
  return at(day ?? today + 1, hours[0]);
}

/** The hours that a clock's number can mean, the likelier first. */
function hoursOf({ hour, openHalf }: Clock, part: number | undefined): [number, ...number[]] {
  if (openHalf !== true) return [hour];
  const [morning, afternoon] = [hour % 12, (hour % 12) + 12];
  if (part !== undefined) return part >= AFTERNOON ? [afternoon] : [morning];
  // People are up from 7 to 7.
  return hour >= 7 && hour <= 11 ? [morning, afternoon] : [afternoon, morning];
}

/** "tomorrow evening", "EOD". A part of today that is already past leaves the day. */
function inPart(usual: number, day: Day | undefined, { now, today, zone }: Here): Day | Date {
  const found = atLocalTime(day ?? today, usual, zone);
  if (day === undefined) return found > now ? found : atLocalTime(today + 1, usual, zone);
  return day === today && found <= now ? day : found;
}

/** Dates that the database and every zone can represent. */
function inRange<When extends Day | Date>(when: When): When | ProblemKind {
  const year = when instanceof Date ? when.getUTCFullYear() : isDay(when) ? yearOf(when) : NaN;
  return year >= 1970 && year <= 8999 ? when : "impossible";
}

/** With "at the latest" and the brackets around. */
function wholeSpan(text: string, { start, end: partsEnd }: Group): Span {
  AT_THE_LATEST.lastIndex = partsEnd;
  const end = AT_THE_LATEST.test(text) ? AT_THE_LATEST.lastIndex : partsEnd;
  const around = text.charAt(start - 1) + text.charAt(end);
  return around === "()" || around === "[]" ? { start: start - 1, end: end + 1 } : { start, end };
}

/** The text without these pieces and without the signs that only held them. */
function withoutSpans(text: string, spans: readonly Span[]): string {
  let left = text;
  for (const { start, end } of spans.toReversed()) {
    const head = strippedEnd(left.slice(0, start), SEPARATORS);
    const tail = strippedStart(left.slice(end), SEPARATORS);
    if (["", "."].includes(tail.trim())) left = head;
    else if (head === "" || ".!?)".includes(tail.charAt(0))) left = head + tail;
    else left = `${head} ${tail}`;
  }
  return left.trim().split(/\s+/u).join(" ");
}

function stripped(text: string, signs: string): string {
  return strippedStart(strippedEnd(text, signs), signs);
}

function strippedStart(text: string, signs: string): string {
  let start = 0;
  while (start < text.length && signs.includes(text.charAt(start))) start++;
  return text.slice(start);
}

function strippedEnd(text: string, signs: string): string {
  let end = text.length;
  while (end > 0 && signs.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
