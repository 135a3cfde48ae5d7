/** The list on the page, kept the same as the one at the back end, whoever changes that one. */
import type { QueryClient } from "@tanstack/react-query";
import { fetchTaskPage, type Task } from "./task";

/** Where the list of one person's tasks is kept in the query cache. */
export function tasksKey(userId: string): [string, string] {
  return ["tasks", userId];
}

/** The list's first page, as it comes with the page itself. */
export interface FirstTasks {
  tasks: Task[];
  /** How many there are on all pages together. */
  total: number;
}

/** How many of the last changes are asked for at a time. */
const NEWS = 50;

/** Milliseconds without asking after which the last changes are not trusted to be all. */
const LONG_AGO = 60_000;

export type ReadTasks = (context: { signal: AbortSignal }) => Promise<Task[]>;

/**
 * How the query cache reads the list: whole the first time, page by page (`first` is not asked for
 * again), later only what changed last, and whole again where that does not explain how many there
 * are. If nothing has changed, the result is the same array as before, and so are unchanged tasks.
 */
export function taskListReader(client: QueryClient, userId: string, first?: FirstTasks): ReadTasks {
  const key = tasksKey(userId);
  let missing = first !== undefined && first.tasks.length < first.total ? first.tasks : undefined;
  let newsTag: string | undefined;
  let readAt = Date.now();

  async function readWhole(begun: readonly Task[], signal: AbortSignal): Promise<Task[]> {
    const found = new Map(begun.map((task) => [task.id, task]));
    let offset = begun.length;
    let more = true;
    while (more) {
      const { tasks, total } = await fetchTaskPage(userId, { offset: String(offset) }, { signal });
      for (const task of tasks) found.set(task.id, task);
      offset += tasks.length;
      // A list that shrinks meanwhile has no last page.
      more = tasks.length > 0 && total !== undefined && offset < total;
    }
    return [...found.values()];
  }

  return async ({ signal }) => {
    const known = client.getQueryData<Task[]>(key);
    // What is on the page is ahead of the back end, whose answer would take changes back.
    if (known !== undefined && client.isMutating({ mutationKey: key }) > 0) return known;

    if (known === undefined || missing !== undefined || Date.now() - readAt > LONG_AGO) {
      const whole = await readWhole(missing ?? [], signal);
      missing = undefined;
      readAt = Date.now();
      return keepingSame(known ?? [], whole);
    }
    const query = { sort: "updated", limit: String(NEWS) };
    const news = await fetchTaskPage(userId, query, { signal, tag: newsTag });
    const merged = withNews(known, news.tasks);
    const count = news.total ?? merged.length;
    const explained = merged.length === count && reachesBack(news.tasks, known);
    const tasks = explained ? merged : keepingSame(known, await readWhole([], signal));
    newsTag = news.tag;
    readAt = Date.now();
    return tasks;
  };
}

/** `known` with what changed last; the same array if nothing did. */
function withNews(known: Task[], news: readonly Task[]): Task[] {
  const byId = new Map(known.map((task) => [task.id, task]));
  const changed = new Map<number, Task>();
  for (const task of news) {
    const before = byId.get(task.id);
    if (before === undefined || !isSame(before, task)) changed.set(task.id, task);
  }
  if (changed.size === 0) return known;
  const added = [...changed.values()].filter(({ id }) => !byId.has(id));
  return [...added, ...known.map((task) => changed.get(task.id) ?? task)];
}

/** Whether every change since `known` is among the last ones: the oldest of them was known, or there are no more. */
function reachesBack(news: readonly Task[], known: readonly Task[]): boolean {
  const oldest = news.at(-1);
  if (news.length < NEWS || oldest === undefined) return true;
  return known.some((task) => task.id === oldest.id && task.updated_at === oldest.updated_at);
}

/** `tasks`, but those that are as they were are the same objects: what shows them need not look. */
function keepingSame(known: Task[], tasks: Task[]): Task[] {
  const byId = new Map(known.map((task) => [task.id, task]));
  const kept = tasks.map((task) => {
    const before = byId.get(task.id);
    return before !== undefined && isSame(before, task) ? before : task;
  });
  const same = kept.length === known.length && kept.every((task, place) => task === known[place]);
  return same ? known : kept;
}

function isSame(one: Task, other: Task): boolean {
  const names = Object.keys(other) as (keyof Task)[];
  return names.every((name) => one[name] === other[name]);
}
