import { afterEach, describe, expect, test, vi } from "vitest";
import { closeSession, openSession, showSession } from "@/server/session";
import { browserRequest, cookieOf, cookiePair, HOST, session, token } from "./browser";
import { backendStandIn, closedPort, json, askBackendAt } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
});

function signIn(fields: object = {}, origin?: string | null, headers?: Record<string, string>) {
  const body = JSON.stringify({
    mode: "sign-in",
    email: "Ada@Example.org",
    password: "correct horse",
    ...fields,
  });
  return openSession(
    browserRequest("/session", {
      method: "POST",
      body,
      headers: { "user-agent": "Firefox on a laptop", ...headers },
      ...(origin === undefined ? {} : { origin }),
    }),
  );
}

describe("signing in and up", () => {
  test.each([
    ["sign-in", "/auth/login"],
    ["sign-up", "/auth/register"],
  ])("%s asks %s and keeps the token where scripts cannot read it", async (mode, path) => {
    const issued = token();
    const backend = await backendStandIn((_, response) => {
      json(response, 200, { access_token: issued, token_type: "bearer", user_id: 7 });
    });
    const answer = await signIn({ mode });

    expect(answer.status).toBe(200);
    const text = await answer.clone().text();
    expect(text).not.toContain(issued);
    expect(await answer.json()).toMatchObject({ user_id: "7", email: "ada@example.org" });
    expect(backend.received[0]?.url).toBe(path);
    expect(JSON.parse(backend.received[0]?.body ?? "")).toEqual({
      email: "Ada@Example.org",
      password: "correct horse",
    });
    const setCookie = answer.headers.get("set-cookie") ?? "";
    // Until the token ends, which is some moments less than half an hour by now.
    expect(setCookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=(1800|17\d\d)$/);

    const shown = await showSession(browserRequest("/session", { cookie: cookiePair(setCookie) }));
    expect(shown.status).toBe(200);
    expect(await shown.json()).toMatchObject({ user_id: "7" });
  });

  test("the browser keeps the session for weeks, and is told nothing but tokens to keep", async () => {
    const issued = token();
    const ends = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString();
    const backend = await backendStandIn((_, response) => {
      json(response, 200, {
        access_token: issued,
        refresh_token: "sid.first",
        user_id: "7",
        session_expires_at: ends,
      });
    });
    const answer = await signIn();
    const setCookie = answer.headers.get("set-cookie") ?? "";
    expect(setCookie).toMatch(/Max-Age=(2592000|2591999)$/);
    const [, value = ""] = cookiePair(setCookie).split("=");
    expect(JSON.parse(Buffer.from(value, "base64url").toString())).toEqual({
      token: issued,
      refresh: "sid.first",
    });
    expect(await answer.text()).not.toContain("sid.first");
    expect(backend.received[0]?.headers["user-agent"]).toBe("Firefox on a laptop");
  });

  test.each([
    ["nothing says https", {}, undefined, false],
    ["the public address is http", {}, "http://todo.example.org", false],
    ["the public address is https", {}, "https://todo.example.org", true],
    ["a proxy says https", { "x-forwarded-proto": "https, http" }, undefined, true],
    ["a proxy says http", { "x-forwarded-proto": "http" }, undefined, false],
  ])("where %s, Secure and bound to this host: %j", async (_, headers, publicUrl, secure) => {
    await backendStandIn((_request, response) => {
      json(response, 200, { access_token: token(), user_id: "7" });
    });
    if (publicUrl !== undefined) vi.stubEnv("PUBLIC_URL", publicUrl);
    const scheme = "x-forwarded-proto" in headers && secure ? "https" : "http";
    const [kept = "", dropped] = (
      await signIn({}, `${scheme}://${HOST}`, headers)
    ).headers.getSetCookie();
    expect(kept.startsWith("__Host-todo_session=")).toBe(secure);
    expect(kept.endsWith("; Secure")).toBe(secure);
    // The cookie of the time before https would otherwise be there for ever.
    expect(dropped?.startsWith("todo_session=; ") ?? false).toBe(secure);
    const again = browserRequest("/session", { cookie: cookiePair(kept), headers });
    expect((await showSession(again)).status).toBe(200);
  });

  test("a device that somebody signed in on is known again after signing out", async () => {
    const backend = await backendStandIn((_, response) => {
      json(response, 200, { access_token: token(), device_token: "known-here" });
    });
    const [, kept = ""] = (await signIn()).headers.getSetCookie();
    expect(kept).toMatch(
      /^todo_device=known-here; Path=\/session; HttpOnly; SameSite=Strict; Max-Age=34560000$/,
    );
    await signIn({}, undefined, { cookie: cookiePair(kept) });
    expect(JSON.parse(backend.received[1]?.body ?? "")).toEqual({
      email: "Ada@Example.org",
      password: "correct horse",
      device_token: "known-here",
    });
    await signIn({ mode: "sign-up" }, undefined, { cookie: "todo_device=a b" });
    expect(backend.received[2]?.body).not.toContain("device");
  });

  test("a refusal comes through in the back end's words, without a cookie", async () => {
    await backendStandIn((_, response) => {
      response.setHeader("retry-after", "60");
      json(response, 429, { detail: "Too many tries." });
    });
    const answer = await signIn();
    expect(answer.status).toBe(429);
    expect(answer.headers.get("retry-after")).toBe("60");
    expect(answer.headers.has("set-cookie")).toBe(false);
    expect(await answer.json()).toEqual({ detail: "Too many tries." });
  });

  test.each([
    ["an unknown mode", { mode: "sudo" }, undefined, 422],
    ["a password that is no text", { password: 1 }, undefined, 422],
    ["another site", {}, "http://evil.example", 403],
    ["no origin", {}, null, 403],
  ])("%s is refused without asking", async (_, fields, origin, status) => {
    const backend = await backendStandIn((_request, response) => response.end());
    expect((await signIn(fields, origin)).status).toBe(status);
    expect(backend.received).toHaveLength(0);
  });

  test.each(["<html>", "[]", "{}", '{"access_token":"x","user_id":7}'])(
    "a senseless answer (%s) signs nobody in",
    async (body) => {
      await backendStandIn((_, response) => response.end(body));
      const answer = await signIn();
      expect(answer.status).toBe(502);
      expect(answer.headers.has("set-cookie")).toBe(false);
    },
  );

  test("a back end that is away is 502", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    askBackendAt(await closedPort());
    expect((await signIn()).status).toBe(502);
    expect(log.mock.calls[0]?.[0]).not.toContain("correct horse");
    log.mockRestore();
  });
});

describe("a session that is in use", () => {
  test("is renewed once half of its life is over, not before", async () => {
    const renewed = token(30);
    const backend = await backendStandIn((_, response) => {
      json(response, 200, { access_token: renewed, user_id: "7" });
    });
    const fresh = cookieOf(session(16));
    const unchanged = await showSession(browserRequest("/session", { cookie: fresh }));
    expect(backend.received).toHaveLength(0);
    expect(unchanged.headers.has("set-cookie")).toBe(false);

    const old = session(14);
    const answer = await showSession(browserRequest("/session", { cookie: cookieOf(old) }));
    expect(backend.received[0]).toMatchObject({
      method: "POST",
      url: "/auth/refresh",
      headers: { authorization: `Bearer ${old.token}` },
    });
    expect(cookiePair(answer.headers.get("set-cookie"))).toBe(cookieOf({ ...old, token: renewed }));
  });

  test("is taken up again after a night, with its refresh token, once for all who ask", async () => {
    const next = token();
    const ends = new Date(Date.now() + 3600 * 1000).toISOString();
    const backend = await backendStandIn((_, response) => {
      const body = { access_token: next, refresh_token: "sid.second", session_expires_at: ends };
      setTimeout(() => {
        json(response, 200, body);
      }, 50);
    });
    const cookie = cookieOf(session(-600, "sid.first"));
    const answers = await Promise.all(
      [1, 2, 3].map(() => showSession(browserRequest("/session", { cookie }))),
    );
    expect(backend.received).toHaveLength(1);
    expect(backend.received[0]).toMatchObject({ method: "POST", url: "/auth/refresh" });
    expect(JSON.parse(backend.received[0]?.body ?? "")).toEqual({ refresh_token: "sid.first" });
    for (const answer of answers) {
      expect(answer.status).toBe(200);
      const pair = cookiePair(answer.headers.get("set-cookie"));
      expect(pair).toBe(cookieOf({ token: next, refreshToken: "sid.second" }));
    }
  });

  test("is not lost when the back end is away in the morning", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    askBackendAt(await closedPort());
    const cookie = cookieOf(session(-600, "sid.first"));
    const answer = await showSession(browserRequest("/session", { cookie }));
    expect(answer.status).toBe(502);
    expect(answer.headers.has("set-cookie")).toBe(false);
    log.mockRestore();
  });

  test("goes on with what is left of it while the back end is away", async () => {
    askBackendAt(await closedPort());
    const cookie = cookieOf(session(14));
    const answer = await showSession(browserRequest("/session", { cookie }));
    expect(answer.status).toBe(200);
    expect(answer.headers.has("set-cookie")).toBe(false);
  });

  test("ends when the back end will not renew it", async () => {
    await backendStandIn((_, response) => {
      json(response, 401, { detail: "over" });
    });
    const cookie = cookieOf(session(14));
    const answer = await showSession(browserRequest("/session", { cookie }));
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "session_ended" });
    expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  test.each(["", "todo_session=", "todo_session=%%%", "todo_session=bnVsbA"])(
    "is not made of nonsense: %j",
    async (cookie) => {
      expect((await showSession(browserRequest("/session", { cookie }))).status).toBe(401);
    },
  );
});

describe("signing out", () => {
  const cookie = cookieOf(session());
  const request = (origin?: string) =>
    browserRequest("/session", {
      method: "DELETE",
      cookie,
      ...(origin === undefined ? {} : { origin }),
    });

  test("revokes the session at the back end and removes the cookie", async () => {
    const backend = await backendStandIn((_, response) => response.writeHead(204).end());
    const answer = await closeSession(request());
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
    expect(backend.received[0]).toMatchObject({ method: "POST", url: "/auth/logout" });
    expect(backend.received[0]?.headers.authorization).toMatch(/^Bearer /);
  });

  test("ends a session by its refresh token, whose access token may be over", async () => {
    const backend = await backendStandIn((_, response) => response.writeHead(204).end());
    const asleep = cookieOf(session(-600, "sid.first"));
    await closeSession(browserRequest("/session", { method: "DELETE", cookie: asleep }));
    expect(JSON.parse(backend.received[0]?.body ?? "")).toEqual({ refresh_token: "sid.first" });
  });

  test("removes the cookie although the back end is away", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
    askBackendAt(await closedPort());
    const answer = await closeSession(request());
    expect(answer.status).toBe(204);
    expect(answer.headers.get("set-cookie")).toContain("Max-Age=0");
    log.mockRestore();
  });

  test("cannot be done by another site", async () => {
    const backend = await backendStandIn((_, response) => response.end());
    expect((await closeSession(request("http://evil.example"))).status).toBe(403);
    expect(backend.received).toHaveLength(0);
  });
});
