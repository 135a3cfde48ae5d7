/** Which tasks are shown for what somebody asked, and what quick typing means. */
import { describe, expect, test } from "vitest";
import { dueFrom } from "@/features/tasks/due";
import { readQuickEntry } from "@/features/tasks/quick-entry";
import type { Task } from "@/features/tasks/task";
import {
  filtersQuery,
  readFilters,
  sectionsOf,
  tasksFor,
  type Filters,
} from "@/features/tasks/views";

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
    updated_at: "2026-11-20T10:00:00Z",
    ...fields,
  };
}

/** In the zone of the machine, as `dueFrom` is. */
const CLOCK = { now: NOW, zone: new Intl.DateTimeFormat().resolvedOptions().timeZone };

const ALL: Filters = { view: "all", sort: "created", search: "", priority: "any" };
const BY_DATE: Filters = { ...ALL, sort: "due_date" };
const TASKS = [
  task("Milk", { ...dueFrom("2026-11-23") }),
  task("Rent", { ...dueFrom("2026-11-23", "09:00"), priority: "high" }),
  task("Train", { ...dueFrom("2026-11-24"), description: "To Lisbon, with MILK on board" }),
  task("Stamps", { ...dueFrom("2026-11-20"), completed: true }),
  task("Plants", { priority: "low" }),
];

function shown(filters: Partial<Filters>): string[] {
  return tasksFor(TASKS, { ...ALL, ...filters }, CLOCK).map(({ title }) => title);
}

test.each<[Partial<Filters>, string[]]>([
  [{}, ["Plants", "Train", "Rent", "Milk", "Stamps"]],
  [{ view: "today" }, ["Rent", "Milk"]],
  [{ view: "upcoming" }, ["Train"]],
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
  const filters: Filters = { view: "upcoming", sort: "title", search: "a b&c", priority: "low" };
  expect(readFilters(Object.fromEntries(new URLSearchParams(filtersQuery(filters))))).toEqual(
    filters,
  );
  expect(filtersQuery(BY_DATE)).toBe("");
  // An address from before, when what is overdue had a view of its own.
  expect(readFilters({ view: "overdue" }).view).toBe("today");
  expect(readFilters({ view: "x", sort: ["title"], priority: "__proto__" })).toEqual(BY_DATE);
});

describe("in the order of dates", () => {
  const due = (title: string, day: string, time?: string) => task(title, dueFrom(day, time));
  const tasks = [
    due("Sow", "2026-12-24"),
    due("Call", "2026-11-23", "09:00"),
    task("Read"),
    due("Tax", "2026-11-20"),
    due("Milk", "2026-11-23"),
    due("Train", "2026-11-24"),
    task("Nap", { completed: true }),
  ];

  function parts(filters: Partial<Filters>): string[] {
    const wanted = { ...BY_DATE, ...filters };
    return sectionsOf(tasksFor(tasks, wanted, CLOCK), wanted, CLOCK).map(
      (section) => `${section.group}: ${section.tasks.map(({ title }) => title).join(" ")}`,
    );
  }

  test("what is late comes first, and what is done last", () => {
    expect(parts({})).toEqual([
      "overdue: Tax Call",
      "today: Milk",
      "tomorrow: Train",
      "later: Sow",
      "none: Read",
      "done: Nap",
    ]);
  });

  test("today has what should have been done by now", () => {
    expect(parts({ view: "today" })).toEqual(["overdue: Tax Call", "today: Milk"]);
    expect(parts({ view: "upcoming" })).toEqual(["tomorrow: Train", "later: Sow"]);
  });

  test("in another order there is one part", () => {
    expect(parts({ sort: "title" })).toEqual(["open: Call Milk Read Sow Tax Train", "done: Nap"]);
  });
});

test("what is due belongs to the day that it is for the person", () => {
  const call = task("Call", { due_at: "2026-11-24T11:30:00Z" });
  const now = new Date("2026-11-24T01:00:00Z");
  const group = (zone: string) =>
    sectionsOf([call], BY_DATE, { now, zone }).map((section) => section.group);
  expect(group("Europe/Berlin")).toEqual(["today"]);
  // There it is half past midnight of the next day, and the evening of the day before.
  expect(group("Pacific/Auckland")).toEqual(["tomorrow"]);
  expect(group("America/Los_Angeles")).toEqual(["tomorrow"]);
});

test("a search does not mind accents, and an order of titles knows numbers", () => {
  const tasks = ["Café 10", "cafe 9", "Émile", "Zoë", "Tea"].map((title) => task(title));
  const found = (filters: Partial<Filters>) =>
    tasksFor(tasks, { ...ALL, ...filters }, CLOCK).map(({ title }) => title);
  expect(found({ search: "cafe", sort: "title" })).toEqual(["cafe 9", "Café 10"]);
  expect(found({ search: "émil" })).toEqual(["Émile"]);
  expect(found({ search: "zoe" })).toEqual(["Zoë"]);
  expect(found({ sort: "title" })).toEqual(["cafe 9", "Café 10", "Émile", "Tea", "Zoë"]);
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
