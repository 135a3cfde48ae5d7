import type { FirstTasks } from "@/features/tasks/task-list";
import { asTask } from "@/features/tasks/task";
import { BackendUnavailable, fetchBackend } from "./backend";
import { backendUrl } from "./environment";

/** Milliseconds that a page waits for its list; then it comes without, and asks for it itself. */
const PATIENCE = 2_000;

interface Asking {
  userId: string;
  /** The back end's token. */
  token: string;
  /** The person's time zone. */
  zone: string;
}

/**
 * The first page of somebody's tasks, for the page that is being made. Undefined when the back end
 * does not give it: the page then asks as it does later, and says what is wrong.
 */
export async function firstTasks({ userId, token, zone }: Asking): Promise<FirstTasks | undefined> {
  try {
    const answer = await fetchBackend({
      method: "GET",
      url: `${backendUrl()}/api/${encodeURIComponent(userId)}/tasks`,
      headers: {
        authorization: `Bearer ${token}`,
        "x-time-zone": zone,
        "x-request-id": crypto.randomUUID(),
      },
      signal: AbortSignal.timeout(PATIENCE),
    });
    const body = await answer.body.text();
    if (answer.statusCode !== 200) return undefined;
    const tasks = (JSON.parse(body) as Parameters<typeof asTask>[0][]).map(asTask);
    return { tasks, total: Number(answer.headers["x-total-count"] ?? tasks.length) };
  } catch (error) {
    if (error instanceof BackendUnavailable || isOver(error)) return undefined;
    throw error;
  }
}

/** Whether it is the time for waiting that is over, or what came makes no sense. */
function isOver(error: unknown): boolean {
  return (
    error instanceof SyntaxError ||
    (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError"))
  );
}
