import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { noteWithoutScript, signedIn } from "@/server/current-session";
import { cookieOf, cookiePair, session } from "./browser";
import { askBackendAt, backendStandIn, closedPort, json } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Asks for a page in a browser that sends `cookie`; the page shows for whom it was made. */
async function openPage(cookie: string, page = "/tasks"): Promise<Response> {
  const server = createServer((req, res) => {
    void signedIn({ req: Object.assign(req, { cookies: {} }), res, resolvedUrl: page }).then(
      (who) => {
        res.end(JSON.stringify(who));
      },
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/`, { headers: { cookie } });
}

function redirectTo(destination: string) {
  return { redirect: { destination, permanent: false } };
}

describe("a page for people who are signed in", () => {
  const asleep = cookieOf(session(-600, "sid.first"));

  test("is made at once while the access token lives", async () => {
    const backend = await backendStandIn((_, response) => response.end());
    const fresh = session(30, "sid.first");
    const page = await openPage(cookieOf(fresh));
    expect(await page.json()).toEqual({ userId: "7", token: fresh.token });
    expect(page.headers.has("set-cookie")).toBe(false);
    expect(backend.received).toHaveLength(0);
  });

  test("is made after a night too, with new tokens", async () => {
    const next = session(30, "sid.second");
    await backendStandIn((_, response) => {
      json(response, 200, { access_token: next.token, refresh_token: next.refreshToken });
    });
    const page = await openPage(asleep);
    expect(await page.json()).toEqual({ userId: "7", token: next.token });
    expect(cookiePair(page.headers.get("set-cookie"))).toBe(cookieOf(next));
  });

  test("leads to the sign-in page, which says so, when the session has really ended", async () => {
    await backendStandIn((_, response) => {
      json(response, 401, { detail: "over" });
    });
    const page = await openPage(asleep, "/tasks?view=today");
    expect(await page.json()).toEqual(redirectTo("/sign-in?ended&next=%2Ftasks%3Fview%3Dtoday"));
    expect(page.headers.get("set-cookie")).toContain("Max-Age=0");
  });

  test("leads to the sign-in page, which says nothing, when nobody was signed in", async () => {
    expect(await (await openPage("")).json()).toEqual(redirectTo("/sign-in"));
    expect(await (await openPage("", "/account")).json()).toEqual(
      redirectTo("/sign-in?next=%2Faccount"),
    );
  });

  test("is made while the back end is away, and the session is kept", async () => {
    askBackendAt(await closedPort());
    const page = await openPage(asleep);
    expect(await page.json()).toMatchObject({ userId: "7" });
    expect(page.headers.has("set-cookie")).toBe(false);
  });
});

test("a form that a browser sent by itself, without the page's script, is told what is missing", async () => {
  const server = createServer((req, res) => {
    res.end(noteWithoutScript({ req: Object.assign(req, { cookies: {} }), res }) ?? "nothing");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const sent = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "email=a" });
  expect(sent.status).toBe(405);
  expect(await sent.text()).toContain("JavaScript");
  const shown = await fetch(`http://127.0.0.1:${port}/`);
  expect([shown.status, await shown.text()]).toEqual([200, "nothing"]);
});
