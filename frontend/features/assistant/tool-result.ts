/** The tasks in a tool's answer, whatever its shape: one task, a list, or a page of a list. */
import type { Due } from "@/features/tasks/due";

/** What a row needs of a task. */
export interface TaskResult extends Due {
  id: number;
  title: string;
  completed: boolean;
}

export function tasksIn(result: unknown): TaskResult[] {
  if (Array.isArray(result)) return result.flatMap((each) => taskFrom(each) ?? []);
  if (typeof result !== "object" || result === null) return [];
  const { tasks, task } = result as { tasks?: unknown; task?: unknown };
  if (Array.isArray(tasks)) return tasksIn(tasks);
  return tasksIn([task ?? result]);
}

function taskFrom(value: unknown): TaskResult | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, title, completed, due_date, due_at } = value as Record<string, unknown>;
  if (typeof id !== "number" || typeof title !== "string") return undefined;
  return {
    id,
    title,
    completed: completed === true,
    due_date: typeof due_date === "string" ? due_date : null,
    due_at: typeof due_at === "string" ? due_at : null,
  };
}
