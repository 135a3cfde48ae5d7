/** The list on the page follows the one at the back end, without asking for all of it again. */
import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import type { Task } from "@/features/tasks/task";
import { taskListReader, tasksKey } from "@/features/tasks/task-list";
import { firstTasks } from "@/server/first-tasks";
import { backendStandIn, closedPort, askBackendAt, json } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const GREATEST_PAGE = 100;
let lastChange = 0;

function task(id: number, title = `Task ${id}`): Task {
  const at = new Date(Date.UTC(2026, 10, 23) + ++lastChange * 1000).toISOString();
  return {
    id,
    title,
    description: null,
    due_date: null,
    due_at: null,
    priority: "medium",
    completed: false,
    created_at: at,
    updated_at: at,
  };
}

/** A back end with these tasks, newest first, and a page that reads them. */
async function page(count: number) {
  const kept = Array.from({ length: count }, (_, place) => task(place + 1)).reverse();
  const server = await backendStandIn((request, response) => {
    const query = new URL(request.url, "http://localhost").searchParams;
    const byChange = kept.toSorted((a, b) => b.updated_at.localeCompare(a.updated_at));
    const sorted = query.get("sort") === "updated" ? byChange : kept;
    const offset = Number(query.get("offset") ?? 0);
    const tasks = sorted.slice(offset, offset + Number(query.get("limit") ?? GREATEST_PAGE));
    const tag = `W/"${tasks.map(({ id, updated_at }) => `${id} ${updated_at}`).join()}"`;
    response.setHeader("x-total-count", String(kept.length));
    response.setHeader("etag", tag);
    if (request.headers["if-none-match"] === tag) response.writeHead(304).end();
    else json(response, 200, tasks);
  });
  const browserFetch = fetch;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) =>
    browserFetch(`http://127.0.0.1:${server.port}${path}`, init),
  );
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const queryKey = tasksKey("7");
  const queryFn = taskListReader(client, "7");
  return {
    kept,
    read: async () => {
      server.received.length = 0;
      const tasks = await client.query({ queryKey, queryFn, structuralSharing: false });
      return { tasks, asked: server.received.map(({ url }) => url.split("?")[1]) };
    },
    client,
  };
}

const NEWS = "sort=updated&limit=50";
const ids = (tasks: Task[]) => tasks.map(({ id }) => id).sort((a, b) => a - b);

test("a long list comes page by page, all of it", async () => {
  const { read, kept } = await page(250);
  const { tasks, asked } = await read();
  expect(asked).toEqual(["offset=0", "offset=100", "offset=200"]);
  expect(ids(tasks)).toEqual(ids(kept));
});

test("nothing new: one question, no tasks, and the very same list", async () => {
  const { read } = await page(250);
  const first = await read();
  await read();
  const again = await read();
  expect(again.asked).toEqual([NEWS]);
  expect(again.tasks).toBe(first.tasks);
});

test("what others add and change comes alone", async () => {
  const { read, kept } = await page(250);
  const before = (await read()).tasks;
  kept.unshift(task(251, "New"));
  kept[100] = { ...task(kept[100]?.id ?? 0, "Changed") };
  const { tasks, asked } = await read();
  expect(asked).toEqual([NEWS]);
  expect(tasks).toHaveLength(251);
  expect(tasks.map(({ title }) => title)).toEqual(expect.arrayContaining(["New", "Changed"]));
  // Rows of tasks that are as they were need not be drawn again.
  expect(tasks.filter((each) => before.includes(each))).toHaveLength(249);
});

test.each([
  ["something is deleted", (kept: Task[]) => kept.splice(200, 1)],
  ["one is deleted and one added", (kept: Task[]) => kept.splice(200, 1, task(300))],
  [
    "much is changed at once",
    (kept: Task[]) => kept.splice(0, 250, ...kept.map(({ id }) => task(id, "Changed"))),
  ],
])("where %s, the list comes whole again, once", async (_, change) => {
  const { read, kept } = await page(250);
  await read();
  change(kept);
  const { tasks, asked } = await read();
  expect(asked).toEqual([NEWS, "offset=0", "offset=100", "offset=200"]);
  expect(tasks.map(({ title }) => title).sort()).toEqual(kept.map(({ title }) => title).sort());
  expect((await read()).asked).toEqual([NEWS]);
});

test("a page that was not seen for long does not trust the last changes", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { read } = await page(3);
  await read();
  vi.setSystemTime(Date.now() + 5 * 60_000);
  expect((await read()).asked).toEqual(["offset=0"]);
});

test("what comes with the page is not asked for again, only what is missing", async () => {
  const { kept, client } = await page(250);
  const first = await firstTasks({ userId: "7", token: "token", zone: "Europe/Berlin" });
  expect(first?.tasks).toHaveLength(100);
  expect(first?.total).toBe(250);
  const queryFn = taskListReader(client, "7", first);
  client.setQueryData(tasksKey("7"), first?.tasks);
  const tasks = await client.query({ queryKey: tasksKey("7"), queryFn });
  expect(ids(tasks)).toEqual(ids(kept));
});

test("a page is made without its list where the back end is away", async () => {
  askBackendAt(await closedPort());
  expect(await firstTasks({ userId: "7", token: "token", zone: "UTC" })).toBeUndefined();
});

test("or where it refuses", async () => {
  await backendStandIn((_, response) => {
    json(response, 401, { detail: "Please sign in." });
  });
  expect(await firstTasks({ userId: "7", token: "token", zone: "UTC" })).toBeUndefined();
});
