import { instantAt } from "@/lib/dates";
import { ApiError, apiFetch, request } from "@/features/api/api-fetch";
import type { components } from "@/features/api/schema";
import type { Due } from "./due";

type Schemas = components["schemas"];

export type Priority = Schemas["Priority"];
export const PRIORITIES = ["high", "medium", "low"] as const satisfies Priority[];

/** A task as the back end sends it. Times are ISO 8601; an id below zero is not the back end's yet. */
export type Task = Omit<Schemas["TaskRead"], "user_id" | "due_time_zone"> & Due;

/** A task without what the page does not use: with a thousand of them that would be a quarter of it. */
export function asTask({ user_id, due_time_zone, ...task }: Schemas["TaskRead"]): Task {
  return task;
}

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
  const tasks = response.status === 304 ? [] : ((await response.json()) as Schemas["TaskRead"][]);
  const total = response.headers.get("x-total-count");
  return {
    tasks: tasks.map(asTask),
    total: total === null ? undefined : Number(total),
    tag: response.headers.get("etag") ?? undefined,
  };
}

export function createTask(userId: string, fields: TaskFields): Promise<Task> {
  return write("POST", tasksPath(userId), fields);
}

export function fetchTask(userId: string, id: number): Promise<Task> {
  return apiFetch("GET", `${tasksPath(userId)}/${id}`);
}

/** Changes the given fields; what is left out stays. */
export function updateTask(userId: string, id: number, fields: Partial<TaskFields>): Promise<Task> {
  return write("PUT", `${tasksPath(userId)}/${id}`, fields);
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

/**
 * Sends a task's fields. A day goes with its last minute: a back end of the version before, which
 * answers while an update rolls out, knows instants only. One that reckons this zone's clocks by
 * other rules takes that for a contradiction, and gets the day alone.
 */
async function write(method: string, path: string, fields: Partial<TaskFields>): Promise<Task> {
  const { due_date: day } = fields;
  if (!day) return apiFetch(method, path, fields);
  try {
    return await apiFetch(method, path, { ...fields, due_at: instantAt(day, "23:59") });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 422) throw error;
    // What is undefined is not sent.
    return apiFetch(method, path, { ...fields, due_at: undefined });
  }
}

function tasksPath(userId: string): string {
  return `/api/${encodeURIComponent(userId)}/tasks`;
}
