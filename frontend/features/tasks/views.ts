/** Which tasks are shown, and in which order. */
import { addDays, dayOf } from "@/lib/dates";
import type { Clock } from "./clock";
import { asTypedDue } from "./due";
import { PRIORITIES, type Priority, type Task } from "./task";

export const VIEWS = ["all", "today", "upcoming", "done"] as const;
export type View = (typeof VIEWS)[number];

export const SORTS = ["due_date", "created", "priority", "title"] as const;
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
export function readFilters(query: Partial<Record<string, string | string[]>>): Filters {
  const { view, sort, q, priority } = query;
  return {
    // What is overdue had a view of its own once, and addresses of it are kept.
    view: view === "overdue" ? "today" : (VIEWS.find((each) => each === view) ?? "all"),
    sort: SORTS.find((each) => each === sort) ?? "due_date",
    search: typeof q === "string" ? q : "",
    priority: PRIORITIES.find((each) => each === priority) ?? "any",
  };
}

/** The query for these filters, with defaults left out: `view=today&q=milk`, or empty. */
export function filtersQuery({ view, sort, search, priority }: Filters): string {
  const query = new URLSearchParams();
  if (view !== "all") query.set("view", view);
  if (sort !== "due_date") query.set("sort", sort);
  if (search !== "") query.set("q", search);
  if (priority !== "any") query.set("priority", priority);
  return query.toString();
}

/** Whether words or a priority leave tasks of the view out. */
export function isNarrowed({ search, priority }: Filters): boolean {
  return search.trim() !== "" || priority !== "any";
}

/** A task with what is asked of it again and again; worked out once. */
interface Known {
  zone: string;
  /** `YYYY-MM-DD` in that zone; empty when it is due at no time. */
  day: string;
  /** Milliseconds since 1970 at which it is due on that day; infinite for its end. */
  at: number;
  /** The title and the notes, as they are searched. */
  text: string;
}

/** Tasks are never changed, only replaced. */
const knownTasks = new WeakMap<Task, Known>();

function known(task: Task, zone: string): Known {
  const found = knownTasks.get(task);
  if (found?.zone === zone) return found;
  const { day, time } = asTypedDue(task, zone);
  const made: Known = {
    zone,
    day,
    at: time === "" ? Infinity : Date.parse(task.due_at ?? ""),
    text: folded(`${task.title} ${task.description ?? ""}`),
  };
  knownTasks.set(task, made);
  return made;
}

/** Text without what people leave out when they search: capitals, accents, wide forms. */
function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Under which heading a task stands, when they are in the order of their dates. */
export type Due = "overdue" | "today" | "tomorrow" | "later" | "none";

export function dueGroup(task: Task, clock: Clock): Due {
  const { day, at } = known(task, clock.zone);
  if (day === "") return "none";
  const { today, tomorrow } = daysOf(clock);
  // A day is late when it is over, an instant when it has passed.
  if (day < today || at < clock.now.getTime()) return "overdue";
  if (day === today) return "today";
  return day === tomorrow ? "tomorrow" : "later";
}

const daysOfClocks = new WeakMap<Clock, { today: string; tomorrow: string }>();

function daysOf(clock: Clock): { today: string; tomorrow: string } {
  let days = daysOfClocks.get(clock);
  if (days === undefined) {
    const today = dayOf(clock.now, clock.zone);
    days = { today, tomorrow: addDays(today, 1) };
    daysOfClocks.set(clock, days);
  }
  return days;
}

/** Today has what is due and what should have been done by now. */
export function isInView(task: Task, view: View, clock: Clock): boolean {
  if (view === "all") return true;
  if (view === "done" || task.completed) return view === "done" && task.completed;
  const group = dueGroup(task, clock);
  return view === "today"
    ? group === "today" || group === "overdue"
    : group === "tomorrow" || group === "later";
}

/** The tasks that fit the filters, in their order; what is done comes after what is not. */
export function tasksFor(tasks: readonly Task[], filters: Filters, clock: Clock): Task[] {
  const words = folded(filters.search).split(/\s+/).filter(Boolean);
  const order = ORDERS[filters.sort](clock.zone);
  return tasks
    .filter((task) => {
      if (!isInView(task, filters.view, clock)) return false;
      if (filters.priority !== "any" && task.priority !== filters.priority) return false;
      if (words.length === 0) return true;
      const { text } = known(task, clock.zone);
      return words.every((word) => text.includes(word));
    })
    .sort(
      (a, b) =>
        Number(a.completed) - Number(b.completed) ||
        order(a, b) ||
        byText(b.created_at, a.created_at),
    );
}

const { compare } = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const ORDERS: Record<Sort, (zone: string) => (a: Task, b: Task) => number> = {
  created: () => () => 0,
  // "Task 10" comes after "Task 2", and "Émile" before "Fred".
  title: () => (a, b) => compare(a.title, b.title),
  priority: () => (a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority),
  // What is due at some time of a day comes before what is due on that day; without a date: last.
  due_date: (zone) => (a, b) => {
    const [one, other] = [known(a, zone), known(b, zone)];
    const days = byText(one.day || AFTER_ALL_DAYS, other.day || AFTER_ALL_DAYS);
    return days || (one.at === other.at ? 0 : one.at - other.at);
  },
};

const AFTER_ALL_DAYS = "~";

/** For times in ISO 8601, which a language's own order would only slow down. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Some of the tasks shown, under a heading. */
export interface Section {
  group: Due | "open" | "done";
  tasks: Task[];
}

/** The tasks shown in parts: by when they are due, where that is the order, and those done last. */
export function sectionsOf(shown: readonly Task[], { sort }: Filters, clock: Clock): Section[] {
  const sections: Section[] = [];
  let current: Section | undefined;
  for (const task of shown) {
    const group = task.completed ? "done" : sort === "due_date" ? dueGroup(task, clock) : "open";
    if (current?.group !== group) {
      current = { group, tasks: [] };
      sections.push(current);
    }
    current.tasks.push(task);
  }
  return sections;
}
