/** Which tasks are shown for what somebody asked, and what quick typing means. */
import { describe, expect, test } from "vitest";
import { dueFrom } from "@/features/tasks/due";
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
    due_date: null,
    due_at: null,
    priority: "medium",
    completed: false,
    created_at: `2026-11-20T10:00:${String(lastId).padStart(2, "0")}Z`,
    ...fields,
  };
}

const ALL: Filters = { view: "all", sort: "created", search: "", priority: "any" };
const TASKS = [
  task("Milk", { ...dueFrom("2026-11-23") }),
  task("Rent", { ...dueFrom("2026-11-23", "09:00"), priority: "high" }),
  task("Train", { ...dueFrom("2026-11-24"), description: "To Lisbon, with MILK on board" }),
  task("Stamps", { ...dueFrom("2026-11-20"), completed: true }),
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

describe("quick typing", () => {
  test.each<[string, object]>([
    ["Call Ada tomorrow", { title: "Call Ada", due: dueFrom("2026-11-24") }],
    [
      "Pay the rent  on friday !high",
      { title: "Pay the rent", due: dueFrom("2026-11-27"), priority: "high" },
    ],
    [
      "!low Sort photos in 10 days",
      { title: "Sort photos", due: dueFrom("2026-12-03"), priority: "low" },
    ],
    ["Sort photos !normal", { title: "Sort photos", priority: "medium" }],
    ["Report due friday", { title: "Report", due: dueFrom("2026-11-27") }],
    ["Milk, tomorrow", { title: "Milk", due: dueFrom("2026-11-24") }],
    ["Call Ada tomorrow 5pm", { title: "Call Ada", due: dueFrom("2026-11-24", "17:00") }],
    ["Prepare tomorrow's meeting", { title: "Prepare tomorrow's meeting" }],
    ["Buy a hat for the sun", { title: "Buy a hat for the sun" }],
    ["Wow!high five", { title: "Wow!high five" }],
    ["tomorrow", { title: "tomorrow" }],
    ["!high", { title: "!high" }],
    [
      "Call mum every monday",
      {
        title: "Call mum every monday",
        problem: "Repeating tasks are not supported (“every monday”).",
      },
    ],
    [
      "Renew pass 2026-02-30",
      {
        title: "Renew pass 2026-02-30",
        problem: "There is no such date or time as “2026-02-30”.",
      },
    ],
    [
      "Friday meeting notes",
      { title: "Friday meeting notes", unsure: { words: "Friday", day: "2026-11-27" } },
    ],
  ])("%j", (text, entry) => {
    expect(readQuickEntry(text, NOW)).toMatchObject(entry);
    expect(Object.keys(readQuickEntry(text, NOW)).sort()).toEqual(
      [...Object.keys(entry), "undated"].sort(),
    );
  });

  test("the words of a date can be kept while the urgency is read", () => {
    expect(readQuickEntry("Pay the rent on friday !high", NOW).undated).toBe(
      "Pay the rent on friday",
    );
  });
});
