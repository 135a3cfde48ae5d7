import { createHmac } from "node:crypto";

import type { User } from "../../live/support/user";

/** What a token says, in seconds since 1970 where it is a time. */
export interface Claims {
  sub: string;
  sid: string;
  iat: number;
  exp: number;
  nbf?: number;
}

/** The session that the browser keeps: its cookie's name, and what is in it. */
interface Session {
  token: string;
  refresh?: string;
}

const name = "todo_session";

function sessionOf(user: User): Session {
  const value = user.cookies.slice(name.length + 1);
  return JSON.parse(Buffer.from(value, "base64url").toString("utf8")) as Session;
}

/** What a signed-in user's token says. */
export function claimsOf(user: User): Claims {
  const [, claims = ""] = sessionOf(user).token.split(".");
  return JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as Claims;
}

/**
 * A user's cookie with other claims, signed with the stack's own secret: a clock that is wrong, not a forgery. It has no
 * refresh token, or the front end would put the wrong token right.
 */
export function cookieWith(claims: object, secret: string): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const signed = `${encode({ alg: "HS256", typ: "JWT" })}.${encode(claims)}`;
  const signature = createHmac("sha256", secret).update(signed).digest("base64url");
  return `${name}=${encode({ token: `${signed}.${signature}` })}`;
}

/** Asks for the user's tasks with a cookie of the caller's. */
export async function tasksWith(url: string, user: User, cookie: string): Promise<Response> {
  return fetch(new URL(`/api/${claimsOf(user).sub}/tasks`, url), {
    headers: { cookie, origin: url },
    signal: AbortSignal.timeout(20_000),
  });
}
