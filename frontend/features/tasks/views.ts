/** Which tasks are shown, and in which order. */
import { dayOf } from "@/lib/dates";
import { dueDay, dueOrder, isOverdue } from "./due";
import { PRIORITIES, type Priority, type Task } from "./task";

export const VIEWS = ["all", "today", "upcoming", "overdue", "done"] as const;
export type View = (typeof VIEWS)[number];

export const SORTS = ["created", "due_date", "priority", "title"] as const;
export type Sort = (typeof SORTS)[number];

/** What somebody asked to see; it is in the page's address, so a reload shows the same. */
export interface Filters {
  view: View;
  sort: Sort;
  /** Words that must all be in the title or the description. */
  search: string;
  priority: Priority | "any";
}

/** The filters in a page's query. What makes no sense there is the default. */
export function readFilters(query: Record<string, string | string[] | undefined>): Filters {
  const { view, sort, q, priority } = query;
  return {
    view: VIEWS.find((each) => each === view) ?? "all",
    sort: SORTS.find((each) => each === sort) ?? "created",
    search: typeof q === "string" ? q : "",
    priority: PRIORITIES.find((each) => each === priority) ?? "any",
  };
}

/** The query for these filters, with defaults left out: `view=today&q=milk`, or empty. */
export function filtersQuery({ view, sort, search, priority }: Filters): string {
  const query = new URLSearchParams();
  if (view !== "all") query.set("view", view);
  if (sort !== "created") query.set("sort", sort);
  if (search !== "") query.set("q", search);
  if (priority !== "any") query.set("priority", priority);
  return query.toString();
}

export function isInView(task: Task, view: View, now: Date): boolean {
  if (view === "all") return true;
  if (view === "done") return task.completed;
  const day = dueDay(task);
  if (task.completed || day === "") return false;
  if (view === "overdue") return isOverdue(task, now);
  const today = dayOf(now);
  return view === "today" ? day === today : day > today;
}

/** The tasks that fit the filters, in their order; what is done comes after what is not. */
export function tasksFor(tasks: readonly Task[], filters: Filters, now: Date): Task[] {
  const words = filters.search.toLowerCase().split(/\s+/).filter(Boolean);
  return tasks
    .filter((task) => {
      const text = `${task.title} ${task.description ?? ""}`.toLowerCase();
      return (
        isInView(task, filters.view, now) &&
        (filters.priority === "any" || task.priority === filters.priority) &&
        words.every((word) => text.includes(word))
      );
    })
    .sort(
      (a, b) =>
        Number(a.completed) - Number(b.completed) ||
        ORDERS[filters.sort](a, b) ||
        b.created_at.localeCompare(a.created_at),
    );
}

const ORDERS: Record<Sort, (a: Task, b: Task) => number> = {
  created: () => 0,
  title: (a, b) => a.title.localeCompare(b.title),
  priority: (a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority),
  // Without a date: last.
  due_date: (a, b) => dueOrder(a) - dueOrder(b),
};
