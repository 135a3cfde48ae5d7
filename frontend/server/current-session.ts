import { headers } from "next/headers";
import { readSessionCookie, type Session } from "./session-cookie";

/** The session of the page that is being rendered; undefined when nobody is signed in. */
export async function currentSession(): Promise<Session | undefined> {
  return readSessionCookie((await headers()).get("cookie"));
}
