import type { IncomingMessage } from "node:http";
import { readSessionCookie, type Session } from "./session-cookie";

/** The session of the page that is being made; undefined when nobody is signed in. */
export function sessionOf(request: IncomingMessage): Session | undefined {
  return readSessionCookie(request.headers.cookie ?? null);
}
