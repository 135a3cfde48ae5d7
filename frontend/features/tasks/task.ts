import { call } from "@/features/wire/call";

/** A task as the back end sends it. Times are ISO 8601. */
export interface Task {
  /** Below zero until the back end has given it one. */
  id: number;
  title: string;
  description: string | null;
  completed: boolean;
  created_at: string;
}

/** The back end's limit, in characters. */
export const LONGEST_TITLE = 200;

export function isSaved(task: Task): boolean {
  return task.id > 0;
}

export function fetchTasks(userId: string): Promise<Task[]> {
  return call("GET", tasksPath(userId));
}

export function createTask(userId: string, title: string): Promise<Task> {
  return call("POST", tasksPath(userId), { title });
}

export function completeTask(userId: string, id: number, completed: boolean): Promise<Task> {
  return call("PATCH", `${tasksPath(userId)}/${id}/complete`, { completed });
}

export function deleteTask(userId: string, id: number): Promise<void> {
  return call("DELETE", `${tasksPath(userId)}/${id}`);
}

function tasksPath(userId: string): string {
  return `/api/${encodeURIComponent(userId)}/tasks`;
}
