/** A chat's stream on its way through the front end. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { forward } from "@/server/forward";
import { browserRequest, cookieOf, session } from "./browser";
import { backendStandIn, Signal } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
});

const EVENT_STREAM = { "content-type": "text/event-stream; charset=utf-8" };

function chat(signal?: AbortSignal): Request {
  return browserRequest("/api/7/chat", {
    method: "POST",
    cookie: cookieOf(session()),
    body: '{"message":"hello"}',
    headers: { accept: "text/event-stream", "content-type": "application/json" },
    ...(signal === undefined ? {} : { signal }),
  });
}

test("each event arrives while the turn goes on, and a pause does not end it", async () => {
  const heard = new Signal();
  const backend = await backendStandIn(async (_, response) => {
    response.writeHead(200, EVENT_STREAM).write("event: delta\ndata: {}\n\n");
    await heard.given;
    // Longer than any connection is used again for.
    await sleep(5_000);
    response.end("event: done\ndata: {}\n\n");
  });
  const answer = await forward(chat());
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toContain("event: delta");
  heard.give();
  expect((await reader?.read())?.value).toContain("event: done");
  expect(backend.received[0]?.headers.accept).toBe("text/event-stream");
});

test("no proxy on the way may hold it back or pack it", async () => {
  await backendStandIn((_, response) => {
    response.writeHead(200, EVENT_STREAM).end(": hello\n\n");
  });
  const { headers } = await forward(chat());
  expect(headers.get("cache-control")).toBe("no-cache, no-transform");
  expect(headers.get("x-accel-buffering")).toBe("no");
  expect(headers.has("content-encoding")).toBe(false);
});

test("stopping in the browser stops the turn at the back end", async () => {
  const stopped = new Signal();
  await backendStandIn((_, response) => {
    response.on("close", stopped.give);
    response.writeHead(200, EVENT_STREAM).write("event: delta\ndata: {}\n\n");
  });
  const stop = new AbortController();
  const answer = await forward(chat(stop.signal));
  await answer.body?.getReader().read();
  stop.abort();
  await stopped.given;
});

test("a turn that broke off is not sent again: that is for the person to decide", async () => {
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  const backend = await backendStandIn((_, response) => response.destroy());
  expect((await forward(chat())).status).toBe(502);
  expect(backend.received).toHaveLength(1);
  log.mockRestore();
});
