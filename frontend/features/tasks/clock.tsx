import { timeZone } from "@/lib/dates";
import { createContext, useContext, useSyncExternalStore, type ReactNode } from "react";

/** The time by which the list is shown, and where. */
export interface Clock {
  /** To the half minute: what is due becomes overdue while somebody looks. */
  now: Date;
  /** An IANA name: `Europe/Berlin`. */
  zone: string;
}

/** The clock by which the server made the page. */
export interface FirstClock {
  /** ISO 8601 */
  now: string;
  zone: string;
}

const ClockContext = createContext<Clock | undefined>(undefined);

/** The clock for what is inside: the server's while the page takes over its work, then the browser's. */
export function ClockProvider({ first, children }: { first: FirstClock; children: ReactNode }) {
  const now = useSyncExternalStore(subscribe, currentTime, () => first.now);
  const zone = useSyncExternalStore(subscribe, browserZone, () => first.zone);
  return <ClockContext value={clockOf(now, zone)}>{children}</ClockContext>;
}

export function useClock(): Clock {
  const clock = useContext(ClockContext);
  if (clock === undefined) throw new Error("There is no ClockProvider around this.");
  return clock;
}

/** One object for one time: what depends on it is worked out again only when it changes. */
let last = { key: "", clock: { now: new Date(0), zone: "UTC" } };
function clockOf(now: string, zone: string): Clock {
  const key = `${now} ${zone}`;
  if (last.key !== key) last = { key, clock: { now: new Date(now), zone } };
  return last.clock;
}

const HALF_A_MINUTE = 30_000;
let time = "";

function currentTime(): string {
  if (time === "") time = new Date().toISOString();
  return time;
}

function subscribe(listener: () => void): () => void {
  const look = () => {
    time = new Date().toISOString();
    listener();
  };
  const timer = setInterval(look, HALF_A_MINUTE);
  // A laptop that wakes up.
  document.addEventListener("visibilitychange", look);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", look);
  };
}

let zone: string | undefined;

function browserZone(): string {
  zone ??= timeZone();
  return zone;
}
