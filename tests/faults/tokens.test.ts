import assert from "node:assert/strict";

import { sharedStack, type Stack } from "./support/stack";
import { type Claims, claimsOf, cookieWith, tasksWith } from "./support/token";

const hour = 3600;

interface Skew {
  /** What a clock that is wrong makes of a token. */
  what: string;
  changed: (claims: Claims, now: number) => Claims;
  status: number;
}

/** All signed with the stack's own secret, for a sign-in that is alive. */
const skews: Skew[] = [
  {
    what: "ended a second ago",
    changed: (claims, now) => ({ ...claims, iat: now - hour, exp: now - 1 }),
    status: 401,
  },
  {
    what: "begins in an hour",
    changed: (claims, now) => ({ ...claims, nbf: now + hour }),
    status: 401,
  },
  {
    // Two pods' clocks never agree to the second: who just signed in must not be sent back.
    what: "was issued by a clock that is a minute ahead",
    changed: (claims, now) => ({ ...claims, iat: now + 60, exp: now + hour }),
    status: 200,
  },
  {
    what: "ends after the calendar does",
    changed: (claims) => ({ ...claims, exp: 1e15 }),
    status: 401,
  },
];

describe("tokens of clocks that are wrong", function () {
  this.timeout(60_000);
  let stack: Stack;
  let secret = "";

  before(async function () {
    this.timeout(30 * 60_000);
    stack = await sharedStack();
    secret = await stack.secret("todo-secrets", "jwt-secret");
  });

  for (const { what, changed, status } of skews) {
    it(`answers ${status} to a token that ${what}, and its owner goes on after signing in`, async () => {
      const [user] = await stack.users(1);
      assert.ok(user);
      await user.addTask("kept");
      const claims = changed(claimsOf(user), Math.floor(Date.now() / 1000));
      const answer = await tasksWith(stack.url, user, cookieWith(claims, secret));
      assert.equal(answer.status, status, await answer.text());
      await user.signIn();
      assert.deepEqual(
        (await user.tasks()).map(({ title }) => title),
        ["kept"],
      );
    });
  }

  it("does not take a token for years to come from somebody who signed out", async () => {
    const [user] = await stack.users(1);
    assert.ok(user);
    const claims = claimsOf(user);
    const later = { ...claims, exp: claims.exp + 10 * 365 * 24 * hour };
    const cookie = cookieWith(later, secret);
    assert.equal((await tasksWith(stack.url, user, cookie)).status, 200);
    const out = await fetch(new URL("/session", stack.url), {
      method: "DELETE",
      headers: { cookie: user.cookies, origin: stack.url },
    });
    assert.ok(out.ok, `signing out: ${out.status}`);
    assert.equal((await tasksWith(stack.url, user, cookie)).status, 401);
  });
});
