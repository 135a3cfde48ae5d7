/** `/mcp`: what other programs' assistants send, on its way to the MCP server. */
import { afterEach, describe, expect, test, vi } from "vitest";
import { forwardMcp } from "@/server/forward-mcp";
import { LARGEST_BODY } from "@/server/request-body";
import { browserRequest, cookieOf, session } from "./browser";
import { backendStandIn, json, Signal } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
});

const CALL = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';

function mcp(method = "POST", headers: Record<string, string> = {}): Request {
  return browserRequest("/mcp", {
    method,
    headers: {
      accept: "application/json, text/event-stream",
      "content-type": "application/json",
      ...headers,
    },
    ...(method === "POST" ? { body: CALL } : {}),
  });
}

test("the client's token and protocol headers pass, and the answer comes back", async () => {
  const backend = await backendStandIn((_, response) => {
    response.setHeader("mcp-session-id", "s1");
    json(response, 200, { jsonrpc: "2.0", id: 1, result: {} });
  });
  const answer = await forwardMcp(
    mcp("POST", { authorization: "Bearer todo_x", "mcp-protocol-version": "2025-11-25" }),
  );
  expect(await answer.json()).toMatchObject({ id: 1 });
  expect(answer.headers.get("mcp-session-id")).toBe("s1");
  expect(backend.received[0]).toMatchObject({
    method: "POST",
    url: "/mcp",
    body: CALL,
    headers: { authorization: "Bearer todo_x", "mcp-protocol-version": "2025-11-25" },
  });
});

test.each(["POST", "GET", "DELETE"])("%s never carries the browser's session", async (method) => {
  const backend = await backendStandIn((_, response) => {
    response.setHeader("www-authenticate", 'Bearer realm="mcp"');
    response.setHeader("set-cookie", "inner=1");
    json(response, 401, { detail: "No token." });
  });
  const signedIn = session();
  const answer = await forwardMcp(mcp(method, { cookie: cookieOf(signedIn) }));
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toContain("Bearer");
  expect(answer.headers.has("set-cookie")).toBe(false);
  expect(JSON.stringify(backend.received)).not.toContain(signedIn.token);
  expect(backend.received[0]?.headers).not.toHaveProperty("cookie");
  expect(backend.received[0]?.headers).not.toHaveProperty("authorization");
});

test("a stream of answers passes as it comes, and ends when the client leaves", async () => {
  const left = new Signal();
  await backendStandIn((_, response) => {
    response.on("close", left.give);
    response.writeHead(200, { "content-type": "text/event-stream" }).write("data: {}\n\n");
  });
  const leaving = new AbortController();
  const request = browserRequest("/mcp", { method: "POST", body: CALL, signal: leaving.signal });
  const answer = await forwardMcp(request);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe("data: {}\n\n");
  leaving.abort();
  await left.given;
});

describe("what it refuses by itself", () => {
  test("other methods", async () => {
    const answer = await forwardMcp(mcp("PUT"));
    expect(answer.status).toBe(405);
    expect(answer.headers.get("allow")).toBe("POST, GET, DELETE");
  });

  test("a body that is too large", async () => {
    const backend = await backendStandIn((_, response) => response.end());
    const answer = await forwardMcp(mcp("POST", { "content-length": String(LARGEST_BODY + 1) }));
    expect(answer.status).toBe(413);
    expect(backend.received).toHaveLength(0);
  });
});

test("MCP_URL names a server of its own", async () => {
  const server = await backendStandIn((_, response) => {
    json(response, 200, {});
  });
  vi.stubEnv("BACKEND_URL", "http://127.0.0.1:9");
  vi.stubEnv("MCP_URL", `http://127.0.0.1:${server.port}/inner/mcp/`);
  expect((await forwardMcp(mcp())).status).toBe(200);
  expect(server.received[0]?.url).toBe("/inner/mcp");
});
