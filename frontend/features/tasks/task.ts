import { instantAt } from "@/lib/dates";
import { apiFetch } from "@/features/api/api-fetch";
import type { Due } from "./due";

export const PRIORITIES = ["high", "medium", "low"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What people decide about a task. */
export interface TaskFields extends Due {
  title: string;
  description: string | null;
  priority: Priority;
}

/** A task as the back end sends it. Times are ISO 8601. */
export interface Task extends TaskFields {
  /** Below zero until the back end has given it one. */
  id: number;
  completed: boolean;
  created_at: string;
}

/** The back end's limits, in characters. */
export const LONGEST_TITLE = 200;
export const LONGEST_DESCRIPTION = 1000;

export function isSaved(task: Task): boolean {
  return task.id > 0;
}

export function fetchTasks(userId: string): Promise<Task[]> {
  return apiFetch("GET", tasksPath(userId));
}

export function createTask(userId: string, fields: TaskFields): Promise<Task> {
  return apiFetch("POST", tasksPath(userId), asSent(fields));
}

export function fetchTask(userId: string, id: number): Promise<Task> {
  return apiFetch("GET", `${tasksPath(userId)}/${id}`);
}

/** Changes the given fields; what is left out stays. */
export function updateTask(userId: string, id: number, fields: Partial<TaskFields>): Promise<Task> {
  return apiFetch("PUT", `${tasksPath(userId)}/${id}`, asSent(fields));
}

export function completeTask(userId: string, id: number, completed: boolean): Promise<Task> {
  return apiFetch("PATCH", `${tasksPath(userId)}/${id}/complete`, { completed });
}

export function deleteTask(userId: string, id: number): Promise<void> {
  return apiFetch("DELETE", `${tasksPath(userId)}/${id}`);
}

/** Takes a deletion back; the task has the same id as before. The back end allows it for a day. */
export function restoreTask(userId: string, id: number): Promise<Task> {
  return apiFetch("POST", `${tasksPath(userId)}/${id}/restore`);
}

/** A day goes as its last minute. */
function asSent({ due_date: day, ...fields }: Partial<TaskFields>): object {
  return day ? { ...fields, due_at: instantAt(day, "23:59") } : fields;
}

function tasksPath(userId: string): string {
  return `/api/${encodeURIComponent(userId)}/tasks`;
}
