import fc from "fast-check";
import { availableParallelism } from "node:os";

/** Values that one process takes at once. */
const BATCH = 20;

/**
 * Checks a property of generated values whose other side a process makes for many at once, such as Helm; several of them
 * run beside each other.
 * @param make what belongs to each of the values, in their order
 * @throws Error that names the first value that failed, and why
 */
export async function forGenerated<T, Made>(
  values: fc.Arbitrary<T>,
  parameters: { numRuns: number; seed: number },
  make: (values: readonly T[]) => Promise<readonly Made[]>,
  check: (value: T, made: Made) => void,
): Promise<void> {
  const all = fc.sample(values, parameters);
  const waiting = all.map((_, index) => index).filter((index) => index % BATCH === 0);
  const next = async (): Promise<void> => {
    for (let first = waiting.shift(); first !== undefined; first = waiting.shift()) {
      const batch = all.slice(first, first + BATCH);
      try {
        const made = await make(batch);
        batch.forEach((value, index) => {
          const number = first + index + 1;
          attempt(`case ${number} of ${all.length} (seed ${parameters.seed})`, value, () => {
            check(value, made[index] as Made);
          });
        });
      } catch (error) {
        waiting.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, next));
}

function attempt(name: string, value: unknown, check: () => void): void {
  try {
    check();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${name}: ${JSON.stringify(value)}\n${reason}`, { cause: error });
  }
}
