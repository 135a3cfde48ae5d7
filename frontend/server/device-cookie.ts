/**
 * What remembers that somebody has signed in on this device before, beyond the end of the session.
 *
 * It opens nothing. The back end slows down whoever guesses at an account's password; who brings
 * this along is not held up by the guesses of others.
 */
import { isHttps, type ReadHeader } from "./https";

const NAME = "todo_device";

/** Seconds: 400 days, the longest that browsers keep a cookie. */
const LIFE = 400 * 24 * 3600;

export function readDevice(header: ReadHeader): string | undefined {
  const pairs = header("cookie")?.split(/;\s*/) ?? [];
  const value = pairs.find((pair) => pair.startsWith(`${NAME}=`))?.slice(NAME.length + 1);
  return value !== undefined && isToken(value) ? value : undefined;
}

/** The `Set-Cookie` values that keep the back end's `device_token`, if its answer has one. */
export function keepDevice(header: ReadHeader, token: unknown): string[] {
  if (typeof token !== "string" || !isToken(token)) return [];
  const secure = isHttps(header) ? "; Secure" : "";
  // For signing in alone.
  return [`${NAME}=${token}; Path=/session; HttpOnly; SameSite=Strict; Max-Age=${LIFE}${secure}`];
}

function isToken(value: string): boolean {
  return /^[\w-]{1,100}$/.test(value);
}
