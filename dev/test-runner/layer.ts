/** One layer of `npm test`: what it runs with, and what it reports. */
export interface LayerResult {
  passed: number;
  /** Full names of the tests that failed. */
  failed: string[];
  /** Tests that did not run, with the reason where the tool knows it. */
  skipped: { test: string; reason: string }[];
}

export interface Layer {
  name: string;
  /**
   * What it spends its time on. The layers of one place run one after the other, the places beside each other: a cluster's
   * tests mostly wait, for pods and pages, and leave the processors to the others.
   */
  place: "cluster" | "processors";
  /** What it covers, for the heading. */
  title: string;
  /** @param onLine takes each line of its tool's output; without it, the tool has the terminal */
  run: (signal: AbortSignal, onLine?: (line: string) => void) => Promise<LayerResult>;
}

/** A layer that came to nothing: counted as one failed test, so that it never passes in silence. */
export function broken(layer: string, reason: string): LayerResult {
  return { passed: 0, failed: [`${layer}: ${reason}`], skipped: [] };
}
