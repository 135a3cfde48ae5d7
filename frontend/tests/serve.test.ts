/** `/api/…` over the wire: what a browser receives of the forwarder's answers. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { forward } from "@/server/forward";
import { serve } from "@/server/serve";
import { cookieOf, session } from "./browser";
import { backendStandIn, json, Signal } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
});

const cookie = cookieOf(session());

async function site(): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    void serve(forward, incoming, outgoing);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a list arrives packed, and whole", async () => {
  const tasks = Array.from({ length: 300 }, (_, id) => ({ id, title: "Milk" }));
  await backendStandIn((_, response) => {
    json(response, 200, tasks);
  });
  const headers = { cookie, "accept-encoding": "gzip" };
  const answer = await fetch(`${await site()}/api/7/tasks`, { headers });
  expect(answer.headers.get("content-encoding")).toBe("gzip");
  expect(await answer.json()).toEqual(tasks);
});

test("what is sent reaches the back end", async () => {
  const backend = await backendStandIn((_, response) => {
    json(response, 201, { id: 1 });
  });
  const url = await site();
  const answer = await fetch(`${url}/api/7/tasks?x=1`, {
    method: "POST",
    headers: { cookie, origin: url, "content-type": "application/json" },
    body: '{"title":"Milk"}',
  });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toEqual({ id: 1 });
  expect(backend.received[0]).toMatchObject({ url: "/api/7/tasks?x=1", body: '{"title":"Milk"}' });
});

test("a stream arrives while it goes on, and ends at the back end when the browser leaves", async () => {
  const closed = new Signal();
  await backendStandIn((_, response) => {
    response.on("close", closed.give);
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: first\n\n");
  });
  const leaving = new AbortController();
  const answer = await fetch(`${await site()}/api/7/tasks`, {
    headers: { cookie },
    signal: leaving.signal,
  });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe("data: first\n\n");
  leaving.abort();
  await closed.given;
});

test("an ended session takes its cookies along", async () => {
  await backendStandIn((_, response) => {
    json(response, 401, { detail: "Please sign in." });
  });
  const answer = await fetch(`${await site()}/api/7/tasks`, { headers: { cookie } });
  expect(answer.status).toBe(401);
  expect(answer.headers.getSetCookie().length).toBeGreaterThan(0);
});
