/** In the back end's place while the list is measured: accounts that all work, and tasks kept in memory. */
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Task {
  id: number;
  user_id: string;
  title: string;
  description: string | null;
  completed: boolean;
  due_at: string | null;
  due_date: string | null;
  due_time_zone: null;
  priority: "high" | "medium" | "low";
  created_at: string;
  updated_at: string;
}

export interface TaskServer {
  readonly url: string;
  close(): Promise<void>;
}

/** As the back end's own: at most so many tasks come with one answer. */
const GREATEST_PAGE = 1000;
const DAY = 24 * 60 * 60 * 1000;

/** @param count how many tasks everybody has */
export async function startTaskServer(count: number): Promise<TaskServer> {
  const tasks = manyTasks(count);
  const server = http.createServer((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? "/", "http://localhost");
      const sent = (body === "" ? {} : JSON.parse(body)) as Partial<Task>;
      const answer = (value: unknown, status = 200, headers = {}) =>
        response
          .writeHead(status, { "content-type": "application/json", ...headers })
          .end(JSON.stringify(value));

      if (url.pathname.startsWith("/auth/")) return answer(signedIn());
      const [, id] = /\/tasks(?:\/(\d+))?/.exec(url.pathname) ?? [];
      if (!url.pathname.includes("/tasks")) return answer({ detail: "Not here." }, 404);
      if (id !== undefined) {
        const found = tasks.find((task) => task.id === Number(id));
        if (found === undefined) return answer({ detail: "There is no such task." }, 404);
        return answer(Object.assign(found, sent, { updated_at: new Date().toISOString() }));
      }
      if (request.method === "POST") {
        const created = { ...task(tasks.length + 1), ...sent };
        tasks.unshift(created);
        return answer(created, 201);
      }
      const offset = Number(url.searchParams.get("offset") ?? 0);
      const limit = Number(url.searchParams.get("limit") ?? GREATEST_PAGE);
      const page = JSON.stringify(tasks.slice(offset, offset + limit));
      const etag = `W/"${createHash("sha1").update(page).digest("hex")}"`;
      const headers = { etag, "x-total-count": String(tasks.length), "cache-control": "no-cache" };
      if (request.headers["if-none-match"] === etag) return response.writeHead(304, headers).end();
      return response.writeHead(200, { "content-type": "application/json", ...headers }).end(page);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function signedIn() {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "HS256" })}.${part({ sub: "1", iat: now, exp: now + 1800 })}.c2ln`;
  return { access_token: token, token_type: "bearer", user_id: "1", email: "ada@example.com" };
}

/** Newest first, as the back end lists them: a fifth done, a third with a date from 30 days ago on, a quarter with notes. */
function manyTasks(count: number): Task[] {
  return Array.from({ length: count }, (_, place) => task(count - place));
}

function task(id: number): Task {
  const due = id % 3 === 1 ? new Date(Date.now() + ((id % 400) - 30) * DAY).toISOString() : null;
  const created = new Date(Date.now() - (5000 - id) * 60_000).toISOString();
  return {
    id,
    user_id: "1",
    title: `${WHAT[id % WHAT.length] ?? ""} number ${id}`,
    description: id % 4 === 0 ? "To the new account.\nAsk for a receipt and keep it." : null,
    completed: id % 5 === 2,
    due_at: due === null ? null : `${due.slice(0, 10)}T23:59:00Z`,
    due_date: due === null ? null : due.slice(0, 10),
    due_time_zone: null,
    priority: id % 7 === 0 ? "high" : id % 11 === 0 ? "low" : "medium",
    created_at: created,
    updated_at: created,
  };
}

const WHAT = [
  "Pay the rent",
  "Call the plumber about the dripping tap",
  "Book train tickets to Lisbon",
  "Water the plants",
  "Send the parcel back",
];
