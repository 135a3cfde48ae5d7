/** What people read when the server refuses something. */
import { afterEach, expect, test, vi } from "vitest";
import { apiFetch, mayPass, onSignedOut } from "@/features/api/api-fetch";
import { backendStandIn, json } from "./stand-in";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

async function refusal(status: number, detail: unknown): Promise<Error> {
  const server = await backendStandIn((_, response) => {
    json(response, status, { detail });
  });
  const realFetch = fetch;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) =>
    realFetch(`http://127.0.0.1:${server.port}${path}`, init),
  );
  return apiFetch("POST", "/api/7/tasks", {}).then(
    () => new Error("nothing was refused"),
    (error: unknown) => error as Error,
  );
}

const english =
  "Value error, must be a text such as 2026-12-31T18:00:00Z, of the years 1970 to 8999";

test.each([
  [
    [{ loc: ["body", "due_at"], msg: english, type: "value_error" }],
    "A due date must be a day that exists, between the years 1970 and 8999.",
  ],
  [
    [
      { loc: ["body", "title"], msg: "Value error, must not be blank", type: "value_error" },
      { loc: ["body", "description"], msg: "too long", type: "string_too_long" },
    ],
    "A title has 1 to 200 characters. Notes have at most 1000 characters.",
  ],
  [
    [{ loc: ["body", "new_password"], msg: "String should …", type: "string_too_short" }],
    "A password has at least 8 characters.",
  ],
  [
    [{ loc: ["body", "password"], msg: "Choose …", type: "password_common" }],
    "Choose another password: many people use this one.",
  ],
  [
    [{ loc: ["body", "email"], msg: "The part after …", type: "email_address" }],
    "That is not an email address.",
  ],
  [
    [{ loc: ["body", "toString"], msg: "Field required", type: "missing" }],
    "Something in what you entered cannot be kept as it is. Change it and try again.",
  ],
])("a field's fault is told in words for people (%j)", async (detail, words) => {
  expect((await refusal(422, detail)).message).toBe(words);
});

test("the server's sentences for people are passed on", async () => {
  expect((await refusal(404, "There is no such task.")).message).toBe("There is no such task.");
});

test.each([
  [404, false],
  [422, false],
  [403, false],
  [429, true],
  [503, true],
])("what was refused with %i may pass later: %j", async (status, may) => {
  expect(mayPass(await refusal(status, "No."))).toBe(may);
});

test("that nobody is signed in any more is heard in one place, whatever was asked", async () => {
  let heard = 0;
  const end = onSignedOut(() => heard++);
  expect((await refusal(401, "Please sign in.")).message).toBe("Please sign in.");
  await refusal(403, "The current password is wrong.");
  expect(heard).toBe(1);
  end();
  await refusal(401, "Please sign in.");
  expect(heard).toBe(1);
});
