/** What a person sees in the list while changes are under way, refused or taken. */
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { dueFrom } from "@/features/tasks/due";
import { taskChanges } from "@/features/tasks/changes";
import type { Task, TaskFields } from "@/features/tasks/task";
import { taskListReader, tasksKey } from "@/features/tasks/task-list";
import { backendStandIn, json, Signal } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

const CREATED = "2026-11-23T10:00:00Z";

function task(id: number, title: string): Task {
  return { id, ...fields(title), completed: false, created_at: CREATED, updated_at: CREATED };
}

function fields(title: string): TaskFields {
  return { title, description: null, due_date: null, due_at: null, priority: "medium" };
}

/** A page that shows the tasks of a server; `hold` makes the next change wait for `release`. */
async function page(...kept: Task[]) {
  let refuse: (url: string, body: string) => boolean = () => false;
  let refusal = 500;
  let gate = Promise.resolve();
  const server = await backendStandIn(async (request, response) => {
    if (request.method === "GET") {
      json(response, 200, kept);
      return;
    }
    await gate;
    if (refuse(request.url, request.body)) {
      json(response, refusal, { detail: "The server is out of order." });
      return;
    }
    const id = Number(/tasks\/(\d+)/.exec(request.url)?.[1]);
    const found = kept.find((each) => each.id === id);
    const sent = (request.body === "" ? {} : JSON.parse(request.body)) as Partial<Task>;
    if (request.method === "POST") {
      kept.push(task(100 + kept.length, sent.title ?? ""));
      json(response, 201, kept.at(-1));
    } else if (request.method !== "DELETE" && found !== undefined) {
      json(response, 200, Object.assign(found, sent));
    } else {
      kept.splice(kept.indexOf(found ?? task(0, "")), 1);
      response.writeHead(204).end();
    }
  });
  const browserFetch = fetch;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) =>
    browserFetch(`http://127.0.0.1:${server.port}${path}`, init),
  );

  const client = new QueryClient();
  const key = tasksKey("7");
  const list = { queryKey: key, queryFn: taskListReader(client, "7") };
  const shownList = new QueryObserver(client, list);
  onTestFinished(shownList.subscribe(() => undefined));
  await client.query(list);
  return {
    changes: taskChanges(client, "7"),
    server,
    shown: () =>
      (client.getQueryData<Task[]>(key) ?? []).map(
        ({ title, completed }) => `${completed ? "✓ " : ""}${title}`,
      ),
    settled: () =>
      vi.waitFor(() => {
        expect(client.isMutating() + client.isFetching()).toBe(0);
      }),
    refuse: (which: (url: string, body: string) => boolean, status = 500) => {
      refuse = which;
      refusal = status;
    },
    hold: () => {
      const released = new Signal();
      gate = released.given;
      return released.give;
    },
  };
}

test("a change says in which time zone it was made", async () => {
  vi.stubEnv("TZ", "Asia/Tokyo");
  const { changes, server } = await page(task(1, "Milk"));
  await changes.complete(task(1, "Milk"), true);
  const patch = server.received.find(({ method }) => method === "PATCH");
  expect(patch?.headers["x-time-zone"]).toBe("Asia/Tokyo");
});

test("an edit sends the fields that were changed, and no others", async () => {
  const { changes, server } = await page(task(1, "Milk"));
  await changes.edit(task(1, "Milk"), { title: "Oat milk" });
  const put = server.received.find(({ method }) => method === "PUT");
  expect(put?.body).toBe('{"title":"Oat milk"}');
});

test.each<[Partial<TaskFields>, object]>([
  [dueFrom("2026-11-26"), { due_date: "2026-11-26", due_at: "2026-11-26T22:59:00.000Z" }],
  [
    { due_date: null, due_at: "2026-11-26T17:00:00.000Z" },
    { due_date: null, due_at: "2026-11-26T17:00:00.000Z" },
  ],
  [dueFrom(""), { due_date: null, due_at: null }],
])("%j is sent as %j", async (change, sent) => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const { changes, server } = await page(task(1, "Milk"));
  await changes.edit(task(1, "Milk"), change);
  const put = server.received.find(({ method }) => method === "PUT");
  expect(JSON.parse(put?.body ?? "")).toEqual(sent);
});

test("a day goes alone to a server that takes its last minute for another one", async () => {
  const { changes, server, refuse } = await page(task(1, "Milk"));
  refuse((_, body) => body.includes("due_at"), 422);
  await changes.edit(task(1, "Milk"), dueFrom("2026-11-26"));
  const bodies = server.received.filter(({ method }) => method === "PUT").map(({ body }) => body);
  expect(bodies.at(-1)).toBe('{"due_date":"2026-11-26"}');
});

test("changes show before the server has answered", async () => {
  const { changes, shown, hold, settled } = await page(task(1, "Milk"), task(2, "Bread"));
  const release = hold();
  const all = [
    changes.add(fields("Eggs")),
    changes.complete(task(1, "Milk"), true),
    changes.remove(task(2, "Bread")),
  ];
  await vi.waitFor(() => {
    expect(shown()).toEqual(["Eggs", "✓ Milk"]);
  });
  release();
  await Promise.all(all);
  await settled();
  expect(shown().sort()).toEqual(["Eggs", "✓ Milk"].sort());
});

test("a refused change is taken back, and the others stay", async () => {
  const { changes, shown, hold, refuse, settled } = await page(task(1, "Milk"), task(2, "Bread"));
  refuse((url) => !url.includes("/2"));
  const release = hold();
  const refusedOnes = [changes.add(fields("Eggs")), changes.complete(task(1, "Milk"), true)];
  const taken = changes.complete(task(2, "Bread"), true);
  await vi.waitFor(() => {
    expect(shown()).toEqual(["Eggs", "✓ Milk", "✓ Bread"]);
  });
  release();
  for (const refused of refusedOnes) {
    await expect(refused).rejects.toThrow("The server is out of order.");
  }
  await taken;
  expect(shown()).toEqual(["Milk", "✓ Bread"]);
  await settled();
  expect(shown()).toEqual(["Milk", "✓ Bread"]);
});

test("a task whose deletion is refused returns to its place", async () => {
  const { changes, shown, refuse } = await page(task(1, "Milk"), task(2, "Bread"), task(3, "Tea"));
  refuse(() => true);
  await expect(changes.remove(task(2, "Bread"))).rejects.toThrow();
  expect(shown()).toEqual(["Milk", "Bread", "Tea"]);
});

test("new tasks reach the server in the order in which they were written down", async () => {
  const { changes, server, shown, hold, settled } = await page();
  const release = hold();
  const all = ["Milk", "Bread", "Eggs"].map((title) => changes.add(fields(title)));
  await vi.waitFor(() => {
    expect(shown()).toEqual(["Eggs", "Bread", "Milk"]);
    expect(server.received.filter(({ method }) => method === "POST")).toHaveLength(1);
  });
  release();
  await Promise.all(all);
  await settled();
  const sent = server.received.filter(({ method }) => method === "POST").map(({ body }) => body);
  expect(sent.map((body) => (JSON.parse(body) as Task).title)).toEqual(["Milk", "Bread", "Eggs"]);
});

test("changes of one task reach the server in the order they were made", async () => {
  const { changes, server, shown, hold, settled } = await page(task(1, "Milk"));
  const release = hold();
  const both = [
    changes.complete(task(1, "Milk"), true),
    changes.complete({ ...task(1, "Milk"), completed: true }, false),
  ];
  await vi.waitFor(() => {
    expect(server.received.filter(({ method }) => method === "PATCH")).toHaveLength(1);
  });
  release();
  await Promise.all(both);
  await settled();
  const bodies = server.received.filter(({ method }) => method === "PATCH").map((r) => r.body);
  expect(bodies).toEqual(['{"completed":true}', '{"completed":false}']);
  expect(shown()).toEqual(["Milk"]);
});
