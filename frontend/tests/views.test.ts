/** Which tasks are shown for what somebody asked, and what quick typing means. */
import { describe, expect, test } from "vitest";
import { describeDue, dueAt } from "@/features/tasks/due";
import { readQuickEntry } from "@/features/tasks/quick-entry";
import type { Task } from "@/features/tasks/task";
import { readFilters, tasksFor, filtersQuery, type Filters } from "@/features/tasks/views";

/** A Monday, half past ten, local. */
const NOW = new Date(2026, 10, 23, 10, 30);

let lastId = 0;

function task(title: string, fields: Partial<Task> = {}): Task {
  return {
    id: ++lastId,
    title,
    description: null,
    due_at: null,
    priority: "medium",
    completed: false,
    created_at: `2026-11-20T10:00:${String(lastId).padStart(2, "0")}Z`,
    ...fields,
  };
}

const ALL: Filters = { view: "all", sort: "created", search: "", priority: "any" };
const TASKS = [
  task("Milk", { due_at: dueAt("2026-11-23") }),
  task("Rent", { due_at: dueAt("2026-11-23", "09:00"), priority: "high" }),
  task("Train", { due_at: dueAt("2026-11-24"), description: "To Lisbon, with MILK on board" }),
  task("Stamps", { due_at: dueAt("2026-11-20"), completed: true }),
  task("Plants", { priority: "low" }),
];

function shown(filters: Partial<Filters>): string[] {
  return tasksFor(TASKS, { ...ALL, ...filters }, NOW).map(({ title }) => title);
}

test.each<[Partial<Filters>, string[]]>([
  [{}, ["Plants", "Train", "Rent", "Milk", "Stamps"]],
  [{ view: "today" }, ["Rent", "Milk"]],
  [{ view: "upcoming" }, ["Train"]],
  [{ view: "overdue" }, ["Rent"]],
  [{ view: "done" }, ["Stamps"]],
  [{ search: "milk" }, ["Train", "Milk"]],
  [{ search: " milk lisbon " }, ["Train"]],
  [{ priority: "high" }, ["Rent"]],
  [{ sort: "due_date" }, ["Rent", "Milk", "Train", "Plants", "Stamps"]],
  [{ sort: "priority" }, ["Rent", "Train", "Milk", "Plants", "Stamps"]],
  [{ sort: "title" }, ["Milk", "Plants", "Rent", "Train", "Stamps"]],
])("%j shows %j", (filters, titles) => {
  expect(shown(filters)).toEqual(titles);
});

test("what was asked survives in the address, and nonsense there does no harm", () => {
  const filters: Filters = { view: "overdue", sort: "title", search: "a b&c", priority: "low" };
  expect(readFilters(Object.fromEntries(new URLSearchParams(filtersQuery(filters))))).toEqual(
    filters,
  );
  expect(filtersQuery(ALL)).toBe("");
  expect(readFilters({ view: "x", sort: ["title"], priority: "__proto__" })).toEqual(ALL);
});

describe("a due date in words", () => {
  test.each([
    [dueAt("2026-11-23"), "Today", "today"],
    [dueAt("2026-11-23", "17:00"), "Today, 17:00", "today"],
    [dueAt("2026-11-23", "10:00"), "Today, 10:00", "overdue"],
    [dueAt("2026-11-24"), "Tomorrow", "later"],
    [dueAt("2026-11-22"), "Yesterday", "overdue"],
    [dueAt("2027-02-03"), "3 Feb 2027", "later"],
  ])("%s is %j, %s", (due, words, tone) => {
    expect(describeDue(due ?? "", NOW)).toEqual({ words, tone });
  });
});

describe("quick typing", () => {
  test.each([
    ["Call Ada tomorrow", { title: "Call Ada", day: "2026-11-24" }],
    [
      "Pay the rent  on friday !high",
      { title: "Pay the rent", day: "2026-11-27", priority: "high" },
    ],
    ["!low Sort photos in 10 days", { title: "Sort photos", day: "2026-12-03", priority: "low" }],
    ["Plan the week monday", { title: "Plan the week", day: "2026-11-30" }],
    ["Renew by 2027-01-05", { title: "Renew", day: "2027-01-05" }],
    ["Prepare tomorrow's meeting", { title: "Prepare tomorrow's meeting" }],
    ["Buy a hat for the sun", { title: "Buy a hat for the sun" }],
    ["Wow!high five", { title: "Wow!high five" }],
    ["tomorrow", { title: "tomorrow" }],
    ["!high", { title: "!high" }],
    ["Meet on 2026-19-99", { title: "Meet on 2026-19-99" }],
  ])("%j", (text, entry) => {
    expect(readQuickEntry(text, NOW)).toEqual(entry);
  });
});
