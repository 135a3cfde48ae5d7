import type { Stack } from "./stack";

/** Something that goes wrong in a running stack while people use it. */
export interface Fault {
  /** In the words of the report. */
  name: string;
  /**
   * Makes it happen, waits as long as it lasts, and takes it away again.
   * @returns proof that it happened: what can only be seen if it did
   */
  happen: (stack: Stack) => Promise<string>;
  /** Share of all requests that may fail meanwhile, from 0 (nobody notices) to 1. */
  mayFail: number;
  /** Seconds after its end within which every request is answered again. */
  recoversWithin: number;
}
