import { setTimeout as pause } from "node:timers/promises";

import type { User } from "../../live/support/user";

/** One request: when it should have gone out, how long its answer took, what came. */
export interface Outcome {
  /** Milliseconds since the traffic began. */
  at: number;
  milliseconds: number;
  write: boolean;
  /** What went wrong; undefined for an answer in the 200s. */
  failure?: string;
}

export interface TrafficReport {
  sent: number;
  failed: number;
  /** What went wrong, and how often. */
  failures: Record<string, number>;
  /** Titles whose creation the application acknowledged, by user. */
  acknowledged: Map<User, string[]>;
  outcomes: Outcome[];
}

/**
 * Requests at a fixed rate whatever the application does (an open loop: a slow answer does not hold back the
 * next request, as it would not hold back other people). Each user writes with unique titles, so that what was
 * acknowledged can be compared with what is there afterwards.
 */
export class Traffic {
  private readonly outcomes: Outcome[] = [];
  private readonly acknowledged = new Map<User, string[]>();
  private readonly sent: Promise<void>[] = [];
  /** When each request was due that has no answer yet. */
  private readonly waiting = new Set<{ due: number }>();
  private readonly start = performance.now();
  private stopped = false;
  private readonly sending: Promise<void>;

  /**
   * @param users who send, in turns; signed in
   * @param perSecond requests a second, all users together
   * @param writes share of requests that add a task, from 0 to 1
   */
  constructor(
    private readonly users: readonly User[],
    private readonly perSecond: number,
    private readonly writes = 0.3,
  ) {
    this.sending = this.send();
  }

  /** Milliseconds since the beginning. */
  get now(): number {
    return performance.now() - this.start;
  }

  /** The requests of the last seconds that have had their answer. */
  since(seconds: number): Outcome[] {
    const from = this.now - seconds * 1000;
    return this.outcomes.filter(({ at }) => at >= from);
  }

  /** Whether every request of the last seconds was answered well, and none has waited for more than two. */
  quietFor(seconds: number): boolean {
    const recent = this.since(seconds);
    const stuck = [...this.waiting].some(({ due }) => due < this.now - 2000);
    return !stuck && recent.length > 0 && recent.every(({ failure }) => failure === undefined);
  }

  /** Ends the traffic and waits for the answers that are still under way. */
  async stop(): Promise<TrafficReport> {
    this.stopped = true;
    await this.sending;
    await Promise.all(this.sent);
    const failures: Record<string, number> = {};
    for (const { failure } of this.outcomes) {
      if (failure !== undefined) failures[failure] = (failures[failure] ?? 0) + 1;
    }
    return {
      sent: this.outcomes.length,
      failed: this.outcomes.filter(({ failure }) => failure !== undefined).length,
      failures,
      acknowledged: this.acknowledged,
      outcomes: this.outcomes,
    };
  }

  private async send(): Promise<void> {
    for (let n = 0; !this.stopped; n++) {
      const due = (n * 1000) / this.perSecond;
      const early = due - this.now;
      if (early > 0) await pause(early);
      const user = this.users[n % this.users.length];
      if (user === undefined) throw new Error("Traffic needs a user.");
      // Spread evenly, the same in every run.
      const write = Math.floor((n + 1) * this.writes) > Math.floor(n * this.writes);
      this.sent.push(this.request(user, write, due));
    }
  }

  private async request(user: User, write: boolean, due: number): Promise<void> {
    const title = `row ${this.outcomes.length}-${Math.round(due)}-${Math.random().toString(36).slice(2)}`;
    const waiting = { due };
    this.waiting.add(waiting);
    const failure = write ? await user.tryToAdd(title) : await user.tryToList();
    this.waiting.delete(waiting);
    if (write && failure === undefined) {
      const titles = this.acknowledged.get(user) ?? [];
      titles.push(title);
      this.acknowledged.set(user, titles);
    }
    this.outcomes.push({
      at: due,
      milliseconds: this.now - due,
      write,
      ...(failure === undefined ? {} : { failure }),
    });
  }
}

/** Traffic while something happens, which is over at its end however it ends. */
export async function during(
  traffic: Traffic,
  happen: (traffic: Traffic) => Promise<void>,
): Promise<TrafficReport> {
  let report: TrafficReport;
  try {
    await happen(traffic);
  } finally {
    report = await traffic.stop();
  }
  return report;
}

/** Seconds from now until requests are answered again for good; undefined if that takes longer than `within` seconds. */
export async function recovery(traffic: Traffic, within: number): Promise<number | undefined> {
  const quiet = 5;
  const ended = traffic.now;
  while (traffic.now < ended + (within + quiet) * 1000) {
    if (traffic.now > ended + quiet * 1000 && traffic.quietFor(quiet)) {
      return Math.max(0, (traffic.now - ended) / 1000 - quiet);
    }
    await pause(250);
  }
  return undefined;
}

/** Acknowledged rows that are not there any more, read back as each user sees them. */
export async function lostRows(acknowledged: ReadonlyMap<User, string[]>): Promise<string[]> {
  const lost: string[] = [];
  for (const [user, titles] of acknowledged) {
    const there = new Set((await user.tasks()).map(({ title }) => title));
    lost.push(...titles.filter((title) => !there.has(title)));
  }
  return lost;
}

/** A percentile of the answers' times, in milliseconds; the fraction is from 0 to 1. */
export function percentile(outcomes: readonly Outcome[], fraction: number): number {
  const times = outcomes.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * fraction))] ?? Number.NaN;
}
