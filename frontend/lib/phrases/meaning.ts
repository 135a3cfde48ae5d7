/** What the words of a date say, one part at a time. */
import type { Day } from "./calendar";

/** How sure it is that words mean a date, beginning with the least. */
export const Firmness = {
  /** 12.5, "the 3rd": only beside another part, after "on", "by", "due", or alone. */
  weak: 0,
  /** Weekdays: also at the end of the text, before punctuation or a word such as "with". */
  usual: 1,
  /** "tomorrow": also at the beginning. */
  plain: 2,
  /** 2026-12-31: wherever it stands. */
  firm: 3,
} as const;

export type Firmness = (typeof Firmness)[keyof typeof Firmness];

export interface Clock {
  hour: number;
  minute: number;
  /** Of a 12-hour clock, without saying which half of the day. */
  openHalf?: boolean;
}

/** What one part says. */
export interface Meaning {
  /** `usual`, if left out. */
  firmness?: Firmness;
  day?: Day;
  weekday?: number;
  clock?: Clock;
  /** The usual time of "morning", "EOD"…, in minutes from midnight. */
  dayPart?: number;
  /** A part of this very day ("tonight"). */
  today?: boolean;
  /** Midnight: the day as a whole. */
  endOfDay?: boolean;
  instant?: Date;
  /** It names a day or time that does not exist. */
  impossible?: boolean;
  repeating?: boolean;
  otherZone?: boolean;
  utc?: boolean;
  several?: boolean;
  /** Something else after an article or a possessive ("the friday report"). */
  adjective?: boolean;
  /** Something else when it has a capital inside a sentence ("USA Today"). */
  nameable?: boolean;
}

/** When and where the text was written. */
export interface Here {
  now: Date;
  /** An IANA name: `Europe/Berlin`. */
  zone: string;
  today: Day;
}

export interface Part {
  start: number;
  end: number;
  meaning: Meaning;
}
