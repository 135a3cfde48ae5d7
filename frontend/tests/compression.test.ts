/** Answers on their way to the browser: how many bytes they cost, and whether they are asked for twice. */
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { forward } from "@/server/forward";
import { browserRequest, cookieOf, session } from "./browser";
import { backendStandIn, json } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
});

const cookie = cookieOf(session());
const list = JSON.stringify(
  Array.from({ length: 300 }, (_, id) => ({ id, title: `Task number ${id}`, completed: false })),
);

function ask(headers: Record<string, string>): Promise<Response> {
  return forward(browserRequest("/api/7/tasks", { cookie, headers }));
}

async function backendWithList(etag = 'W/"1"') {
  return backendStandIn((request, response) => {
    response.setHeader("etag", etag);
    if (request.headers["if-none-match"] === etag) return response.writeHead(304).end();
    response.setHeader("x-total-count", "300");
    return response.writeHead(200, { "content-type": "application/json" }).end(list);
  });
}

test.each([
  ["gzip", "gzip, deflate", gunzipSync],
  ["br", "gzip, deflate, br, zstd", brotliDecompressSync],
  ["gzip", "br;q=0, gzip", gunzipSync],
])("a list comes packed by %s where %j is taken", async (encoding, accepted, unpack) => {
  await backendWithList();
  const answer = await ask({ "accept-encoding": accepted });
  expect(answer.headers.get("content-encoding")).toBe(encoding);
  expect(answer.headers.get("vary")).toContain("accept-encoding");
  expect(answer.headers.get("x-total-count")).toBe("300");
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(bytes.length).toBeLessThan(list.length / 5);
  expect(unpack(bytes).toString()).toBe(list);
});

test.each(["", "identity", "gzip;q=0"])("and as it is where %j is taken", async (accepted) => {
  await backendWithList();
  const answer = await ask({ "accept-encoding": accepted });
  expect(answer.headers.has("content-encoding")).toBe(false);
  expect(await answer.text()).toBe(list);
});

test("a list that the browser has already does not come again", async () => {
  await backendWithList();
  const first = await ask({ "accept-encoding": "gzip" });
  const tag = first.headers.get("etag") ?? "";
  const again = await ask({ "accept-encoding": "gzip", "if-none-match": tag });
  expect(again.status).toBe(304);
  expect(again.headers.get("etag")).toBe(tag);
  expect(await again.text()).toBe("");
});

test("packed, a tag no longer promises the very same bytes", async () => {
  await backendWithList('"strong"');
  const answer = await ask({ "accept-encoding": "gzip" });
  expect(answer.headers.get("etag")).toBe('W/"strong"');
});

test("a small answer is not worth it", async () => {
  await backendStandIn((_, response) => {
    const body = '{"id":1}';
    response.setHeader("content-length", String(body.length));
    json(response, 200, { id: 1 });
  });
  const answer = await ask({ "accept-encoding": "gzip" });
  expect(answer.headers.has("content-encoding")).toBe(false);
  expect(await answer.json()).toEqual({ id: 1 });
});

test("an answer that breaks off on the way fails here too, and does not hang", async () => {
  await backendStandIn((_, response) => {
    response.writeHead(200, { "content-type": "application/json" }).write(list, () => {
      response.destroy();
    });
  });
  const answer = await ask({ "accept-encoding": "gzip" });
  await expect(answer.arrayBuffer()).rejects.toThrow();
});
