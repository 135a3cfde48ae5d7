import { instantAt } from "@/lib/dates";
import { apiFetch, request } from "@/features/api/api-fetch";
import type { components } from "@/features/api/schema";
import type { Due } from "./due";

type Schemas = components["schemas"];

export type Priority = Schemas["Priority"];
export const PRIORITIES = ["high", "medium", "low"] as const satisfies Priority[];

/** A task as the back end sends it. Times are ISO 8601; an id below zero is not the back end's yet. */
export type Task = Omit<Schemas["TaskRead"], "user_id"> & Due;

/** What people decide about a task. */
export type TaskFields = Pick<Task, "title" | "description" | "priority"> & Due;

/** The back end's limits, in characters. */
export const LONGEST_TITLE = 200;
export const LONGEST_DESCRIPTION = 1000;

export function isSaved(task: Task): boolean {
  return task.id > 0;
}

/** A part of the list. */
export interface TaskPage {
  tasks: Task[];
  /** How many there are on all pages together, if the server says it. */
  total: number | undefined;
  /** The server's name for this state of this page, to ask with for the next one. */
  tag: string | undefined;
}

/**
 * The page of the list that `query` asks for. `tag` is that of the same page as it was: if nothing
 * has changed since, it comes without tasks.
 */
export async function fetchTaskPage(
  userId: string,
  query: Record<string, string>,
  { signal, tag }: { signal: AbortSignal; tag?: string | undefined },
): Promise<TaskPage> {
  const response = await request(`${tasksPath(userId)}?${new URLSearchParams(query).toString()}`, {
    headers: tag === undefined ? {} : { "if-none-match": tag },
    signal,
  });
  const tasks = response.status === 304 ? [] : ((await response.json()) as Task[]);
  const total = response.headers.get("x-total-count");
  return {
    tasks,
    total: total === null ? undefined : Number(total),
    tag: response.headers.get("etag") ?? undefined,
  };
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
