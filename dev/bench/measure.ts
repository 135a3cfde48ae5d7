/** Seconds of every repetition of one thing. */
export interface Measurement {
  what: string;
  seconds: number[];
}

export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return (performance.now() - start) / 1000;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A Markdown table: every figure, and the median. */
export function print(measurements: readonly Measurement[]): void {
  console.log("| what | seconds | median |\n| --- | --- | --- |");
  for (const { what, seconds } of measurements) {
    const all = seconds.map((value) => value.toFixed(2)).join(" ");
    console.log(`| ${what} | ${all} | ${median(seconds).toFixed(2)} |`);
  }
}
