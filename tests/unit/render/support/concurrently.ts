import fc from "fast-check";
import { availableParallelism } from "node:os";

/**
 * Checks a property of generated values, several at a time: each waits for a process of its own, such as Helm's.
 * @throws Error that names the first value that failed, and why
 */
export async function forGenerated<T>(
  values: fc.Arbitrary<T>,
  parameters: { numRuns: number; seed: number },
  check: (value: T) => Promise<void>,
): Promise<void> {
  const waiting = fc.sample(values, parameters);
  const total = waiting.length;
  const next = async (): Promise<void> => {
    for (let value = waiting.shift(); value !== undefined; value = waiting.shift()) {
      const number = total - waiting.length;
      try {
        await check(value);
      } catch (error) {
        waiting.length = 0;
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(
          `case ${number} of ${total} (seed ${parameters.seed}): ${JSON.stringify(value)}\n${reason}`,
          { cause: error },
        );
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, next));
}
