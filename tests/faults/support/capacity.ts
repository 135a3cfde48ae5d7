import type { User } from "../../live/support/user";

/** Requests under way at once while the capacity is measured; more only wait longer. */
const CONCURRENT = 16;

/**
 * Requests a second that the stack answers when it is asked as fast as it answers (a closed loop), with the
 * same share of writes as the traffic that follows.
 * @throws when one of them fails
 */
async function steadyCapacity(users: readonly User[], seconds = 10): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let answered = 0;
  const ask = async (n: number): Promise<void> => {
    const user = users[n % users.length];
    for (let i = 0; user !== undefined && performance.now() < end; i++) {
      const failure =
        i % 10 < 3 ? await user.tryToAdd(`capacity ${n} ${i}`) : await user.tryToList();
      if (failure !== undefined)
        throw new Error(`A request failed while nothing was wrong: ${failure}`);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, (_, n) => ask(n)));
  return answered / seconds;
}

/**
 * The rate at which nothing may fail: 70 % of what the stack can do, and 200 a second at most; or TODO_FAULTS_RATE, for a machine
 * that others use at the same time.
 */
export async function steadyRate(users: readonly User[]): Promise<number> {
  const given = Number(process.env.TODO_FAULTS_RATE ?? 0);
  if (given > 0) return given;
  const capacity = await steadyCapacity(users);
  const rate = Math.min(200, Math.floor(capacity * 0.7));
  console.log(`      capacity ${capacity.toFixed(0)}/s, load ${rate}/s`);
  return rate;
}
