import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { forward } from "@/server/forward";
import { LARGEST_BODY } from "@/server/request-body";
import { browserRequest, cookieOf, cookiePair, HOST, session } from "./browser";
import { backendStandIn, closedPort, json, Signal, askBackendAt } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
});

const signedIn = session();
const cookie = cookieOf(signedIn);
const tasks = "/api/7/tasks";

describe("a request that may pass", () => {
  test("reaches the back end in the person's name, and its answer comes back", async () => {
    const backend = await backendStandIn((_, response) => {
      response.setHeader("server", "uvicorn");
      response.setHeader("set-cookie", "inner=1");
      json(response, 201, { id: 1 });
    });
    const answer = await forward(
      browserRequest(`${tasks}?sort=title`, {
        method: "POST",
        cookie,
        body: '{"title":"Milk"}',
        headers: {
          "content-type": "application/json",
          "x-request-id": "abc-1",
          "x-time-zone": "Asia/Kolkata",
          authorization: "Bearer someone-else",
          "x-forwarded-for": "1.2.3.4",
        },
      }),
    );

    expect(answer.status).toBe(201);
    expect(await answer.json()).toEqual({ id: 1 });
    expect(answer.headers.get("x-request-id")).toBe("abc-1");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.has("server")).toBe(false);
    expect(answer.headers.has("set-cookie")).toBe(false);
    const [request] = backend.received;
    expect(request).toMatchObject({
      method: "POST",
      url: `${tasks}?sort=title`,
      body: '{"title":"Milk"}',
      headers: {
        authorization: `Bearer ${signedIn.token}`,
        "content-type": "application/json",
        "x-request-id": "abc-1",
        "x-time-zone": "Asia/Kolkata",
      },
    });
    expect(request?.headers.cookie).toBeUndefined();
    expect(request?.headers["x-forwarded-for"]).toBeUndefined();
  });

  test("is answered without a body where the back end sends none", async () => {
    await backendStandIn((_, response) => response.writeHead(204).end());
    const answer = await forward(browserRequest(`${tasks}/3`, { method: "DELETE", cookie }));
    expect(answer.status).toBe(204);
    expect(await answer.text()).toBe("");
  });

  test("streams: what the back end has said arrives while it is still speaking", async () => {
    const heard = new Signal();
    await backendStandIn(async (_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: first\n\n");
      await heard.given;
      response.end("data: second\n\n");
    });
    const answer = await forward(browserRequest(tasks, { cookie }));
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe("data: first\n\n");
    heard.give();
    expect((await reader?.read())?.value).toBe("data: second\n\n");
  });

  test("is given up at the back end when the browser leaves", async () => {
    const closed = new Signal();
    await backendStandIn((_, response) => {
      response.on("close", closed.give);
      response.writeHead(200).write("never ends");
    });
    const leaving = new AbortController();
    const answer = await forward(browserRequest(tasks, { cookie, signal: leaving.signal }));
    expect(answer.status).toBe(200);
    leaving.abort();
    await closed.given;
  });

  test("may carry a body too large to be held, which is streamed", async () => {
    const backend = await backendStandIn((_, response) => {
      json(response, 201, {});
    });
    const long = "x".repeat(300_000);
    const answer = await forward(browserRequest(tasks, { method: "POST", cookie, body: long }));
    expect(answer.status).toBe(201);
    expect(backend.received[0]?.body).toBe(long);
  });
});

describe("a request that may not pass never reaches the back end", () => {
  test.each([
    ["without a session", 401, browserRequest(tasks)],
    ["with an ended session", 401, browserRequest(tasks, { cookie: cookieOf(session(-1)) })],
    ["with a garbled session", 401, browserRequest(tasks, { cookie: "todo_session=e30" })],
    ["to an unlisted path", 404, browserRequest("/api/metrics", { cookie })],
    ["that climbs", 404, browserRequest("/api/..%2f..%2fmetrics/tasks", { cookie })],
    ["to one with an escaped slash", 404, browserRequest("/api/7%2f8/tasks", { cookie })],
    ["with another method", 405, browserRequest(`${tasks}/1`, { method: "PATCH", cookie })],
    [
      "from another site",
      403,
      browserRequest(tasks, { method: "POST", cookie, origin: "http://evil.example" }),
    ],
    ["without an origin", 403, browserRequest(tasks, { method: "POST", cookie, origin: null })],
    [
      "that says it is too large",
      413,
      browserRequest(tasks, {
        method: "POST",
        cookie,
        body: "x",
        headers: { "content-length": String(LARGEST_BODY + 1) },
      }),
    ],
  ])("%s: %i", async (_, status, request) => {
    const backend = await backendStandIn((_request, response) => response.end());
    const answer = await forward(request);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ detail: expect.any(String) as string });
    expect(backend.received).toHaveLength(0);
  });

  test("and one that turns out too large is cut off", async () => {
    const backend = await backendStandIn((_, response) => response.end());
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(128 * 1024));
      },
    });
    const answer = await forward(browserRequest(tasks, { method: "POST", cookie, body }));
    expect(answer.status).toBe(413);
    expect(backend.received).toHaveLength(0);
  });
});

test("the configured public address is an origin of this site too", async () => {
  await backendStandIn((_, response) => {
    json(response, 201, {});
  });
  const request = () =>
    browserRequest(tasks, { method: "POST", cookie, origin: "https://todo.example.org" });
  expect((await forward(request())).status).toBe(403);
  vi.stubEnv("PUBLIC_URL", "https://todo.example.org/");
  expect((await forward(request())).status).toBe(201);
});

test("a session that the back end no longer knows is forgotten by the browser", async () => {
  await backendStandIn((_, response) => {
    json(response, 401, { detail: "Please sign in." });
  });
  const answer = await forward(browserRequest(tasks, { cookie }));
  expect(answer.status).toBe(401);
  expect(answer.headers.get("set-cookie")).toContain("todo_session=; ");
  expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
});

describe("a session whose access token is over", () => {
  const asleep = cookieOf(session(-600, "sid.first"));

  test("is renewed on the way, and the browser is given the new tokens", async () => {
    const next = session(30, "sid.second");
    const backend = await backendStandIn((request, response) => {
      const body = { access_token: next.token, refresh_token: next.refreshToken };
      json(response, 200, request.url === "/auth/refresh" ? body : []);
    });
    const answer = await forward(browserRequest(tasks, { cookie: asleep }));
    expect(answer.status).toBe(200);
    expect(backend.received.map(({ url }) => url)).toEqual(["/auth/refresh", tasks]);
    expect(backend.received[1]?.headers.authorization).toBe(`Bearer ${next.token}`);
    expect(cookiePair(answer.headers.get("set-cookie"))).toBe(cookieOf(next));
  });

  test("and that was ended elsewhere is told so, and forgotten", async () => {
    const backend = await backendStandIn((_, response) => {
      json(response, 401, { detail: "over" });
    });
    const answer = await forward(browserRequest(tasks, { cookie: asleep }));
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "session_ended" });
    expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
    expect(backend.received).toHaveLength(1);
  });

  test("is kept while the back end cannot renew it", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    await backendStandIn((_, response) => {
      json(response, 503, { detail: "The database cannot be reached right now." });
    });
    const answer = await forward(browserRequest(tasks, { cookie: asleep }));
    expect(answer.status).toBe(502);
    expect(answer.headers.has("set-cookie")).toBe(false);
    log.mockRestore();
  });
});

test("over https, pages of the same host that came by http may not act", async () => {
  await backendStandIn((_, response) => {
    json(response, 201, {});
  });
  const request = (origin: string) =>
    browserRequest(tasks, {
      method: "POST",
      cookie,
      origin,
      headers: { "x-forwarded-proto": "https" },
    });
  expect((await forward(request(`http://${HOST}`))).status).toBe(403);
  expect((await forward(request(`https://${HOST}`))).status).toBe(201);
});

describe("deleting the account", () => {
  const remove = () =>
    forward(browserRequest("/api/account/delete", { method: "POST", cookie, body: "{}" }));

  test("ends the session in the browser too", async () => {
    await backendStandIn((_, response) => response.writeHead(204).end());
    expect((await remove()).headers.get("set-cookie")).toContain("Max-Age=0");
  });

  test("with a wrong password ends nothing", async () => {
    await backendStandIn((_, response) => {
      json(response, 403, { detail: "The current password is wrong." });
    });
    const answer = await remove();
    expect(answer.status).toBe(403);
    expect(answer.headers.has("set-cookie")).toBe(false);
  });
});

test("signing out everywhere ends the session in this browser too, the list of sign-ins does not", async () => {
  await backendStandIn((_, response) => response.writeHead(204).end());
  const ask = (method: string, path = "/api/account/sign-ins") =>
    forward(browserRequest(path, { method, cookie }));
  expect((await ask("DELETE")).headers.get("set-cookie")).toContain("Max-Age=0");
  expect((await ask("GET")).headers.has("set-cookie")).toBe(false);
  const one = "/api/account/sign-ins/2f1c0a52-9f5b-4f0c-8f2e-6f3f5f1f2a11";
  expect((await ask("DELETE", one)).headers.has("set-cookie")).toBe(false);
});

test("how many there are in all passes beside a page of them", async () => {
  await backendStandIn((_, response) => {
    response.setHeader("x-total-count", "12");
    json(response, 200, []);
  });
  const answer = await forward(browserRequest("/api/conversations?limit=5", { cookie }));
  expect(answer.headers.get("x-total-count")).toBe("12");
});

describe("when the back end is away", () => {
  test("the answer is 502, in words for people, without inner addresses", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const port = await closedPort();
    askBackendAt(port);
    const answer = await forward(browserRequest(tasks, { cookie }));
    expect(answer.status).toBe(502);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ code: "backend_unreachable" });
    expect(text).not.toContain(String(port));
    const id = answer.headers.get("x-request-id") ?? "none";
    expect(log.mock.calls[0]?.[0]).toContain(id);
    expect(log.mock.calls[0]?.[0]).toContain("ECONNREFUSED");
    log.mockRestore();
  });

  test("what was not sent yet is tried again, whatever the method", async () => {
    const port = await closedPort();
    askBackendAt(port);
    const answering = forward(browserRequest(tasks, { method: "POST", cookie, body: "{}" }));
    await sleep(20);
    const backend = await backendStandIn((_, response) => {
      json(response, 201, {});
    }, port);
    expect((await answering).status).toBe(201);
    expect(backend.received[0]?.body).toBe("{}");
  });

  test.each([
    ["GET", 200, 2],
    ["PUT", 200, 2],
    ["POST", 502, 1],
  ])(
    "a connection that breaks under %s ends in %i after %i attempts",
    async (method, status, n) => {
      const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
      let first = true;
      const backend = await backendStandIn((_, response) => {
        if (first) response.destroy();
        else json(response, 200, {});
        first = false;
      });
      const path = method === "PUT" ? `${tasks}/1` : tasks;
      const init = method === "GET" ? { cookie } : { method, cookie, body: '{"title":"a"}' };
      const answer = await forward(browserRequest(path, init));
      expect(answer.status).toBe(status);
      expect(backend.received).toHaveLength(n);
      if (method === "PUT") expect(backend.received[1]?.body).toBe('{"title":"a"}');
      log.mockRestore();
    },
  );
});

describe("connections do not tie the front end to one pod", () => {
  test("none carries more than 100 requests", async () => {
    const backend = await backendStandIn((_, response) => {
      json(response, 200, []);
    });
    for (let count = 0; count < 250; count++) {
      await (await forward(browserRequest(tasks, { cookie }))).text();
    }
    expect(backend.received).toHaveLength(250);
    expect(Math.max(...backend.connections.values())).toBeLessThanOrEqual(100);
    // They are used again all the same.
    expect(backend.connections.size).toBeLessThan(50);
  });

  test("none is used for long, even when it is never idle", async () => {
    const backend = await backendStandIn((_, response) => {
      json(response, 200, []);
    });
    for (let count = 0; count < 50; count++) {
      await (await forward(browserRequest(tasks, { cookie }))).text();
      await sleep(100);
    }
    expect(backend.connections.size).toBeGreaterThan(1);
  });
});

test.each([
  ["BACKEND_URL", { BACKEND_URL: "http://a:1/", NEXT_PUBLIC_API_URL: "http://b:2" }, "http://a:1"],
  ["the seed's name", { BACKEND_URL: "", NEXT_PUBLIC_API_URL: "http://b:2/x/" }, "http://b:2/x"],
  ["the Service's name", { BACKEND_URL: "", NEXT_PUBLIC_API_URL: "" }, "http://backend:8000"],
])("the back end's address is read at each call: %s", async (_, environment, address) => {
  const { backendUrl } = await import("@/server/environment");
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  expect(backendUrl()).toBe(address);
});
